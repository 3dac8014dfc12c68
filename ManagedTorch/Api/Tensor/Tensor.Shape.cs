using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor T => Permute(Reversed(Shape.Length));

        public Tensor mT => transpose(-2, -1);

        public Tensor reshape(params long[] shape)
        {
            var sizes = Shapes.Infer(shape, Count);
            return Views.Reshaped(this, sizes) is { } view ? Reshaped(view) : Reshaped(Views.Reshaped(Copies.ToDense(this), sizes)!);
        }

        public Tensor view(params long[] shape)
        {
            var sizes = Shapes.Infer(shape, Count);
            if (Views.Reshaped(this, sizes) is not { } view)
            {
                throw TorchErrors.Error(
                    $"A tensor of shape {TorchErrors.Text(Shape)} and strides {TorchErrors.Text(FullStrides())} can't be viewed as " +
                    $"{TorchErrors.Text(sizes)} without a copy; use reshape.");
            }

            return Reshaped(view);
        }

        public Tensor view_as(Tensor other) => view(other.Shape);

        public Tensor flatten(long start_dim = 0, long end_dim = -1)
        {
            if (Shape.Length == 0)
                return reshape(1);
            var (first, last) = (Shapes.Dim(start_dim, Shape.Length), Shapes.Dim(end_dim, Shape.Length));
            if (first > last)
                TorchErrors.Throw(
                    $"flatten's start_dim {start_dim} comes after its end_dim {end_dim} in a tensor of shape {TorchErrors.Text(Shape)}.");
            if (first == last)
                return Alias();
            return reshape([.. Shape.AsSpan(0, first), Shapes.Count(Shape.AsSpan(first, last - first + 1)), .. Shape.AsSpan(last + 1)]);
        }

        public Tensor ravel() => reshape(-1);

        public Tensor unflatten(long dim, params long[] sizes)
        {
            var at = Shapes.Dim(dim, Shape.Length);
            return reshape([.. Shape.AsSpan(0, at), .. Shapes.Infer(sizes, Shape[at]), .. Shape.AsSpan(at + 1)]);
        }

        public Tensor unflatten(long dim, Size sizes) => unflatten(dim, sizes.Shape);

        public Tensor squeeze(long? dim = null)
        {
            var kept = new List<int>();
            var only = dim is null ? -1 : Shapes.Dim(dim.Value, Shape.Length);
            for (var i = 0; i < Shape.Length; i++)
            {
                if (Shape[i] != 1 || (only >= 0 && i != only))
                    kept.Add(i);
            }

            var (shape, strides, own) = (new long[kept.Count], new long[kept.Count], FullStrides());
            for (var i = 0; i < shape.Length; i++)
                (shape[i], strides[i]) = (Shape[kept[i]], own[kept[i]]);
            return Reshaped(ViewOf(shape, strides, Offset));
        }

        public Tensor unsqueeze(long dim)
        {
            var at = Shapes.Dim(dim, Shape.Length + 1);
            return Reshaped(ViewOf(Shapes.With(Shape, at, 1), IsDense ? null : Shapes.With(FullStrides(), at, 1), Offset));
        }

        public Tensor expand(params long[] sizes) => expand(sizes, false);

        public Tensor expand(Size sizes, bool isImplicit = false) => expand(sizes.Shape, isImplicit);

        public Tensor expand(ReadOnlySpan<long> sizes, bool isImplicit = false) => expand(sizes.ToArray(), isImplicit);

        public Tensor expand(long[] sizes, bool isImplicit = false)
        {
            var shape = (long[])sizes.Clone();
            var shift = shape.Length - Shape.Length;
            for (var i = 0; i < shape.Length; i++)
            {
                if (shape[i] != -1)
                    continue;
                if (i < shift)
                    TorchErrors.Throw($"expand can't keep the size of a new dimension: -1 at {i} of {TorchErrors.Text(sizes)}.");
                shape[i] = Shape[i - shift];
            }

            var view = Views.Expanded(this, Shapes.Checked(shape));
            return GradMode.Records(this) ? view.From(new ExpandNode(this)) : view;
        }

        public Tensor expand_as(Tensor other) => expand(other.Shape, false);

        public Tensor broadcast_to(params long[] shape) => expand(shape, false);

        public Tensor repeat(params long[] sizes)
        {
            var dims = Shape.Length;
            var added = sizes.Length - dims;
            if (added < 0)
                TorchErrors.Throw(
                    $"repeat needs a count for each dimension of {TorchErrors.Text(Shape)}, not only {TorchErrors.Text(sizes)}.");

            // [a, b] becomes [1, a, 1, b], is expanded to [n, a, m, b] and read as [n a, m b].
            var (single, expanded, result) = (new long[2 * sizes.Length], new long[2 * sizes.Length], new long[sizes.Length]);
            for (var i = 0; i < sizes.Length; i++)
            {
                var size = i < added ? 1 : Shape[i - added];
                (single[2 * i], single[2 * i + 1]) = (1, size);
                (expanded[2 * i], expanded[2 * i + 1]) = (sizes[i], size);
                result[i] = sizes[i] * size;
            }

            using var spread = reshape(single);
            using var repeated = spread.expand(expanded, false);
            return repeated.reshape(result);
        }

        /// <summary>Each element along the dimension (of the flat tensor when none is given) comes this many times in a row.</summary>
        public Tensor repeat_interleave(long repeats, long? dim = null, long? output_size = null)
        {
            if (dim is null)
            {
                using var flat = reshape(-1);
                return flat.repeat_interleave(repeats, 0, output_size);
            }

            var at = Shapes.Dim(dim.Value, Shape.Length);
            using var spread = unsqueeze(at + 1);
            using var repeated = spread.expand(Shapes.With(Shape, at + 1, repeats), false);
            return repeated.reshape(Shapes.Replace(Shape, at, Shape[at] * repeats));
        }

        public Tensor transpose(long dim0, long dim1)
        {
            var order = new long[Shape.Length];
            for (var i = 0; i < order.Length; i++)
                order[i] = i;
            var (a, b) = (Shapes.Dim(dim0, order.Length), Shapes.Dim(dim1, order.Length));
            if (order.Length > 0)
                (order[a], order[b]) = (order[b], order[a]);
            return Permute(order);
        }

        public Tensor swapaxes(long dim0, long dim1) => transpose(dim0, dim1);

        public Tensor swapdims(long dim0, long dim1) => transpose(dim0, dim1);

        public Tensor t()
        {
            if (Shape.Length > 2)
                TorchErrors.Throw(
                    $"t() transposes tensors of at most 2 dimensions, not one of shape {TorchErrors.Text(Shape)}; use transpose.");
            return Shape.Length < 2 ? Alias() : transpose(0, 1);
        }

        public Tensor permute(params long[] permutation) => Permute(permutation);

        public Tensor permute(IEnumerable<long> permutation) => Permute(permutation.ToArray());

        public Tensor contiguous() => IsDense && Shape is not null ? Alias() : clone();

        public Tensor clone()
        {
            var copy = Copies.ToDense(this);
            return GradMode.Records(this) ? copy.From(new ReshapeNode(this)) : copy;
        }

        public Tensor alias() => Reshaped(ViewOf(Shape, Strides, Offset));

        public Tensor narrow(long dim, long start, long length)
        {
            var at = DimOf(dim, "narrow");
            var size = Shape[at];
            var first = start < 0 ? start + size : start;
            if (length < 0 || first < 0 || first + length > size)
                TorchErrors.Throw(
                    $"narrow can't take {length} elements from {start} on along dimension {dim} of {TorchErrors.Text(Shape)}.");
            return Sliced(at, first, length, 1);
        }

        /// <summary>Out-of-range ends are moved to the nearest valid ones, as in Python.</summary>
        public Tensor slice(long dim, long start, long finish, long step)
        {
            var at = DimOf(dim, "slice");
            if (step <= 0)
                TorchErrors.Throw($"slice needs a positive step, not {step}.");
            var size = Shape[at];
            var first = Math.Clamp(start < 0 ? start + size : start, 0, size);
            var last = Math.Clamp(finish < 0 ? finish + size : finish, first, size);
            return Sliced(at, first, (last - first + step - 1) / step, step);
        }

        public Tensor select(long dim, long index)
        {
            var at = DimOf(dim, "select");
            var size = Shape[at];
            if (index < -size || index >= size)
                TorchErrors.Throw($"Index {index} is out of range for dimension {dim} of {TorchErrors.Text(Shape)}.");
            var place = index < 0 ? index + size : index;
            var view = Views.Selected(this, at, place);
            return GradMode.Records(this) ? view.From(new SliceNode(this, at, place, 1, 1, drops: true)) : view;
        }

        public Tensor[] chunk(long chunks, long dim = 0)
        {
            if (chunks <= 0)
                TorchErrors.Throw($"chunk needs at least one chunk, not {chunks}.");
            var size = Shape[DimOf(dim, "chunk")];
            return split(Math.Max(1, (size + chunks - 1) / chunks), (int)dim);
        }

        public Tensor[] split(long size, int dim = 0)
        {
            if (size <= 0)
                TorchErrors.Throw($"split needs a positive size, not {size}.");
            var total = Shape[DimOf(dim, "split")];
            var parts = new Tensor[Math.Max(1, (total + size - 1) / size)];
            for (var i = 0; i < parts.Length; i++)
                parts[i] = narrow(dim, i * size, Math.Min(size, total - i * size));
            return parts;
        }

        public Tensor[] split(params long[] sizes) => split(sizes, 0);

        public Tensor[] split(long[] sizes, long dim = 0)
        {
            var total = Shape[DimOf(dim, "split")];
            if (sizes.Sum() != total)
                TorchErrors.Throw($"split's sizes {TorchErrors.Text(sizes)} don't add up to the {total} elements of dimension {dim}.");
            var parts = new Tensor[sizes.Length];
            long start = 0;
            for (var i = 0; i < parts.Length; start += sizes[i++])
                parts[i] = narrow(dim, start, sizes[i]);
            return parts;
        }

        public Tensor[] unbind(long dimension = 0)
        {
            var parts = new Tensor[Shape[DimOf(dimension, "unbind")]];
            for (var i = 0; i < parts.Length; i++)
                parts[i] = select(dimension, i);
            return parts;
        }

        public Tensor flip(params long[] dims)
        {
            Span<bool> flipped = stackalloc bool[Shape.Length];
            if (dims.Length > 0)
                Reductions.Mark(dims, flipped);
            var strides = (long[])FullStrides().Clone();
            var offset = Offset;
            for (var i = 0; i < strides.Length; i++)
            {
                if (!flipped[i] || Shape[i] == 0)
                    continue;
                offset += (Shape[i] - 1) * strides[i];
                strides[i] = -strides[i];
            }

            using var backwards = ViewOf(Shape, strides, offset);
            var copy = Copies.ToDense(backwards);
            return GradMode.Records(this) ? copy.From(new FlipNode(this, dims)) : copy;
        }

        /// <summary>A view of the same elements in the same order, given the history of this tensor.</summary>
        private Tensor Reshaped(Tensor view)
        {
            if (!GradMode.Records(this))
                return view;
            // It shows every element with all its history, so an operation in place may go on from it.
            view._isView = _isView || _node is Leaf;
            return view.From(new ReshapeNode(this));
        }

        private Tensor Permute(long[] order)
        {
            var view = Views.Permuted(this, order);
            return GradMode.Records(this) ? view.From(new PermuteNode(this, order)) : view;
        }

        private Tensor Sliced(int dim, long start, long length, long step)
        {
            var view = Views.Sliced(this, dim, start, length, step);
            return GradMode.Records(this) ? view.From(new SliceNode(this, dim, start, length, step)) : view;
        }

        private int DimOf(long dim, string name)
        {
            if (Shape.Length == 0)
                TorchErrors.Throw($"{name} needs a tensor with at least one dimension.");
            return Shapes.Dim(dim, Shape.Length);
        }

        private static long[] Reversed(int dims)
        {
            var order = new long[dims];
            for (var i = 0; i < dims; i++)
                order[i] = dims - 1 - i;
            return order;
        }
    }
}
