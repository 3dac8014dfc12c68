using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    public static Tensor cat(Tensor[] tensors, long dim = 0) => Joining.Cat(tensors, dim);

    public static Tensor cat(ReadOnlySpan<Tensor> tensors, long dim = 0) => Joining.Cat(tensors, dim);

    public static Tensor cat(IList<Tensor> tensors, long dim = 0) => Joining.Cat(Span(tensors), dim);

    public static Tensor concat(Tensor[] tensors, long dim = 0) => Joining.Cat(tensors, dim);

    public static Tensor concat(ReadOnlySpan<Tensor> tensors, long dim = 0) => Joining.Cat(tensors, dim);

    public static Tensor concat(IList<Tensor> tensors, long dim = 0) => Joining.Cat(Span(tensors), dim);

    public static Tensor stack(IEnumerable<Tensor> tensors, long dim = 0) => Joining.Stack(tensors.ToArray(), dim);

    public static Tensor[] chunk(Tensor input, long chunks, long dim = 0) => input.chunk(chunks, dim);

    public static Tensor[] split(Tensor tensor, long[] split_size_or_sections, long dim = 0) => tensor.split(split_size_or_sections, dim);

    /// <summary>x where the condition holds, y elsewhere.</summary>
    public static Tensor where(Tensor condition, Tensor x, Tensor y) => Selection.Where(condition, x, y);

    private static ReadOnlySpan<Tensor> Span(IList<Tensor> tensors) => tensors switch
    {
        Tensor[] array => array,
        List<Tensor> list => CollectionsMarshal.AsSpan(list),
        _ => tensors.ToArray(),
    };
}
