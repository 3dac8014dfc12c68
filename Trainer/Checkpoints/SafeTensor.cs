namespace Latent.Trainer.Checkpoints;

/// <summary>Represents a tensor as it is stored in a safetensors file.</summary>
/// <param name="Type">"F32", "I64" and so on.</param>
/// <param name="Shape">Sizes of the axes; empty for a scalar.</param>
/// <param name="Bytes">Values in row-major order, little-endian.</param>
public sealed record SafeTensor(string Type, long[] Shape, byte[] Bytes)
{
    /// <summary>The number of bytes of one value of each type that the format knows and this library reads.</summary>
    internal static readonly Dictionary<string, int> Sizes = new()
    {
        ["BOOL"] = 1,
        ["U8"] = 1,
        ["I8"] = 1,
        ["I16"] = 2,
        ["F16"] = 2,
        ["BF16"] = 2,
        ["I32"] = 4,
        ["F32"] = 4,
        ["I64"] = 8,
        ["F64"] = 8,
    };
}
