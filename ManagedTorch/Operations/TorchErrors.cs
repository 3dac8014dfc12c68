using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace TorchSharp;

/// <summary>What libtorch reports through TorchSharp arrives as an ExternalException; so does what is reported here.</summary>
internal static class TorchErrors
{
    [DoesNotReturn]
    public static void Throw(string message) => throw new ExternalException(message);

    public static ExternalException Error(string message) => new(message);

    public static ExternalException Dtype(string operation, torch.ScalarType dtype) =>
        new($"{operation} is not available for tensors of type {dtype}; convert the tensor first, for example with to(torch.float32).");

    /// <summary>For parameters of TorchSharp's functions that no recipe sets.</summary>
    public static void CheckUnset(bool unset, string parameter)
    {
        if (!unset)
            throw new NotSupportedException($"The managed engine has only the default of {parameter}.");
    }

    public static string Text(ReadOnlySpan<long> shape)
    {
        var text = new System.Text.StringBuilder("[");
        for (var i = 0; i < shape.Length; i++)
            text.Append(i == 0 ? "" : ", ").Append(shape[i]);
        return text.Append(']').ToString();
    }
}
