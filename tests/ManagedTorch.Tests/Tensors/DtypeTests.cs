using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Latent.ManagedTorch.Tests.Tensors;

public class DtypeTests
{
    [Fact]
    public void Types_mix_as_in_PyTorch()
    {
        using var scope = NewDisposeScope();
        var (f, i, b) = (ones(2), ones(2, int64), ones(2, @bool));
        Assert.Equal(float32, (f + i).dtype);
        Assert.Equal(int64, (i + b).dtype);
        Assert.Equal(float32, (i / i).dtype);
        Assert.Equal(int64, (i * 2).dtype);
        Assert.Equal(float32, (i * 2.5).dtype);
        Assert.Equal(float32, (f * 2).dtype);
        Assert.Equal(float32, (f + tensor(1.0, float64)).dtype);
        Assert.Equal(@bool, (f > 0).dtype);
        Assert.Equal(int64, b.sum().dtype);
        Assert.Equal(float32, i.exp().dtype);
        Assert.Equal(int64, i.argmax().dtype);
        Assert.Equal(float32, (b * f).dtype);
    }

    [Fact]
    public void Conversions_cut_and_round_trip()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new[] { -1.7f, 0, 2.9f, 200 });
        Assert.Equal([-1L, 0, 2, 200], x.to(int64).data<long>().ToArray());
        Assert.Equal([-1, 0, 2, 200], x.to(int32).data<int>().ToArray());
        Assert.Equal([true, false, true, true], x.to(@bool).data<bool>().ToArray());
        Assert.Equal([0, 2, 200], x[1..].to(uint8).data<byte>().ToArray());
        Assert.Equal(x.data<float>().ToArray().Select(v => (double)v), x.to(float64).data<double>().ToArray());
        Assert.Equal([0f, 255], tensor(new byte[] { 0, 255 }).to(float32).data<float>().ToArray());
    }

    [Fact]
    public void Integers_stay_exact()
    {
        using var scope = NewDisposeScope();
        var big = tensor(new long[] { 9007199254740993, -3 });
        Assert.Equal([9007199254740994L, -2], (big + 1).data<long>().ToArray());
        Assert.Equal(9007199254740990, big.sum().item<long>());
        Assert.Equal([-2L, 1], tensor(new long[] { -3, 3 }).div(tensor(2L), RoundingMode.floor).data<long>().ToArray());
        Assert.Equal([-1L, 1], tensor(new long[] { -3, 3 }).div(tensor(2L), RoundingMode.trunc).data<long>().ToArray());
        Assert.Equal([1L, 2], tensor(new long[] { -3, 5 }).remainder(tensor(new long[] { 4, 3 })).data<long>().ToArray());
    }

    [Fact]
    public void Integers_beyond_the_precision_of_floats_stay_exact()
    {
        using var scope = NewDisposeScope();
        const long Big = (1L << 60) + 1;
        var x = tensor(new long[] { Big, -Big, 0 });
        Assert.Equal([1L, -1, 0], x.sign().data<long>().ToArray());
        Assert.Equal([50331652L], tensor(new[] { 1L }).add(tensor(new[] { 16777217L }), 3).data<long>().ToArray());
        Assert.Equal([3 * Big - 5, -3 * Big - 5, -5], tensor(new[] { -5L }).expand(3).clone().add_(x, 3).data<long>().ToArray());
        Assert.Throws<ExternalException>(() => x.add(x, 0.5));
        var powers = tensor(new long[] { 7, -2, 5, 2, -1 }).pow(tensor(new long[] { 20, 3, 0, -1, -3 }));
        Assert.Equal([79792266297612001, -8, 1, 0, -1], powers.data<long>().ToArray());
        Assert.Equal((Big, -Big), (x.max().item<long>(), x.amin().item<long>()));
        var near = tensor(new long[,] { { Big - 1, Big, Big - 1 } });
        Assert.Equal((Big, 1), (near.max(1).values.item<long>(), near.max(1).indexes.item<long>()));
        Assert.Equal(2, tensor(new[] { Big, Big + 1, Big - 1 }).argmin().item<long>());
        Assert.Equal(2.5, tensor(new[] { 2.5, -3 }).max().item<double>());
        Assert.Equal(1, tensor(new[] { 2.5, double.NaN, 3 }).max(0).indexes.item<long>());
    }

    [Fact]
    public void Integers_are_limited_and_made_positive_in_their_own_type()
    {
        using var scope = NewDisposeScope();
        var (x, y) = (tensor(new[] { -5, 0, 7 }), tensor(new byte[] { 0, 5, 255 }));
        Assert.Equal([0, 0, 7], x.clamp_min(0).data<int>().ToArray());
        Assert.Equal([-5, 0, 3], x.clamp(max: 3).data<int>().ToArray());
        Assert.Equal([-1, 0, 1], x.clamp(-1, 1).data<int>().ToArray());
        Assert.Equal([0.5f, 0.5f, 7], x.clamp(min: 0.5).data<float>().ToArray());
        Assert.Equal([10, 10, 255], y.clamp_min(10).data<byte>().ToArray());
        Assert.Equal([0, 5, 10], y.clamp_max(10).data<byte>().ToArray());
        Assert.Throws<ExternalException>(() => y.clamp_max(300));
        Assert.Throws<ExternalException>(() => x.clamp_max(1L << 40));
        Assert.Equal([5, 0, 7], x.abs().data<int>().ToArray());
        Assert.Equal([0, 5, 255], y.abs().data<byte>().ToArray());
        Assert.Equal([0, 1, 1], y.sign().data<byte>().ToArray());
        Assert.Equal([5, 0, 4], x.abs_().clamp_max_(5).sub(tensor(new[] { 0, 0, 1 })).data<int>().ToArray());
    }

    [Theory]
    [InlineData(1, 0.1, 9)]
    [InlineData(-1, 0.1, -10)]
    [InlineData(7, -3, -3)]
    [InlineData(1, 0, double.PositiveInfinity)]
    [InlineData(-1, 0, double.NegativeInfinity)]
    [InlineData(0, 0, double.NaN)]
    [InlineData(double.PositiveInfinity, 2, double.NaN)]
    [InlineData(2, double.PositiveInfinity, 0)]
    [InlineData(-2, double.PositiveInfinity, -1)]
    [InlineData(2, double.NegativeInfinity, -1)]
    [InlineData(-0.5, 1, -1)]
    [InlineData(0, -3, -0.0)]
    public void Quotients_of_floats_are_rounded_down_as_in_PyTorch(double a, double b, double expected)
    {
        using var scope = NewDisposeScope();
        Assert.Equal((float)expected, tensor((float)a).div(tensor((float)b), RoundingMode.floor).item<float>());
        var quotient = tensor(a).div(tensor(b), RoundingMode.floor).item<double>();
        Assert.Equal(expected, quotient);
        Assert.Equal(expected == 0 && double.IsNegative(expected), quotient == 0 && double.IsNegative(quotient));
    }

    [Fact]
    public void Arrays_become_tensors_and_come_back()
    {
        using var scope = NewDisposeScope();
        Assert.Equal([2L, 3], tensor(new float[,] { { 1, 2, 3 }, { 4, 5, 6 } }).shape);
        Assert.Equal(6f, ((float[,])tensor(new float[,] { { 1, 2, 3 }, { 4, 5, 6 } }).data<float>().ToNDArray())[1, 2]);
        Assert.Equal([1L, 2, 3], from_array(new long[] { 1, 2, 3 }).data<long>().ToArray());
        Assert.Equal(float32, tensor(new[] { 1, 2 }, dtype: float32).dtype);
        Assert.Equal(1.5f, tensor(1.5f).item<float>());
        Assert.Empty(tensor(1.5f).shape);
        Assert.Equal(8, tensor(new float[] { 1, 2 }).bytes.Length);
    }

    [Fact]
    public void Sequences_end_where_they_should()
    {
        using var scope = NewDisposeScope();
        Assert.Equal([0L, 1, 2], arange(3).data<long>().ToArray());
        Assert.Equal([1f, 1.5f, 2], arange(1.0, 2.5, 0.5).data<float>().ToArray());
        Assert.Equal([0f, 0.25f, 0.5f, 0.75f, 1], linspace(0, 1, 5).data<float>().ToArray());
        Assert.Equal([1f, 0, 0, 1, 0, 0], eye(3, 2).data<float>().ToArray());
        Assert.Equal([3f, 3], full(2, 3f).data<float>().ToArray());
        Assert.Equal([7L], full_like(zeros(1, int64), 7).data<long>().ToArray());
    }

    [Fact]
    public void Bytes_go_out_to_a_stream_and_come_back()
    {
        using var scope = NewDisposeScope();
        var x = arange(1000, dtype: float32);
        var stream = new MemoryStream();
        x.WriteBytesToStream(stream);
        Assert.Equal(4000, stream.Length);
        stream.Position = 0;
        var y = zeros(1000);
        y.ReadBytesFromStream(stream);
        Assert.True(x.allclose(y));
    }

    [Fact]
    public void Not_a_number_is_found_and_equals_nothing()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new[] { 1, float.NaN, float.PositiveInfinity, float.NegativeInfinity });
        Assert.Equal([false, true, false, false], x.isnan().data<bool>().ToArray());
        Assert.Equal([true, false, false, false], x.isfinite().data<bool>().ToArray());
        Assert.Equal([false, false, true, true], x.isinf().data<bool>().ToArray());
        Assert.False(x.allclose(x));
        Assert.True(x.allclose(x, equal_nan: true));
        Assert.True(float.IsNaN(x.max().item<float>()));
    }
}
