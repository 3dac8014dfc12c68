using static TorchSharp.torch;

namespace TorchSharp.Autograd;

/// <summary>Elements written to, or added to, places that an index names.</summary>
internal sealed class ScatterNode : Node
{
    private readonly int _dim;
    private readonly bool _add;
    private readonly long[] _sourceShape;
    private Saved _index;

    public ScatterNode(Tensor target, int dim, Tensor index, Tensor source, bool add)
        : base(target, source)
    {
        _dim = dim;
        _add = add;
        _sourceShape = source.Shape;
        _index = Save(index);
    }

    protected override void Backward(Tensor grad)
    {
        var index = Load(ref _index);
        if (Needs(0))
            Give(0, _add ? grad : grad.clone().scatter_(_dim, index, zeros(index.Shape)));
        if (!Needs(1))
            return;
        var taken = grad.gather(_dim, index);
        if (!Shapes.Same(taken.Shape, _sourceShape))
        {
            // The index may cover only the first elements of the source.
            var whole = zeros(_sourceShape);
            var part = whole;
            for (var i = 0; i < _sourceShape.Length; i++)
                part = Views.Sliced(part, i, 0, taken.Shape[i], 1);
            Copies.Into(part, taken);
            taken = whole;
        }

        Give(1, taken);
    }

    protected override void Release() => _index.Release();
}
