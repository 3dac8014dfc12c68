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

    public static unsafe void Put(Tensor x, Tensor?[] indices, Tensor value, bool accumulate)
    {
        using var scope = NewDisposeScope();
        var plan = new Plan(x, indices);
        var source = value.to_type(x.dtype).expand(plan.Result, false).permute(plan.Forth).reshape([plan.Numbers.Count, .. plan.Rest]);
        var turned = x.permute(plan.Order);
        for (long i = 0; i < plan.Numbers.Count; i++)
        {
            var target = turned;
            var number = ((long*)plan.Numbers.Storage.Data)[i];
            for (var d = 0; d < plan.Sizes.Length; d++)
            {
                var below = Shapes.Count(plan.Sizes.AsSpan(d + 1));
                target = Views.Selected(target, 0, number / below);
                number %= below;
            }

            if (accumulate)
                target.add_(source.select(0, i));
            else
                target.copy_(source.select(0, i));
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
