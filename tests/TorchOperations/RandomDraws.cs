using static TorchSharp.torch;

namespace Latent.TorchOperations;

/// <summary>What each seed draws, from the global generator and from one of its own.</summary>
internal static class RandomDraws
{
    private static readonly long[] s_seeds = [0, 1, 42, 123_456_789_012];

    private static readonly Dictionary<string, Func<Generator?, Tensor>> s_draws = new()
    {
        ["rand"] = g => rand(1300L, generator: g),
        ["rand, two axes"] = g => rand(7L, 9L, generator: g),
        ["randn"] = g => cat([.. new[] { 1L, 3, 15, 16, 17, 40, 1300 }.Select(n => randn(n, generator: g))]),
        ["randn, one size each"] = g => randn(17L, generator: g),
        ["randn, two axes"] = g => randn(7L, 9L, generator: g),
        ["uniform_"] = g => empty(33).uniform_(-0.3, 0.7, g),
        ["normal_"] = g => empty(4, 9).normal_(2, 0.5, g),
        ["normal_, turned"] = g => empty(4, 3, 5).permute(2, 0, 1).normal_(1, 2, g),
        ["uniform_, sliced"] = g => zeros(10, 12)[.., ..6].uniform_(1, 2, g),
        ["randperm"] = g => randperm(100, generator: g),
        ["randperm, long"] = g => randperm(70_003, generator: g),
        ["randint"] = g => randint(-5, 1000, [50L], generator: g),
        ["randint, wide"] = g => randint(0, 1L << 40, [20L], generator: g),
        ["bernoulli"] = g => bernoulli(linspace(0, 1, 50), g),
        ["bernoulli_, tensor"] = g => empty(50).bernoulli_(linspace(0, 1, 50), g),
        ["bernoulli_, number"] = g => empty(50).bernoulli_(0.3, g),
        ["mixed"] = g => cat([
            randn(3L, generator: g), rand(2L, generator: g), randn(4L, generator: g), randn(16L, generator: g), randn(2L, generator: g)]),
    };

    private static readonly Dictionary<string, Func<Tensor>> s_global = new()
    {
        ["randn_like"] = () => zeros(5, 7).randn_like(),
        ["rand_like"] = () => zeros(5, 7).rand_like(),
        ["dropout"] = () => nn.functional.dropout(ones(50), 0.4),
        ["get_rng_state"] = () =>
        {
            rand(5L);
            randn(3L);
            return get_rng_state();
        },
        ["after a state put back"] = () =>
        {
            rand(5L);
            var state = get_rng_state();
            randn(100L);
            set_rng_state(state);
            return cat([randn(5L), rand(700L), randn(20L)]);
        },
    };

    public static Dictionary<string, Func<IEnumerable<Result>>> All { get; } = s_draws
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
