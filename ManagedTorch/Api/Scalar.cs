namespace TorchSharp;

/// <summary>A number beside tensors, of type Int64 or Float32.</summary>
public sealed class Scalar
{
    private readonly double _float;
    private readonly long _integer;

    private Scalar(double value)
    {
        IsFloat = true;
        _float = value;
        _integer = IsLong(value) ? (long)value : 0;
    }

    private Scalar(long value)
    {
        _float = value;
        _integer = value;
    }

    internal double Double => _float;

    internal long Long =>
        IsFloat && !IsLong(_float) ? throw TorchErrors.Error($"The scalar {_float} does not fit an integer type.") : _integer;

    internal bool IsFloat { get; }

    /// <summary>The type of a tensor made of it when none is asked for.</summary>
    internal torch.ScalarType Type => IsFloat ? torch.ScalarType.Float32 : torch.ScalarType.Int64;

    public static implicit operator Scalar(int value) => new((long)value);

    public static implicit operator Scalar(long value) => new(value);

    public static implicit operator Scalar(float value) => new((double)value);

    public static implicit operator Scalar(double value) => new(value);

    private static bool IsLong(double value) => value >= -9.2233720368547758e18 && value < 9.2233720368547758e18;
}
