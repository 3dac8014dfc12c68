namespace TorchSharp;

public sealed class Scalar : IDisposable
{
    private readonly double _float;
    private readonly long _integer;

    internal Scalar(double value)
    {
        Type = torch.ScalarType.Float64;
        _float = value;
        _integer = IsLong(value) ? (long)value : 0;
    }

    internal Scalar(long value)
    {
        Type = torch.ScalarType.Int64;
        _float = value;
        _integer = value;
    }

    internal Scalar(bool value)
    {
        Type = torch.ScalarType.Bool;
        _integer = value ? 1 : 0;
        _float = _integer;
    }

    public torch.ScalarType Type { get; }

    internal double Double => _float;

    internal long Long => Type == torch.ScalarType.Float64 && !IsLong(_float)
        ? throw TorchErrors.Error($"The scalar {_float} does not fit an integer type.")
        : _integer;

    internal bool IsFloat => Type == torch.ScalarType.Float64;

    public static implicit operator Scalar(byte value) => new((long)value);

    public static implicit operator Scalar(sbyte value) => new((long)value);

    public static implicit operator Scalar(short value) => new((long)value);

    public static implicit operator Scalar(int value) => new((long)value);

    public static implicit operator Scalar(long value) => new(value);

    public static implicit operator Scalar(float value) => new((double)value);

    public static implicit operator Scalar(double value) => new(value);

    public static implicit operator Scalar(bool value) => new(value);

    public void Dispose()
    {
    }

    private static bool IsLong(double value) => value >= -9.2233720368547758e18 && value < 9.2233720368547758e18;
}
