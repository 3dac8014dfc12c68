using System.Numerics;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>
/// Indexing by tensors of numbers, which broadcast against each other, and by masks, each of which stands for one index a dimension it has.
/// The indexed dimensions lie next to each other; those of the result take their place.
/// </summary>
internal static class IndexByTensors
{
    public static Tensor Get(Tensor x, Tensor?[] indices)
    {
        using var scope = NewDisposeScope();
        var plan = new Plan(x, indices);
        var rows = x.permute(plan.Order).reshape([Shapes.Count(plan.Sizes), .. plan.Rest]);
        var picked = rows.index_select(0, plan.Numbers).reshape([.. plan.Common, .. plan.Rest]);
        return picked.permute(plan.Back).MoveToOuterDisposeScope();
    }

    public static void Put(Tensor x, Tensor?[] indices, Tensor value, bool accumulate)
    {
        using var scope = NewDisposeScope();
        var plan = new Plan(x, indices);
        var spread = value.to_type(x.dtype).expand(plan.Result, false).permute(plan.Forth).reshape([plan.Numbers.Count, .. plan.Rest]);
        // A value in x's own memory is read before any of it is written.
        var source = spread.IsDense && !ReferenceEquals(spread.Storage, x.Storage) ? spread : Copies.ToDense(spread);
        var target = x.permute(plan.Order);
        if (!accumulate)
            Write<LastNumbers>(plan, target, source);
        else if (x.dtype == ScalarType.Bool)
            Write<OrNumbers>(plan, target, source);
        else
            Write<AddNumbers>(plan, target, source);
        x.Written();
    }

    private static void Write<TOp>(Plan plan, Tensor target, Tensor source)
        where TOp : INumbers
    {
        switch (target.dtype)
        {
            case ScalarType.Float32:
                Write<float, TOp>(plan, target, source);
                break;
            case ScalarType.Float64:
                Write<double, TOp>(plan, target, source);
                break;
            case ScalarType.Int64:
                Write<long, TOp>(plan, target, source);
                break;
            case ScalarType.Int32:
                Write<int, TOp>(plan, target, source);
                break;
            default:
                Write<byte, TOp>(plan, target, source);
                break;
        }
    }

    private static unsafe void Write<T, TOp>(Plan plan, Tensor target, Tensor source)
        where T : unmanaged, INumber<T>
        where TOp : INumbers
    {
        var numbers = (long*)plan.Numbers.Storage.Data;
        var from = (T*)source.Storage.Data + source.Offset;
        var to = (T*)target.Storage.Data + target.Offset;
        var strides = target.FullStrides();
        var (indexed, others) = (strides[..plan.Sizes.Length], strides[plan.Sizes.Length..]);
        var steps = new long[Shapes.Count(plan.Rest)];
        for (long j = 0; j < steps.Length; j++)
            steps[j] = Strided.Place(j, plan.Rest, others);
        for (long i = 0; i < plan.Numbers.Count; i++)
        {
            var start = to + Strided.Place(numbers[i], plan.Sizes, indexed);
            foreach (var step in steps)
                start[step] = TOp.Invoke(start[step], *from++);
        }
    }

    private sealed unsafe class Plan
    {
        public Plan(Tensor x, Tensor?[] indices)
        {
            var first = Array.FindIndex(indices, i => i is not null);
            if (first < 0)
                throw TorchErrors.Error("Indexing needs at least one index.");
            var places = Places(x, indices, first);
            var count = places.Count;
            var dims = x.Shape.Length;
            if (first + count > dims)
                throw TorchErrors.Error($"{first + count} indexes are too many for a tensor of shape {TorchErrors.Text(x.Shape)}.");

            Sizes = x.Shape.AsSpan(first, count).ToArray();
            Rest = [.. x.Shape.AsSpan(0, first), .. x.Shape.AsSpan(first + count)];
            foreach (var index in places)
                Common = Broadcast.Shape(Common, index.Shape, "index");
            Result = [.. x.Shape.AsSpan(0, first), .. Common, .. x.Shape.AsSpan(first + count)];
            Order = [.. Range(first, count), .. Range(0, first), .. Range(first + count, dims - first - count)];
            var common = Common.Length;
            Back = [.. Range(common, first), .. Range(0, common), .. Range(common + first, dims - first - count)];
            Forth = [.. Range(first, common), .. Range(0, first), .. Range(first + common, dims - first - count)];

            Numbers = Tensor.New([Shapes.Count(Common)], ScalarType.Int64).Fill(0);
            var numbers = (long*)Numbers.Storage.Data;
            for (var d = 0; d < count; d++)
            {
                using var index = Indexing.Checked(Copies.Expanded(places[d], Common), Sizes[d], "index");
                for (long i = 0; i < Numbers.Count; i++)
                    numbers[i] = numbers[i] * Sizes[d] + ((long*)index.Data)[i];
            }
        }

        /// <summary>Sizes of the indexed dimensions, and of all others.</summary>
        public long[] Sizes { get; }

        public long[] Rest { get; }

        /// <summary>The shape the indexes have together, and the result's.</summary>
        public long[] Common { get; } = Shapes.Scalar;

        public long[] Result { get; }

        /// <summary>Moves the indexed dimensions to the front; moves the result's to where they belong, and back there.</summary>
        public long[] Order { get; }

        public long[] Back { get; }

        public long[] Forth { get; }

        /// <summary>The indexes as running numbers over the indexed dimensions.</summary>
        public Tensor Numbers { get; }

        private static List<Tensor> Places(Tensor x, Tensor?[] indices, int first)
        {
            var places = new List<Tensor>();
            for (var i = first; i < indices.Length; i++)
            {
                // After a mask of several dimensions comes a gap for all but its first.
                if (indices[i] is not { } index)
                {
                    if (places.Count > i - first)
                        continue;
                    throw TorchErrors.Error("Indexes by tensors must lie next to each other.");
                }

                if (index.dtype != ScalarType.Bool)
                {
                    places.Add(index);
                    continue;
                }

                var at = first + places.Count;
                if (at + index.Shape.Length > x.Shape.Length || !x.Shape.AsSpan(at, index.Shape.Length).SequenceEqual(index.Shape))
                {
                    throw TorchErrors.Error(
                        $"A mask of shape {TorchErrors.Text(index.Shape)} doesn't fit the shape {TorchErrors.Text(x.Shape)} " +
                        $"from dimension {at} on.");
                }

                var marked = index.nonzero();
                for (var d = 0; d < index.Shape.Length; d++)
                    places.Add(marked.select(1, d));
            }

            return places;
        }

        private static IEnumerable<long> Range(int start, int count)
        {
            for (var i = start; i < start + count; i++)
                yield return i;
        }
    }
}
