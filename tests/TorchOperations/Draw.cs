namespace Latent.TorchOperations;

/// <summary>Inputs that are the same each time: from .NET's generator, not the engine's.</summary>
internal sealed class Draw(int seed)
{
    private readonly Random _random = new(seed);

    public Input Normal(params long[] shape) =>
        Fill(shape, () => (float)(Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble())));

    public Input Uniform(double low, double high, params long[] shape) =>
        Fill(shape, () => (float)(low + (high - low) * _random.NextDouble()));

    public Input Integers(int low, int high, params long[] shape) =>
        new(shape, Enumerable.Range(0, Count(shape)).Select(_ => (long)_random.Next(low, high)).ToArray());

    /// <summary>The values, changed one by one.</summary>
    public static Input Map(Input x, Func<float, float> change) => x with { Values = ((float[])x.Values).Select(change).ToArray() };

    public static Input Of(params float[] values) => new([values.Length], values);

    public static Input Indices(params long[] values) => new([values.Length], values);

    private static Input Fill(long[] shape, Func<float> next) =>
        new(shape, Enumerable.Range(0, Count(shape)).Select(_ => next()).ToArray());

    private static int Count(long[] shape) => (int)shape.Aggregate(1L, (a, b) => a * b);
}
