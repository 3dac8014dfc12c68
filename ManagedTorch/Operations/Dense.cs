using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>A tensor with its elements row by row: the given one, or a copy that lives until this is disposed.</summary>
internal readonly unsafe struct Dense : IDisposable
{
    private readonly Tensor? _copy;

    public Dense(Tensor tensor)
    {
        if (tensor.IsDense)
        {
            Tensor = tensor;
            return;
        }

        Tensor = _copy = Copies.ToDense(tensor);
    }

    public Dense(Tensor tensor, bool isCopy)
    {
        Tensor = tensor;
        _copy = isCopy ? tensor : null;
    }

    public Tensor Tensor { get; }

    public float* Float => Tensor.Float;

    public byte* Data => Tensor.Storage.Data + Tensor.Offset * Tensor.ElementSize;

    public void Dispose() => _copy?.Dispose();
}
