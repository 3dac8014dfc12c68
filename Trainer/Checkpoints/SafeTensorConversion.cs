using System.Runtime.InteropServices;
using Latent.Contracts;
using TorchSharp;
using static TorchSharp.torch;

namespace Latent.Trainer.Checkpoints;

/// <summary>Converts between tensors of torch and of safetensors files; models consist of float32 and int64 values.</summary>
public static class SafeTensorConversion
{
    /// <summary>Copies a tensor's values.</summary>
    /// <exception cref="NotSupportedException">The tensor is neither float32 nor int64.</exception>
    public static SafeTensor ToSafeTensor(this Tensor tensor)
    {
        using var scope = NewDisposeScope();
        var values = tensor.detach().cpu().contiguous();
        return tensor.dtype switch
        {
            ScalarType.Float32 => new SafeTensor("F32", tensor.shape, Bytes(values.data<float>().ToArray())),
            ScalarType.Int64 => new SafeTensor("I64", tensor.shape, Bytes(values.data<long>().ToArray())),
            _ => throw new NotSupportedException($"Tensors of {tensor.dtype} have no place in a checkpoint."),
        };
    }

    /// <summary>Makes a tensor on the processor.</summary>
    /// <exception cref="LatentException">The tensor is neither float32 nor int64.</exception>
    public static Tensor ToTensor(this SafeTensor tensor) =>
        tensor.Type switch
        {
            "F32" => torch.tensor(MemoryMarshal.Cast<byte, float>(tensor.Bytes).ToArray(), tensor.Shape),
            "I64" => torch.tensor(MemoryMarshal.Cast<byte, long>(tensor.Bytes).ToArray(), tensor.Shape),
            _ => throw new LatentException($"A tensor of type {tensor.Type} has no place in a checkpoint; F32 and I64 have."),
        };

    private static byte[] Bytes<T>(T[] values)
        where T : unmanaged => MemoryMarshal.AsBytes<T>(values).ToArray();
}
