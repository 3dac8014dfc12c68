using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Indexing by tensors of numbers or masks, which broadcast against each other: rows of what they name, gathered or written.</summary>
internal static class IndexByTensors
{
    public static Tensor Get(Tensor x, Tensor?[] indices)
    {
        using var scope = NewDisposeScope();
        var rows = Rows(x, indices, out var flat, out var shape);
        return rows.index_select(0, flat).reshape(shape).MoveToOuterDisposeScope();
    }

    public static unsafe void Put(Tensor x, Tensor?[] indices, Tensor value, bool accumulate)
    {
        using var scope = NewDisposeScope();
        var rows = Rows(x, indices, out var flat, out var shape);
        var source = value.to_type(x.dtype).expand(shape, false).reshape([flat.Count, .. rows.Shape.AsSpan(1)]);
        var places = (long*)flat.Storage.Data;
        // x may be a view whose rows are a copy: write row by row into x itself.
        var (first, count, size) = Range(indices, x);
        var turned = x.permute(Order(x.Shape.Length, first, count));
        for (long i = 0; i < flat.Count; i++)
        {
            var target = turned;
            var rest = places[i];
            var at = new long[count];
            for (var d = count - 1; d >= 0; d--)
            {
                at[d] = rest % size[d];
                rest /= size[d];
            }

            for (var d = 0; d < count; d++)
                target = Views.Selected(target, 0, at[d]);
            var row = source.select(0, i);
            if (accumulate)
                target.add_(row);
            else
                target.copy_(row);
            row.Dispose();
        }
    }

    /// <summary>x as rows of what isn't indexed, the row numbers meant, and the shape the result has.</summary>
    private static unsafe Tensor Rows(Tensor x, Tensor?[] indices, out Tensor flat, out long[] shape)
    {
        var (first, count, sizes) = Range(indices, x);
        var expanded = new List<Tensor>();
        for (var i = first; i < indices.Length; i++)
        {
            var index = indices[i];
            if (index is null)
            {
                // A mask of several dimensions stands for that many indexes.
                if (i > first && expanded.Count > i - first)
                    continue;
                throw TorchErrors.Error("Indexes by tensors must stand next to each other.");
            }

            if (index.dtype == ScalarType.Bool)
            {
                var covered = x.Shape.AsSpan(i, Math.Min(index.Shape.Length, x.Shape.Length - i));
                if (!covered.SequenceEqual(index.Shape))
                {
                    throw TorchErrors.Error(
                        $"A mask of shape {TorchErrors.Text(index.Shape)} doesn't fit the shape {TorchErrors.Text(x.Shape)} from dimension {i} on.");
                }

                var places = index.nonzero();
                for (var d = 0; d < index.Shape.Length; d++)
                    expanded.Add(places.select(1, d).contiguous());
            }
            else
            {
                expanded.Add(index);
            }
        }

        var common = Shapes.Scalar;
        foreach (var index in expanded)
            common = Broadcast.Shape(common, index.Shape, "index");
        flat = Tensor.New([Shapes.Count(common)], ScalarType.Int64).Fill(0);
        var result = (long*)flat.Storage.Data;
        for (var d = 0; d < count; d++)
        {
            using var places = Indexing.Checked(Copies.Expanded(expanded[d], common), sizes[d], "index");
            for (long i = 0; i < flat.Count; i++)
                result[i] = result[i] * sizes[d] + ((long*)places.Data)[i];
        }

        var rest = new List<long>(x.Shape.AsSpan(0, first).ToArray());
        rest.AddRange(x.Shape.AsSpan(first + count).ToArray());
        var rows = x.permute(Order(x.Shape.Length, first, count)).reshape([Shapes.Count(sizes), .. rest]);
        if (first > 0)
        {
            // What comes before the indexed dimensions stays before them.
            throw TorchErrors.Error("Indexing by tensors is only available for the first dimensions; use index_select or gather for others.");
        }

        shape = [.. common, .. rest];
        return rows;
    }

    private static (int First, int Count, long[] Sizes) Range(Tensor?[] indices, Tensor x)
    {
        var first = Array.FindIndex(indices, i => i is not null);
        if (first < 0)
            throw TorchErrors.Error("Indexing needs at least one index.");
        var count = 0;
        for (var i = first; i < indices.Length; i++)
            count += indices[i] is not { } index ? 0 : index.dtype == ScalarType.Bool ? index.Shape.Length : 1;
        if (first + count > x.Shape.Length)
            throw TorchErrors.Error($"{count} indexes are too many for a tensor of shape {TorchErrors.Text(x.Shape)}.");
        return (first, count, x.Shape.AsSpan(first, count).ToArray());
    }

    private static long[] Order(int dims, int first, int count)
    {
        var order = new List<long>();
        for (var i = first; i < first + count; i++)
            order.Add(i);
        for (var i = 0; i < dims; i++)
        {
            if (i < first || i >= first + count)
                order.Add(i);
        }

        return [.. order];
    }
}
