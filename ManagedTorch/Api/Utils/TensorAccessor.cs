using System.Collections;
using static TorchSharp.torch;

namespace TorchSharp.Utils;

/// <summary>Reads a tensor's elements in their logical order, however they lie.</summary>
public sealed unsafe class TensorAccessor<T> : IEnumerable<T>
    where T : unmanaged
{
    private readonly Tensor _tensor;
    private readonly long[] _shape;
    private readonly long[]? _strides;

    internal TensorAccessor(Tensor tensor)
    {
        _tensor = tensor;
        _shape = tensor.Shape;
        _strides = tensor.Strides;
    }

    public long Count => _tensor.Count;

    private T* Data => (T*)_tensor.Storage.Data + _tensor.Offset;

    public T this[params long[] indices] => Data[Place(indices)];

    public T[] ToArray()
    {
        var result = new T[Count];
        CopyTo(result);
        return result;
    }

    public void CopyTo(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyTo(array.AsSpan(), arrayIndex, tensorIndex);

    /// <summary>As many elements as there are and fit, from the tensor's running number on.</summary>
    public void CopyTo(Span<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        var count = Fitting(array.Length - arrayIndex, tensorIndex);
        if (_strides is null)
        {
            new ReadOnlySpan<T>(Data + tensorIndex, count).CopyTo(array[arrayIndex..]);
            return;
        }

        for (var i = 0; i < count; i++)
            array[arrayIndex + i] = Data[Strided.Place(tensorIndex + i, _shape, _strides)];
    }

    public IEnumerator<T> GetEnumerator()
    {
        for (long i = 0; i < Count; i++)
            yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private int Fitting(int room, long tensorIndex)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(tensorIndex);
        return (int)Math.Max(0, Math.Min(room, Count - tensorIndex));
    }

    /// <summary>One index is a running number, several are one a dimension.</summary>
    private long Place(long[] indices)
    {
        if (indices.Length == 1)
        {
            if (indices[0] < 0 || indices[0] >= Count)
                throw new IndexOutOfRangeException($"Index {indices[0]} is not in a tensor of {Count} elements.");
            return _strides is null ? indices[0] : Strided.Place(indices[0], _shape, _strides);
        }

        if (indices.Length != _shape.Length)
            throw new IndexOutOfRangeException($"{indices.Length} indexes don't fit a tensor of shape {TorchErrors.Text(_shape)}.");
        long place = 0;
        var strides = _strides ?? Shapes.DenseStrides(_shape);
        for (var i = 0; i < indices.Length; i++)
        {
            if (indices[i] < 0 || indices[i] >= _shape[i])
            {
                throw new IndexOutOfRangeException(
                    $"Index {indices[i]} is not in dimension {i} of a tensor of shape {TorchErrors.Text(_shape)}."
                );
            }

            place += indices[i] * strides[i];
        }

        return place;
    }
}
