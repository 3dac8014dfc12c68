using System.Collections;

namespace Microsoft.ML.Data;

/// <summary>A dense or sparse vector. Its memory belongs to whoever filled it and may be overwritten by the next row.</summary>
public readonly struct VBuffer<T> : IEnumerable
{
    private readonly T[]? _values;
    private readonly int[]? _indices;
    private readonly int _count;

    public readonly int Length;

    public VBuffer(int length, T[]? values, int[]? indices = null)
        : this(length, length, values, indices)
    {
    }

    public VBuffer(int length, int count, T[]? values, int[]? indices)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (count < 0 || count > length)
            throw new ArgumentOutOfRangeException(nameof(count), $"A vector of {length} can't have {count} explicit values.");
        if ((values?.Length ?? 0) < count)
            throw new ArgumentOutOfRangeException(nameof(values), $"{count} values are needed, and there are {values?.Length ?? 0}.");
        if (count < length && (indices?.Length ?? 0) < count)
            throw new ArgumentOutOfRangeException(nameof(indices), $"{count} indices are needed, and there are {indices?.Length ?? 0}.");
        Length = length;
        _count = count;
        _values = values;
        _indices = indices;
    }

    public bool IsDense => _count == Length;

    public ReadOnlySpan<T> GetValues() => _values.AsSpan(0, _count);

    public ReadOnlySpan<int> GetIndices() => IsDense ? default : _indices.AsSpan(0, _count);

    public void CopyToDense(ref VBuffer<T> destination)
    {
        var editor = VBufferEditor.Create(ref destination, Length);
        CopyTo(editor.Values);
        destination = editor.Commit();
    }

    public void CopyTo(ref VBuffer<T> destination)
    {
        var editor = VBufferEditor.Create(ref destination, Length, _count);
        GetValues().CopyTo(editor.Values);
        GetIndices().CopyTo(editor.Indices);
        destination = editor.Commit();
    }

    public void CopyTo(ref VBuffer<T> destination, int sourceIndex, int length)
    {
        if (sourceIndex < 0 || sourceIndex > Length)
            throw new ArgumentOutOfRangeException(nameof(sourceIndex), $"{sourceIndex} is no place in a vector of {Length}.");
        if (length < 0 || sourceIndex > Length - length)
            throw new ArgumentOutOfRangeException(nameof(length),
                $"There are not {length} values from {sourceIndex} on in a vector of {Length}.");
        var (first, last) = IsDense ? (sourceIndex, sourceIndex + length) : (Place(sourceIndex), Place(sourceIndex + length));
        var editor = VBufferEditor.Create(ref destination, length, last - first);
        _values.AsSpan(first, last - first).CopyTo(editor.Values);
        for (var i = 0; i < editor.Indices.Length; i++)
            editor.Indices[i] = _indices![first + i] - sourceIndex;
        destination = editor.Commit();
    }

    public void CopyTo(Span<T> destination) => CopyTo(destination, 0);

    public void CopyTo(Span<T> destination, int destinationIndex, T defaultValue = default!)
    {
        if (destinationIndex < 0 || destinationIndex > destination.Length - Length)
            throw new ArgumentOutOfRangeException(nameof(destination),
                $"{Length} values do not fit into {destination.Length} from {destinationIndex} on.");
        var target = destination.Slice(destinationIndex, Length);
        if (IsDense)
        {
            GetValues().CopyTo(target);
            return;
        }

        target.Fill(defaultValue);
        for (var i = 0; i < _count; i++)
            target[_indices![i]] = _values![i];
    }

    public static void Copy(T[]? source, int sourceIndex, ref VBuffer<T> destination, int length)
    {
        var available = source?.Length ?? 0;
        if (length < 0 || length > available)
            throw new ArgumentOutOfRangeException(nameof(length), $"There are not {length} values in an array of {available}.");
        if (sourceIndex < 0 || sourceIndex > available - length)
            throw new ArgumentOutOfRangeException(nameof(sourceIndex),
                $"There are not {length} values from {sourceIndex} on in an array of {available}.");
        var editor = VBufferEditor.Create(ref destination, length);
        source.AsSpan(sourceIndex, length).CopyTo(editor.Values);
        destination = editor.Commit();
    }

    public IEnumerable<KeyValuePair<int, T>> Items(bool all = false)
    {
        // A copy of the fields, since an iterator over `this` would box it.
        var (values, indices, count, length) = (_values, _indices, _count, Length);
        return count == length || !all ? Explicit() : All();

        IEnumerable<KeyValuePair<int, T>> Explicit()
        {
            for (var i = 0; i < count; i++)
                yield return new(count == length ? i : indices![i], values![i]);
        }

        IEnumerable<KeyValuePair<int, T>> All()
        {
            var next = 0;
            for (var slot = 0; slot < length; slot++)
                yield return new(slot, next < count && indices![next] == slot ? values![next++] : default!);
        }
    }

    public IEnumerable<T> DenseValues() => Items(all: true).Select(pair => pair.Value);

    public void GetItemOrDefault(int index, ref T destination) => destination = GetItemOrDefault(index);

    public T GetItemOrDefault(int index)
    {
        if (index < 0 || index >= Length)
            throw new ArgumentOutOfRangeException(nameof(index), $"{index} is no place in a vector of {Length}.");
        if (IsDense)
            return _values![index];
        var place = Place(index);
        return place < _count && _indices![place] == index ? _values![place] : default!;
    }

    public override string ToString() =>
        IsDense ? $"Dense vector of size {Length}" : $"Sparse vector of size {Length}, {_count} explicit values";

    public IEnumerator GetEnumerator() => (_values ?? []).GetEnumerator();

    internal VBufferEditor<T> Edit(int length, int count, int maxCapacity, bool keepOldOnResize, bool requireIndicesOnDense)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length, "newLogicalLength");
        if (count < 0 || count > length)
            throw new ArgumentOutOfRangeException("valuesCount", $"A vector of {length} can't have {count} explicit values.");
        var withIndices = count < length || requireIndicesOnDense;
        var values = Grow(_values, count, maxCapacity, keepOldOnResize, out var newValues);
        var newIndices = false;
        var indices = withIndices ? Grow(_indices, count, maxCapacity, keepOldOnResize, out newIndices) : _indices;
        return new(length, count, values, indices, withIndices, newValues, newIndices);
    }

    private static TItem[] Grow<TItem>(TItem[]? array, int count, int maxCapacity, bool keep, out bool grown)
    {
        grown = array is not null ? array.Length < count : count > 0;
        if (!grown)
            return array ?? [];
        // Doubling keeps vectors that grow row by row from being reallocated for each.
        var capacity = Math.Max(count, (int)Math.Min(maxCapacity, 2L * (array?.Length ?? 0)));
        var larger = new TItem[capacity];
        if (keep && array is not null)
            array.CopyTo(larger, 0);
        return larger;
    }

    // The place in the sorted indices where `index` is or would be.
    private int Place(int index)
    {
        var place = _indices.AsSpan(0, _count).BinarySearch(index);
        return place >= 0 ? place : ~place;
    }
}
