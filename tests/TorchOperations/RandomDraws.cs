using static TorchSharp.torch;

namespace Latent.TorchOperations;

/// <summary>What each seed draws, from the global generator and from one of its own.</summary>
internal static class RandomDraws
{
    private static readonly long[] s_seeds = [0, 1, 42, 123_456_789_012];

    private static readonly Dictionary<string, Func<Generator?, Tensor>> s_draws = new()
    {
        ["rand"] = g => rand([1300], generator: g),
        ["rand, two axes"] = g => rand(7, 9, generator: g),
        ["randn"] = g => cat([.. new[] { 1L, 3, 15, 16, 17, 40, 1300 }.Select(n => randn([n], generator: g))]),
        ["randn, two axes"] = g => randn(7, 9, generator: g),
        ["uniform_"] = g => empty(new long[] { 33 }).uniform_(-0.3, 0.7, g),
        ["normal_"] = g => empty(new long[] { 4, 9 }).normal_(2, 0.5, g),
        ["normal_, turned"] = g => empty(new long[] { 4, 15 }).t().normal_(1, 2, g),
        ["uniform_, sliced"] = g => zeros(new long[] { 10, 12 }).narrow(1, 0, 6).uniform_(1, 2, g),
        ["bernoulli_, number"] = g => empty(new long[] { 50 }).bernoulli_(0.3, g),
        ["mixed"] = g =>
            cat([
                randn([3], generator: g),
                rand([2], generator: g),
                randn([4], generator: g),
                randn([16], generator: g),
                randn([2], generator: g),
            ]),
    };

    private static readonly Dictionary<string, Func<Tensor>> s_global = new()
    {
        ["randn_like"] = () => randn_like(zeros(new long[] { 5, 7 })),
        ["randn_like, turned"] = () => randn_like(zeros(new long[] { 12, 5 }).t()),
        ["dropout"] = () => nn.Dropout(0.4).forward(ones(50, 1)),
    };

    public static Dictionary<string, Func<IEnumerable<Result>>> All { get; } =
        s_draws
            .Select(d => (d.Key, Run: (Func<IEnumerable<Result>>)(() => Drawn(d.Value))))
            .Concat(s_global.Select(d => (d.Key, (Func<IEnumerable<Result>>)(() => s_seeds.Select(seed => Global(seed, _ => d.Value()))))))
            .ToDictionary(d => d.Item1, d => d.Item2);

    private static IEnumerable<Result> Drawn(Func<Generator?, Tensor> draw)
    {
        foreach (var seed in s_seeds)
        {
            yield return Global(seed, draw);
            using var generator = new Generator((ulong)seed);
            yield return Value.Of($"seed {seed}, a generator of its own", draw(generator));
        }
    }

    private static Result Global(long seed, Func<Generator?, Tensor> draw)
    {
        manual_seed(seed);
        return Value.Of($"seed {seed}", draw(null));
    }
}
