using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Latent.ManagedTorch.Tests.Tensors;

public class DtypeTests
{
    private const ScalarType Float = ScalarType.Float32;
    private const ScalarType Int = ScalarType.Int64;

    [Fact]
    public void Types_mix_as_in_PyTorch()
    {
        using var scope = NewDisposeScope();
        var (f, i) = (tensor(new[] { 1f, 2 }), tensor(new long[] { 1, 2 }));
        var b = f >= 2;
        Assert.Equal(Float, (f + i).dtype);
        Assert.Equal(Float, (i / i).dtype);
        Assert.Equal(Int, (i * 2).dtype);
        Assert.Equal(Float, (i * 2.5).dtype);
        Assert.Equal(Float, (f * 2).dtype);
        Assert.Equal(Int, (1 - i).dtype);
        Assert.Equal(ScalarType.Bool, b.dtype);
        Assert.Equal(Int, b.sum().dtype);
        Assert.Equal(Float, i.exp().dtype);
        Assert.Equal([0f, 2], (b * f).data<float>().ToArray());
        Assert.Throws<ExternalException>(() => b + b);
    }

    [Fact]
    public void Conversions_cut_and_round_trip()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new[] { -1.7f, 0, 2.9f, 200 });
        Assert.Equal([-1L, 0, 2, 200], x.to(Int).data<long>().ToArray());
        Assert.Equal([true, false, true, true], x.to(ScalarType.Bool).data<bool>().ToArray());
        Assert.Equal([1f, 0, 1, 1], x.to(ScalarType.Bool).to(Float).data<float>().ToArray());
        Assert.Equal([1L, 0, 1, 1], x.to(ScalarType.Bool).to(Int).data<long>().ToArray());
        Assert.Equal([-1f, 0, 2, 200], x.to(Int).to(Float).data<float>().ToArray());
    }

    [Fact]
    public void Integers_stay_exact()
    {
        using var scope = NewDisposeScope();
        var big = tensor(new long[] { 9007199254740993, -3 });
        Assert.Equal([9007199254740994L, -2], (1 + big).data<long>().ToArray());
        Assert.Equal(9007199254740990, big.sum().item<long>());
        Assert.Equal([27021597764222979L, -9], (big * 3).data<long>().ToArray());
        Assert.Equal([9007199254740993L, 0], big.clamp_min(0).data<long>().ToArray());
        Assert.Equal([2L, -3], big.clamp_max(2).data<long>().ToArray());
        Assert.Equal([-9007199254740993L, 3], (-big).data<long>().ToArray());
        Assert.Equal([9007199254740998L, 2], big.clone().add_(5).data<long>().ToArray());
        Assert.Equal([0L, 0], big.clone().sub_(big).data<long>().ToArray());
    }

    [Theory]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.Int32)]
    [InlineData(ScalarType.Byte)]
    [InlineData(ScalarType.BFloat16)]
    public void There_are_no_other_types(ScalarType type)
    {
        using var scope = NewDisposeScope();
        Action[] asks = [() => zeros(2, type), () => zeros(2).to(type), () => arange(3, type), () => rand([2L], type)];
        Assert.All(asks, ask => Assert.Contains(type.ToString(), Assert.Throws<ExternalException>(ask).Message));
    }

    [Fact]
    public void Sequences_end_where_they_should()
    {
        using var scope = NewDisposeScope();
        Assert.Equal([0L, 1, 2], arange(3).data<long>().ToArray());
        Assert.Equal([0f, 1, 2], arange(2.5).data<float>().ToArray());
        Assert.Equal([0f, 1], arange(2, Float).data<float>().ToArray());
        Assert.Equal(0, arange(0).numel());
        Assert.Throws<ExternalException>(() => arange(-1));
        Assert.Throws<ExternalException>(() => arange(2, ScalarType.Bool));
        Assert.Equal([3f, 3], full(1, 2, 3f).data<float>().ToArray());
        Assert.Equal([3L, 3], full(1, 2, 3).data<long>().ToArray());
        Assert.Equal(1.5f, tensor(1.5f).item<float>());
        Assert.Empty(tensor(1.5f).shape);
    }

    [Fact]
    public void Comparisons_with_what_is_not_a_number_do_not_hold()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new[] { 1, float.NaN, float.PositiveInfinity, float.NegativeInfinity });
        Assert.Equal([false, false, true, false], (x >= 2).data<bool>().ToArray());
        Assert.Equal([true, false, false, true], x.lt(2).data<bool>().ToArray());
        Assert.Equal([true, false, true, true], (x <= x.clone()).data<bool>().ToArray());
        Assert.Equal([false, false, false, false], (x > x.clone()).data<bool>().ToArray());
        Assert.Throws<ExternalException>(() => x.to(Int).lt(2));
    }
}
