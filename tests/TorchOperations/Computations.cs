using TorchSharp;
using static TorchSharp.torch;

namespace Latent.TorchOperations;

/// <summary>Every computation by name. What comes out is arrays, so that those of two engines can be compared in one process.</summary>
public static class Computations
{
    private static readonly Dictionary<string, Dictionary<string, Func<IEnumerable<Result>>>> s_groups = new()
    {
        ["operations"] = Cases.All.GroupBy(c => c.Op).ToDictionary(g => g.Key, g => (Func<IEnumerable<Result>>)(() => g.SelectMany(Run))),
        ["modules"] = ModuleRuns.All,
        ["optimizers"] = OptimizerRuns.All,
        ["random"] = RandomDraws.All,
        ["initialisers"] = Initialisers.All,
        ["training"] = TrainingRuns.All,
    };

    /// <summary>Loads libtorch for the TorchSharp assembly that this one sees.</summary>
    /// <returns>Why it can't be loaded, or null.</returns>
    public static string? LoadLibtorch(string[] folders) =>
        new Models.LibtorchLoader(typeof(torch).Assembly, folders, Models.LibraryCopy.CacheFolder).Load();

    /// <summary>Gets what the engine calls itself.</summary>
    public static string Engine() => typeof(torch).Assembly.GetName().FullName;

    /// <summary>Gets the names of a group's computations.</summary>
    public static string[] Names(string group) => [.. s_groups[group].Keys];

    /// <summary>Computes.</summary>
    /// <returns>Arrays of float, long or string by name; an error is one too.</returns>
    public static Result[] Run(string group, string name)
    {
        using var scope = NewDisposeScope();
        return [.. s_groups[group][name]()];
    }

    private static IEnumerable<Result> Run(Case test, int index)
    {
        var large = test.Inputs.Any(i => i.Values.Length > 10_000);
        foreach (var layout in large ? [Layout.Rows] : Enum.GetValues<Layout>())
        {
            var name = $"{test.Op}[{string.Join(", ", test.Inputs.Select(i => $"({string.Join(", ", i.Shape)})"))}] #{index} {layout}";
            foreach (var value in Run(test, layout, name))
                yield return value;
        }
    }

    private static IEnumerable<Result> Run(Case test, Layout layout, string name)
    {
        using var scope = NewDisposeScope();
        try
        {
            var inputs = test.Inputs.Select((input, i) => input.Make(layout, test.Gradients.Contains(i))).ToArray();
            var output = Operations.All[test.Op]([.. inputs.Select(i => i.View)], test.Arguments);
            List<Result> values = [Value.Of(name, output)];
            if (!output.requires_grad)
                return values;
            (output * Weights(output)).sum().backward();
            foreach (var i in test.Gradients)
                values.Add(Value.Of($"{name}, gradient {i}", inputs[i].Leaf.grad ?? zeros(inputs[i].Leaf.shape)));
            return values;
        }
        catch (Exception e)
        {
            return [Value.Of($"{name} throws", [e.GetType().Name])];
        }
    }

    private static Tensor Weights(Tensor output) => new Draw(3).Normal(output.shape).Make(Layout.Rows, false).View;
}
