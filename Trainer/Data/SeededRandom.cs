namespace Latent.Trainer.Data;

/// <summary>
/// Random numbers that depend on a seed and a purpose alone, whatever the engine (SplitMix64; Steele, Lea and Flood 2014).
/// </summary>
/// <remarks>
/// Every purpose, such as the order of epoch 3, has its own stream, so that nothing needs to remember how far a stream was read.
/// </remarks>
public sealed class SeededRandom
{
    private ulong _state;

    /// <summary>Starts the stream of a purpose.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="purpose">What the numbers are for; streams of different purposes are independent.</param>
    /// <param name="index">Which of the purpose's streams, such as the epoch.</param>
    public SeededRandom(long seed, Purpose purpose, long index = 0)
    {
        _state = (ulong)seed;
        _state = NextBits() ^ (ulong)purpose;
        _state = NextBits() ^ (ulong)index;
    }

    private SeededRandom(ulong state) => _state = state;

    /// <summary>What random numbers are for.</summary>
    public enum Purpose
    {
        /// <summary>Drawing digits.</summary>
        Digits,

        /// <summary>Dividing rows into training, validation and test.</summary>
        Split,

        /// <summary>The order of an epoch.</summary>
        Order,

        /// <summary>Noise, binarization and codes of a training step.</summary>
        Step,

        /// <summary>Noise, binarization and codes of a minibatch that is evaluated.</summary>
        Evaluation,

        /// <summary>Choosing the training rows that a density holds.</summary>
        Prototypes,

        /// <summary>Drawing the values of a sweep.</summary>
        Sweep,

        /// <summary>Codes that a sampler is fitted to.</summary>
        Sampler,
    }

    /// <summary>SplitMix64 as published, from its state.</summary>
    internal static SeededRandom Raw(ulong state) => new(state);

    /// <summary>A whole number of 64 bits.</summary>
    public ulong NextBits()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>A seed for a generator of torch, not negative.</summary>
    public long NextSeed() => (long)(NextBits() >> 1);

    /// <summary>A number in [0, <paramref name="count"/>).</summary>
    public int Next(int count) => (int)Math.BigMul(NextBits(), (ulong)count, out _);

    /// <summary>A uniform number in [0, 1).</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A uniform number in [<paramref name="low"/>, <paramref name="high"/>).</summary>
    public double Between(double low, double high) => low + ((high - low) * NextDouble());

    /// <summary>A number from N(0, 1) (Box and Muller 1958).</summary>
    public double NextNormal() => Normal(NextDouble(), NextDouble());

    /// <summary>Makes a number from N(0, 1) of two uniform ones in [0, 1) (Box and Muller 1958).</summary>
    internal static double Normal(double u, double v) => Math.Sqrt(-2 * Math.Log(1 - u)) * Math.Cos(2 * Math.PI * v);

    /// <summary>The numbers 0 to <paramref name="count"/> - 1 in random order.</summary>
    public long[] Permutation(int count)
    {
        var order = new long[count];
        for (var i = 0; i < count; i++)
        {
            var j = Next(i + 1);
            order[i] = order[j];
            order[j] = i;
        }

        return order;
    }
}
