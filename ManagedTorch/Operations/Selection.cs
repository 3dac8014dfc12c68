using TorchSharp.Autograd;
using TorchSharp.Kernels;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Choosing between two tensors, element by element.</summary>
internal static unsafe class Selection
{
    public static Tensor Where(Tensor condition, Tensor a, Tensor b)
    {
        if (condition.dtype != ScalarType.Bool)
            TorchErrors.Throw($"where needs a condition of type Bool, not {condition.dtype}.");
        var dtype = Dtypes.Promote(a, b);
        var shape = Broadcast.Shape(Broadcast.Shape(a.Shape, b.Shape, "where"), condition.Shape, "where");
        var y = Tensor.New(shape, dtype);
        using var marks = Numbers.Spelled(condition, shape, ScalarType.Bool);
        using var yes = Numbers.Spelled(a, shape, dtype);
        using var no = Numbers.Spelled(b, shape, dtype);
        switch (y.ElementSize)
        {
            case 4:
                Compare.Where(y.Count, marks.Data, (float*)yes.Data, (float*)no.Data, y.Float);
                break;
            case 8:
                Choose(y.Count, marks.Data, (long*)yes.Data, (long*)no.Data, (long*)y.Storage.Data);
                break;
            default:
                Choose(y.Count, marks.Data, yes.Data, no.Data, y.Storage.Data);
                break;
        }

        return dtype == ScalarType.Float32 && GradMode.Records(a, b) ? y.From(new WhereNode(condition, a, b)) : y;
    }

    private static void Choose<T>(long count, byte* marks, T* yes, T* no, T* y)
        where T : unmanaged
    {
        for (long i = 0; i < count; i++)
            y[i] = marks[i] != 0 ? yes[i] : no[i];
    }

    private sealed class WhereNode : Node
    {
        private readonly long[] _aShape;
        private readonly long[] _bShape;
        private Saved _condition;

        public WhereNode(Tensor condition, Tensor a, Tensor b)
            : base(a, b)
        {
            _aShape = a.Shape;
            _bShape = b.Shape;
            _condition = Save(condition);
        }

        protected override void Backward(Tensor grad)
        {
            using var given = grad.Dense();
            using var marks = Numbers.Spelled(Load(ref _condition), grad.Shape, ScalarType.Bool);
            for (var input = 0; input < 2; input++)
            {
                if (!Needs(input))
                    continue;
                var part = Tensor.New(grad.Shape);
                Compare.Where(grad.Count, marks.Data, input == 0 ? given.Float : null, input == 0 ? null : given.Float, part.Float);
                Give(input, SumTo(part, input == 0 ? _aShape : _bShape));
            }
        }

        protected override void Release() => _condition.Release();
    }
}
