using TorchSharp.Autograd;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Tensors put next to each other.</summary>
internal static class Joining
{
    public static Tensor Cat(ReadOnlySpan<Tensor> tensors, long dim)
    {
        if (tensors.Length == 0)
            TorchErrors.Throw("cat needs at least one tensor.");
        var first = tensors[0];
        if (first.Shape.Length == 0)
            TorchErrors.Throw("cat needs tensors with at least one dimension; use stack.");
        var at = Shapes.Dim(dim, first.Shape.Length);
        var dtype = first.dtype;
        long total = 0;
        foreach (var tensor in tensors)
        {
            if (tensor.Shape.Length != first.Shape.Length)
                throw Mismatch(first, tensor, at);
            for (var i = 0; i < first.Shape.Length; i++)
            {
                if (i != at && tensor.Shape[i] != first.Shape[i])
                    throw Mismatch(first, tensor, at);
            }

            dtype = Dtypes.Promote(dtype, tensor.dtype);
            total += tensor.Shape[at];
        }

        var y = Tensor.New(Shapes.Replace(first.Shape, at, total), dtype);
        long start = 0;
        foreach (var tensor in tensors)
        {
            using var part = Views.Sliced(y, at, start, tensor.Shape[at]);
            Copies.Into(part, tensor);
            start += tensor.Shape[at];
        }

        return GradMode.Records(tensors) ? y.From(new CatNode(tensors, at)) : y;
    }

    public static Tensor Stack(ReadOnlySpan<Tensor> tensors, long dim)
    {
        if (tensors.Length == 0)
            TorchErrors.Throw("stack needs at least one tensor.");
        var parts = new Tensor[tensors.Length];
        var at = Shapes.Dim(dim, tensors[0].Shape.Length + 1);
        for (var i = 0; i < parts.Length; i++)
        {
            if (!Shapes.Same(tensors[i].Shape, tensors[0].Shape))
            {
                TorchErrors.Throw(
                    $"stack needs tensors of one shape, not {TorchErrors.Text(tensors[0].Shape)} and "
                        + $"{TorchErrors.Text(tensors[i].Shape)}."
                );
            }

            parts[i] = tensors[i].unsqueeze(at);
        }

        var result = Cat(parts, at);
        foreach (var part in parts)
            part.Dispose();
        return result;
    }

    private static System.Runtime.InteropServices.ExternalException Mismatch(Tensor first, Tensor other, int dim) =>
        TorchErrors.Error(
            $"cat along dimension {dim} needs equal sizes in the others, not {TorchErrors.Text(first.Shape)} and "
                + $"{TorchErrors.Text(other.Shape)}."
        );

    private sealed class CatNode : Node
    {
        private readonly int _dim;
        private readonly long[] _sizes;

        public CatNode(ReadOnlySpan<Tensor> tensors, int dim)
            : base(tensors)
        {
            _dim = dim;
            _sizes = new long[tensors.Length];
            for (var i = 0; i < tensors.Length; i++)
                _sizes[i] = tensors[i].Shape[dim];
        }

        protected override void Backward(Tensor grad)
        {
            long start = 0;
            for (var i = 0; i < _sizes.Length; start += _sizes[i++])
            {
                if (Needs(i))
                    Give(i, Views.Sliced(grad, _dim, start, _sizes[i]));
            }
        }
    }
}
