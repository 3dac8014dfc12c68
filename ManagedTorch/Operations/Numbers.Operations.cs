namespace TorchSharp;

internal readonly struct AddNumbers : INumbers
{
    public static long Invoke(long a, long b) => a + b;
}

internal readonly struct SubtractNumbers : INumbers
{
    public static long Invoke(long a, long b) => a - b;
}

internal readonly struct MultiplyNumbers : INumbers
{
    public static long Invoke(long a, long b) => a * b;
}

internal readonly struct MaximumNumbers : INumbers
{
    public static long Invoke(long a, long b) => Math.Max(a, b);
}

internal readonly struct MinimumNumbers : INumbers
{
    public static long Invoke(long a, long b) => Math.Min(a, b);
}
