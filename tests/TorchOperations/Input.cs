using static TorchSharp.torch;

namespace Latent.TorchOperations;

/// <summary>A tensor's shape and values, row by row.</summary>
internal sealed record Input(long[] Shape, Array Values)
{
    public bool IsFloating => Values is float[];

    /// <summary>Makes the tensor that holds the values, and the leaf that it is a view of, in some layout of memory.</summary>
    public (Tensor Leaf, Tensor View) Make(Layout layout, bool gradient)
    {
        using var rows = Values switch
        {
            { Length: 0 } => zeros(Shape), // TorchSharp makes no tensor of an empty array
            float[] v => tensor(v, Shape),
            long[] v => tensor(v, Shape),
            _ => throw new InvalidOperationException(Values.GetType().Name),
        };
        if (layout == Layout.Turned && Shape.Length > 1)
        {
            var leaf = Leaf(rows.reshape(-1, Shape[^1]).t().contiguous());
            return (leaf, leaf.t().reshape(Shape));
        }

        if (layout == Layout.Sliced && Shape.Length > 0)
        {
            var leaf = zeros((long[])[.. Shape, 2], rows.dtype);
            leaf.select(-1, 1).copy_(rows);
            leaf = Leaf(leaf);
            return (leaf, leaf.select(-1, 1));
        }

        var whole = Leaf(rows.clone());
        return (whole, whole);

        Tensor Leaf(Tensor t) => gradient ? t.requires_grad_() : t;
    }
}
