using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor reshape(params long[] shape)
        {
            var sizes = Shapes.Infer(shape, Count);
            return Views.Reshaped(this, sizes) is { } view ? Reshaped(view) : Reshaped(Views.Reshaped(Copies.ToDense(this), sizes)!);
        }

        public Tensor flatten(long start_dim = 0, long end_dim = -1)
        {
            if (Shape.Length == 0)
                return reshape(1);
            var (first, last) = (Shapes.Dim(start_dim, Shape.Length), Shapes.Dim(end_dim, Shape.Length));
            if (first > last)
            {
                TorchErrors.Throw(
                    $"flatten's start_dim {start_dim} comes after its end_dim {end_dim} in a tensor of shape {TorchErrors.Text(Shape)}."
                );
            }

            if (first == last)
                return Alias();
            return reshape([.. Shape.AsSpan(0, first), Shapes.Count(Shape.AsSpan(first, last - first + 1)), .. Shape.AsSpan(last + 1)]);
        }

        public Tensor unflatten(long dim, params long[] sizes)
        {
            var at = Shapes.Dim(dim, Shape.Length);
            return reshape([.. Shape.AsSpan(0, at), .. Shapes.Infer(sizes, Shape[at]), .. Shape.AsSpan(at + 1)]);
        }

        public Tensor unsqueeze(long dim)
        {
            var at = Shapes.Dim(dim, Shape.Length + 1);
            return Reshaped(ViewOf(Shapes.With(Shape, at, 1), IsDense ? null : Shapes.With(FullStrides(), at, 1), Offset));
        }

        public Tensor expand(ReadOnlySpan<long> sizes, bool isImplicit = false) => expand(sizes.ToArray());

        public Tensor expand(params long[] sizes)
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

        public Tensor repeat(params long[] sizes)
        {
            var dims = Shape.Length;
            var added = sizes.Length - dims;
            if (added < 0)
            {
                TorchErrors.Throw(
                    $"repeat needs a count for each dimension of {TorchErrors.Text(Shape)}, not only {TorchErrors.Text(sizes)}."
                );
            }

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
            using var repeated = spread.expand(expanded);
            return repeated.reshape(result);
        }

        public Tensor t()
        {
            if (Shape.Length > 2)
                TorchErrors.Throw($"t() transposes tensors of at most 2 dimensions, not one of shape {TorchErrors.Text(Shape)}.");
            if (Shape.Length < 2)
                return Alias();
            var view = Views.Permuted(this, [1, 0]);
            return GradMode.Records(this) ? view.From(new TransposeNode(this)) : view;
        }

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
            {
                TorchErrors.Throw(
                    $"narrow can't take {length} elements from {start} on along dimension {dim} of {TorchErrors.Text(Shape)}."
                );
            }

            var view = Views.Sliced(this, at, first, length);
            return GradMode.Records(this) ? view.From(new SliceNode(this, at, first, length)) : view;
        }

        public Tensor select(long dim, long index)
        {
            var at = DimOf(dim, "select");
            var size = Shape[at];
            if (index < -size || index >= size)
                TorchErrors.Throw($"Index {index} is out of range for dimension {dim} of {TorchErrors.Text(Shape)}.");
            var place = index < 0 ? index + size : index;
            var view = Views.Selected(this, at, place);
            return GradMode.Records(this) ? view.From(new SliceNode(this, at, place, 1, drops: true)) : view;
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

        private int DimOf(long dim, string name)
        {
            if (Shape.Length == 0)
                TorchErrors.Throw($"{name} needs a tensor with at least one dimension.");
            return Shapes.Dim(dim, Shape.Length);
        }
    }
}
