using FsCheck;
using FsCheck.Fluent;
using static TorchSharp.torch;

namespace Latent.ManagedTorch.Tests.Tensors;

public class BroadcastTests
{
    private static readonly Func<Tensor, Tensor, Tensor>[] TensorOperations =
    [
        (a, b) => a + b,
        (a, b) => a - b,
        (a, b) => a * b,
        (a, b) => a / b,
    ];

    private static readonly Func<double, double, double>[] NumberOperations =
    [
        (a, b) => a + b,
        (a, b) => a - b,
        (a, b) => a * b,
        (a, b) => a / b,
    ];

    [Fact]
    public void Any_two_shapes_that_fit_broadcast_as_the_definition_says() =>
        Prop.ForAll(
                Cases(),
                c =>
                {
                    using var scope = NewDisposeScope();
                    var (a, b) = (Numbers(c.Shape, c.DropA, c.OnesA, 1), Numbers(c.Shape, c.DropB, c.OnesB, 2));
                    var result = TensorOperations[c.Operation](a, b);
                    var expected = Expected(a, b, result.shape, NumberOperations[c.Operation]);
                    Assert.Equal(BroadcastOf(a.shape, b.shape), result.shape);
                    Assert.Equal(expected, result.data<float>().ToArray());
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Gradients_of_broadcast_operands_are_sums_over_what_was_stretched() =>
        Prop.ForAll(
                Cases(),
                c =>
                {
                    using var scope = NewDisposeScope();
                    var (a, b) = (
                        Numbers(c.Shape, c.DropA, c.OnesA, 1).requires_grad_(),
                        Numbers(c.Shape, c.DropB, c.OnesB, 2).requires_grad_()
                    );
                    var product = a * b;
                    product.sum().backward();
                    Assert.Equal(a.shape, a.grad!.shape);
                    Assert.Equal(b.shape, b.grad!.shape);
                    // The sum of a's gradient times a is the sum of the product.
                    var total = product.sum().item<float>();
                    Assert.Equal(total, (a.grad * a).sum().item<float>(), Math.Abs(total) * 1e-4 + 1e-4);
                    Assert.Equal(total, (b.grad * b).sum().item<float>(), Math.Abs(total) * 1e-4 + 1e-4);
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void In_place_results_are_those_of_the_plain_operation()
    {
        using var scope = NewDisposeScope();
        var (a, b) = (Numbers([2, 3, 4], 0, 0, 1), Numbers([2, 3, 4], 1, 1, 2));
        Assert.Equal((a + b).data<float>().ToArray(), a.clone().add_(b).data<float>().ToArray());
        Assert.Equal((a - b).data<float>().ToArray(), a.clone().sub_(b).data<float>().ToArray());
    }

    private static Arbitrary<Case> Cases() =>
        Arb.From(
            from rank in Gen.Choose(0, 4)
            from shape in Gen.Choose(1, 4).ArrayOf(rank)
            from dropA in Gen.Choose(0, rank)
            from dropB in Gen.Choose(0, dropA == 0 ? rank : 0)
            from onesA in Gen.Choose(0, 15)
            from onesB in Gen.Choose(0, 15)
            from operation in Gen.Choose(0, 3)
            select new Case(shape.Select(s => (long)s).ToArray(), dropA, dropB, onesA, onesB, operation)
        );

    private static Tensor Numbers(long[] shape, int dropped, int ones, int seed)
    {
        var kept = shape.Skip(dropped).Select((s, i) => ((ones >> i) & 1) == 1 ? 1 : s).ToArray();
        var values = new float[kept.Aggregate(1L, (x, y) => x * y)];
        for (var i = 0; i < values.Length; i++)
            values[i] = (((i * 7) + (seed * 3)) % 11) - 5 is var v && v == 0 ? 0.5f : v;
        return tensor(values, kept);
    }

    private static long[] BroadcastOf(long[] a, long[] b)
    {
        var rank = Math.Max(a.Length, b.Length);
        return Enumerable.Range(0, rank).Select(i => Math.Max(Size(a, i, rank), Size(b, i, rank))).ToArray();
    }

    private static float[] Expected(Tensor a, Tensor b, long[] shape, Func<double, double, double> operation)
    {
        var result = new float[shape.Aggregate(1L, (x, y) => x * y)];
        for (var i = 0; i < result.Length; i++)
            result[i] = (float)operation(At(a, shape, i), At(b, shape, i));
        return result;
    }

    private static float At(Tensor tensor, long[] shape, long number)
    {
        long place = 0;
        long step = 1;
        for (var d = shape.Length - 1; d >= 0; d--)
        {
            var size = Size(tensor.shape, d, shape.Length);
            place += number % shape[d] % size * step;
            number /= shape[d];
            step *= size;
        }

        return tensor.data<float>().ToArray()[place];
    }

    private static long Size(long[] shape, int dim, int rank) => dim < rank - shape.Length ? 1 : shape[dim - (rank - shape.Length)];

    private sealed record Case(long[] Shape, int DropA, int DropB, int OnesA, int OnesB, int Operation);
}
