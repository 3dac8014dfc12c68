using static TorchSharp.torch;
using static TorchSharp.torch.nn.init;

namespace Latent.TorchOperations;

/// <summary>What a seed makes of new layers, and of tensors that are initialized by each function.</summary>
internal static class Initialisers
{
    private static readonly Dictionary<string, Func<Tensor, Tensor>> s_functions = new()
    {
        ["xavier_uniform_"] = t => xavier_uniform_(t),
        ["normal_"] = t => normal_(t, 1, 2),
        ["zeros_"] = t => zeros_(t),
    };

    private static readonly Dictionary<string, Func<nn.Module>> s_layers = new()
    {
        ["Linear"] = () => nn.Linear(5, 7),
        ["Conv2d"] = () => nn.Conv2d(3, 4, 3),
        ["ConvTranspose2d"] = () => nn.ConvTranspose2d(3, 4, 3),
        ["BatchNorm2d"] = () => nn.BatchNorm2d(3),
        ["several"] = () => nn.Sequential(nn.Linear(5, 7), nn.ReLU(), nn.Linear(7, 3, false), nn.Linear(3, 20)),
    };

    public static Dictionary<string, Func<IEnumerable<Result>>> All { get; } =
        s_functions
            .Select(f => (f.Key, Run: (Func<IEnumerable<Result>>)(() => new long[] { 0, 42 }.Select(seed => Fill(seed, f.Value)))))
            .Concat(
                s_layers.Select(l =>
                    (l.Key, (Func<IEnumerable<Result>>)(() => new long[] { 0, 42 }.SelectMany(seed => Layer(seed, l.Value))))
                )
            )
            .ToDictionary(f => f.Item1, f => f.Item2);

    private static Result Fill(long seed, Func<Tensor, Tensor> fill)
    {
        manual_seed(seed);
        return Value.Of($"seed {seed}", fill(empty(new long[] { 6, 4, 3, 3 })));
    }

    private static IEnumerable<Result> Layer(long seed, Func<nn.Module> make)
    {
        manual_seed(seed);
        using var module = make();
        return [.. module.state_dict().OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => Value.Of($"seed {seed}, {p.Key}", p.Value))];
    }
}
