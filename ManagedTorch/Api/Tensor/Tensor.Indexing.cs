using System.Runtime.CompilerServices;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        [IndexerName("TensorItems")]
        public Tensor this[params TensorIndex[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        [IndexerName("TensorItems")]
        public Tensor this[params Tensor[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1]
        {
            get => Element([i1]);
            set => SetElement([i1], value);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2]
        {
            get => Element([i1, i2]);
            set => SetElement([i1, i2], value);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3]
        {
            get => Element([i1, i2, i3]);
            set => SetElement([i1, i2, i3], value);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3, long i4]
        {
            get => Element([i1, i2, i3, i4]);
            set => SetElement([i1, i2, i3, i4], value);
        }

        [IndexerName("TensorItems")]
        public Tensor this[params long[] indices]
        {
            get => Element(indices);
            set => SetElement(indices, value);
        }

        /// <summary>Numbers, slices, ellipsis and new dimensions give a view; tensors among them a copy.</summary>
        public Tensor index(params TensorIndex[] indices)
        {
            var view = Indexed(indices, out var tensors);
            if (tensors is null)
                return view;
            using (view)
                return IndexByTensors.Get(view, tensors);
        }

        public Tensor index(params Tensor[] indices) => IndexByTensors.Get(this, indices);

        public Tensor index_put_(Tensor value, params TensorIndex[] indices) => index_put_(value, indices, false);

        public Tensor index_put_(Tensor value, TensorIndex[] indices, bool accumulate = false)
        {
            if (BeginWrite(value))
                TorchErrors.Throw(
                    "Gradients through writing into a part of a tensor are not available; write under torch.no_grad() or build a new " +
                    "tensor.");
            using var recording = no_grad();
            using var view = Indexed(indices, out var tensors);
            if (tensors is not null)
                IndexByTensors.Put(view, tensors, value, accumulate);
            else if (accumulate)
                view.add_(value);
            else
                view.copy_(value);
            return this;
        }

        public Tensor index_put_(Tensor value, params Tensor[] indices) => index_put_(value, indices, false);

        public Tensor index_put_(Tensor value, Tensor[] indices, bool accumulate = false) =>
            index_put_(value, Array.ConvertAll(indices, TensorIndex.Tensor), accumulate);

        public Tensor index_put_(Scalar value, params TensorIndex[] indices)
        {
            using var scalar = New(Shapes.Scalar, dtype).Fill(value);
            return index_put_(scalar, indices, false);
        }

        public Tensor index_put_(Scalar value, params Tensor[] indices) => index_put_(value, Array.ConvertAll(indices, TensorIndex.Tensor));

        public Tensor index_select(long dim, Tensor index) => Indexing.IndexSelect(this, dim, index);

        public Tensor gather(long dim, Tensor index) => Indexing.Gather(this, dim, index);

        public Tensor scatter(long dim, Tensor index, Tensor src)
        {
            var copy = clone();
            return copy.scatter_(dim, index, src);
        }

        public Tensor scatter_(long dim, Tensor index, Tensor src) => Scattered(dim, index, src, false, "scatter_");

        public Tensor scatter_add(long dim, Tensor index, Tensor src)
        {
            var copy = clone();
            return copy.scatter_add_(dim, index, src);
        }

        public Tensor scatter_add_(long dim, Tensor index, Tensor src) => Scattered(dim, index, src, true, "scatter_add_");

        public Tensor masked_fill(Tensor mask, Scalar value)
        {
            CheckMask(mask, "masked_fill");
            using var scalar = New(Shapes.Scalar, dtype).Fill(value);
            return Selection.Where(mask, scalar, this);
        }

        public Tensor masked_fill_(Tensor mask, Scalar value)
        {
            using var filled = masked_fill(mask, value);
            if (!Shapes.Same(filled.Shape, Shape))
                TorchErrors.Throw(
                    $"A mask of shape {TorchErrors.Text(mask.Shape)} doesn't fit into a tensor of shape {TorchErrors.Text(Shape)}.");
            return copy_(filled);
        }

        public Tensor masked_select(Tensor mask)
        {
            CheckMask(mask, "masked_select");
            var shape = Broadcast.Shape(Shape, mask.Shape, "masked_select");
            using var expanded = expand(shape, false);
            using var marks = mask.expand(shape, false);
            return IndexByTensors.Get(expanded, [marks]);
        }

        /// <summary>This where the condition holds, the other elsewhere.</summary>
        public Tensor where(Tensor condition, Tensor y) => Selection.Where(condition, this, y);

        public Tensor nonzero() => Indexing.NonZero(this);

        private Tensor Element(ReadOnlySpan<long> indices)
        {
            if (indices.Length > Shape.Length)
                TorchErrors.Throw($"{indices.Length} indexes are too many for a tensor of shape {TorchErrors.Text(Shape)}.");
            var view = select(0, indices[0]);
            for (var i = 1; i < indices.Length; i++)
            {
                using (var outer = view)
                    view = outer.select(0, indices[i]);
            }

            return view;
        }

        private void SetElement(long[] indices, Tensor value) => index_put_(value, Array.ConvertAll(indices, i => (TensorIndex)i));

        private Tensor Scattered(long dim, Tensor index, Tensor src, bool add, string name)
        {
            var records = BeginWrite(src);
            Indexing.Scatter(this, dim, index, src, add, name);
            return records ? Continue(new ScatterNode(this, Shapes.Dim(dim, Shape.Length), index, src, add)) : this;
        }

        /// <summary>The view that all but tensors among the indexes describe, and the tensors by the view's dimensions.</summary>
        private Tensor Indexed(TensorIndex[] indices, out Tensor?[]? tensors)
        {
            tensors = null;
            var taken = 0;
            foreach (var i in indices)
            {
                taken += i.kind switch
                {
                    TensorIndex.Kind.Single or TensorIndex.Kind.Slice => 1,
                    TensorIndex.Kind.Tensor => i.tensor!.dtype == ScalarType.Bool ? i.tensor.Shape.Length : 1,
                    _ => 0,
                };
            }

            if (taken > Shape.Length)
                TorchErrors.Throw($"{taken} indexes are too many for a tensor of shape {TorchErrors.Text(Shape)}.");
            var view = Alias();
            var dim = 0;
            foreach (var i in indices)
            {
                var before = view;
                switch (i.kind)
                {
                    case TensorIndex.Kind.Single:
                        view = view.select(dim, i.start ?? 0);
                        break;
                    case TensorIndex.Kind.Slice:
                        view = view.slice(dim++, i.start ?? 0, i.stop ?? long.MaxValue, i.step ?? 1);
                        break;
                    case TensorIndex.Kind.None:
                        view = view.unsqueeze(dim++);
                        break;
                    case TensorIndex.Kind.Ellipsis:
                        dim += Shape.Length - taken;
                        break;
                    case TensorIndex.Kind.Tensor:
                        Array.Resize(ref tensors, dim + 1);
                        tensors[dim] = i.tensor;
                        dim += i.tensor!.dtype == ScalarType.Bool ? i.tensor.Shape.Length : 1;
                        break;
                    default:
                        throw TorchErrors.Error("Indexing by a single bool is not available; use a Bool tensor.");
                }

                if (!ReferenceEquals(before, view))
                    before.Dispose();
            }

            return view;
        }

        private static void CheckMask(Tensor mask, string name)
        {
            if (mask.dtype != ScalarType.Bool)
                TorchErrors.Throw($"{name} needs a mask of type Bool, not {mask.dtype}.");
        }
    }
}
