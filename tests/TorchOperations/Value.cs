using static TorchSharp.torch;

namespace Latent.TorchOperations;

/// <summary>Results as arrays, which mean the same to both engines' assemblies.</summary>
internal static class Value
{
    /// <summary>Copies a tensor: its name, dtype, shape, and values as float[], long[] or string[].</summary>
    public static Result Of(string name, Tensor t)
    {
        using var scope = NewDisposeScope();
        var rows = t.detach().contiguous();
        Array values =
            t.numel() == 0 ? Array.Empty<long>()
            : t.dtype == float32 ? rows.data<float>().ToArray()
            : rows.to(ScalarType.Int64).data<long>().ToArray();
        return (name, t.dtype.ToString(), t.shape, values);
    }

    public static Result Of(string name, double value) => (name, "Number", [], new[] { (float)value });

    public static Result Of(string name, IEnumerable<string> values) => (name, "Text", [], values.ToArray());
}
