using System.Text;

namespace Latent.ManagedTorch.Tests.Parity;

/// <summary>The managed engine computes what libtorch computes in the same process, and a table says how far they are apart.</summary>
public class LibtorchTests(ITestOutputHelper output)
{
    // What sums many terms sums them in another order.
    private static readonly string[] _sums =
    [
        "mm",
        "conv",
        "sum",
        "mean",
        "Linear, large",
        "BatchNorm",
        "group_norm",
        "Conv",
        "Sequential",
    ];

    // These go through logarithms and cosines; every other draw is the same to the bit.
    private static readonly string[] _normal = ["normal", "randn", "mixed"];

    [Theory]
    [InlineData("operations", 80)]
    [InlineData("modules", 30)]
    [InlineData("optimizers", 9)]
    [InlineData("random", 13)]
    [InlineData("initialisers", 8)]
    [InlineData("training", 2)]
    public void Both_engines_compute_the_same(string group, int atLeast)
    {
        Assert.SkipUnless(Paths.NativeFolders.Length > 0, "There is no package of libtorch for this system.");
        var names = EngineContext.Libtorch.Names(group);
        Assert.True(names.Length >= atLeast, $"Only {names.Length} of the {group} are compared.");
        var table = new StringBuilder($"{group, -32} arrays   forward: absolute relative   backward: absolute relative  tolerance\n");
        List<string> wrong = [];
        foreach (var name in names)
        {
            var (expected, actual) = (EngineContext.Libtorch.Run(group, name), EngineContext.Managed.Run(group, name));
            var sums = group == "training" || name == "norm" || _sums.Any(s => name.StartsWith(s, StringComparison.Ordinal));
            var exact = group == "random" && !_normal.Any(n => name.Contains(n, StringComparison.OrdinalIgnoreCase));
            var tolerance =
                exact ? 0
                : sums ? 1e-4
                : 1e-5;
            var (forward, backward) = (new Difference(sums), new Difference(sums));
            wrong.AddRange(Compare(expected, actual, forward, backward).Select(w => $"{name}: {w}"));
            foreach (var side in (Difference[])[forward, backward])
            {
                if (side.Relative > tolerance)
                    wrong.Add($"{name}: {side.Where}, {side.Relative:e1} apart");
            }

            table
                .Append($"{name, -32} {expected.Length, 6} {forward.Absolute, 19:0.0e-0} {forward.Relative, 8:0.0e-0}")
                .AppendLine($"{backward.Absolute, 21:0.0e-0} {backward.Relative, 8:0.0e-0} {tolerance, 10:0e-0}");
        }

        output.WriteLine(table.ToString());
        Assert.True(wrong.Count == 0, $"{wrong.Count} differ:\n{string.Join('\n', wrong.Take(100))}");
    }

    [Fact]
    public void Each_context_has_its_own_engine()
    {
        Assert.SkipUnless(Paths.NativeFolders.Length > 0, "There is no package of libtorch for this system.");
        Assert.NotEqual(EngineContext.Managed.Engine(), EngineContext.Libtorch.Engine());
    }

    private static IEnumerable<string> Compare(
        (string Name, string Kind, long[] Shape, Array Values)[] expected,
        (string Name, string Kind, long[] Shape, Array Values)[] actual,
        Difference forward,
        Difference backward
    )
    {
        foreach (var name in expected.Select(e => e.Name).Except(actual.Select(a => a.Name)))
            yield return $"only libtorch gives {name}";
        foreach (var name in actual.Select(a => a.Name).Except(expected.Select(e => e.Name)))
            yield return $"only the managed engine gives {name}";
        foreach (var (name, _, _, _) in expected.Where(e => e.Name.EndsWith("Rows throws", StringComparison.Ordinal)))
            yield return $"{name} in both";
        foreach (var (e, a) in expected.Join(actual, e => e.Name, a => a.Name, (e, a) => (e, a)))
        {
            if (e.Kind != a.Kind || !e.Shape.SequenceEqual(a.Shape))
                yield return $"{e.Name} is {Form(e.Kind, e.Shape)} in libtorch, {Form(a.Kind, a.Shape)} in the managed engine";
            else if (e.Values is float[] numbers)
                (e.Name.Contains("gradient") ? backward : forward).Add(e.Name, numbers, (float[])a.Values);
            else if (!e.Values.Cast<object>().SequenceEqual(a.Values.Cast<object>()))
                yield return $"{e.Name}: libtorch has {Text(e.Values)}, the managed engine {Text(a.Values)}";
        }

        static string Form(string kind, long[] shape) => $"{kind}({string.Join(", ", shape)})";

        static string Text(Array values) => string.Join(' ', values.Cast<object>().Take(12));
    }
}
