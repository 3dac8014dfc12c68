using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>
/// A tensor to be written to with its elements row by row: the given one, or a copy that is copied back when this is disposed, which
/// also tells the graph that the tensor has changed.
/// </summary>
internal readonly unsafe struct InPlace(Tensor tensor) : IDisposable
{
    private readonly Dense _dense = tensor.Dense();

    public float* Float => _dense.Float;

    public void Dispose()
    {
        if (!ReferenceEquals(_dense.Tensor, tensor))
        {
            using (no_grad())
                tensor.copy_(_dense.Tensor);
        }
        else
        {
            tensor.Written();
        }

        _dense.Dispose();
    }
}
