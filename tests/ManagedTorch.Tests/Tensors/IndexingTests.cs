using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Latent.ManagedTorch.Tests.Tensors;

public class IndexingTests
{
    [Fact]
    public void Slices_follow_pythons_rules()
    {
        using var scope = NewDisposeScope();
        var x = arange(20, dtype: float32).reshape(4, 5);
        Assert.Equal([5f, 6, 7, 8, 9], Floats(x[1]));
        Assert.Equal([15f, 16, 17, 18, 19], Floats(x[-1]));
        Assert.Equal([6f, 7, 11, 12], Floats(x[1..3, 1..3]));
        Assert.Equal([4f, 9, 14, 19], Floats(x[.., ^1]));
        Assert.Equal([0f, 2, 4], Floats(x[TensorIndex.Single(0), TensorIndex.Slice(0, 5, 2)]));
        Assert.Equal([3f, 4], Floats(x[TensorIndex.Single(0), TensorIndex.Slice(-2, null)]));
        Assert.Equal([4L, 1, 5], x[TensorIndex.Colon, TensorIndex.None].shape);
        Assert.Equal([1f, 6, 11, 16], Floats(x[TensorIndex.Ellipsis, TensorIndex.Single(1)]));
        Assert.Equal([0L, 5], x[4..9].shape);
    }

    [Fact]
    public void Tensors_of_numbers_pick_rows_or_elements()
    {
        using var scope = NewDisposeScope();
        var x = arange(12, dtype: float32).reshape(3, 4);
        Assert.Equal([8f, 9, 10, 11, 0, 1, 2, 3], Floats(x[tensor(new long[] { 2, 0 })]));
        Assert.Equal([9f, 2], Floats(x[tensor(new long[] { 2, 0 }), tensor(new long[] { 1, 2 })]));
        Assert.Equal([1f, 0, 5, 4, 9, 8], Floats(x[TensorIndex.Colon, TensorIndex.Tensor(tensor(new long[] { 1, 0 }))]));
        Assert.Equal([11f], Floats(x[tensor(new long[] { -1 }), tensor(new long[] { -1 })]));
    }

    [Fact]
    public void Masks_pick_where_they_hold()
    {
        using var scope = NewDisposeScope();
        var x = arange(6, dtype: float32).reshape(2, 3);
        Assert.Equal([4f, 5], Floats(x[x > 3]));
        Assert.Equal([3f, 4, 5], Floats(x[tensor(new[] { false, true })]));
        Assert.Equal([4f, 5], Floats(x.masked_select(x > 3)));
        Assert.Equal([0L, 1, 1, 0], (x == 1).logical_or(x == 3).nonzero().data<long>().ToArray());
    }

    [Fact]
    public void Parts_are_written()
    {
        using var scope = NewDisposeScope();
        var x = zeros(3, 3);
        x[0] = ones(3);
        x[1, 1] = tensor(5f);
        x[TensorIndex.Colon, TensorIndex.Single(2)] = tensor(new[] { 7f, 8, 9 });
        Assert.Equal([1f, 1, 7, 0, 5, 8, 0, 0, 9], Floats(x));
        x[x > 5] = tensor(-1f);
        Assert.Equal([1f, 1, -1, 0, 5, -1, 0, 0, -1], Floats(x));
        x.index_put_(tensor(new[] { 2f, 3 }), tensor(new long[] { 2, 2 }), tensor(new long[] { 0, 1 }));
        Assert.Equal([2f, 3, -1], Floats(x[2]));
        x.index_put_(tensor(1f), [tensor(new long[] { 0, 0 }), tensor(new long[] { 0, 0 })], accumulate: true);
        Assert.Equal(3, x[0, 0].item<float>());
    }

    [Fact]
    public void Gather_and_scatter_are_inverse()
    {
        using var scope = NewDisposeScope();
        var x = arange(12, dtype: float32).reshape(3, 4);
        var index = tensor(new long[,] { { 3, 1, 0, 2 }, { 0, 2, 1, 3 }, { 2, 0, 3, 1 } });
        var gathered = x.gather(1, index);
        Assert.Equal([3f, 1, 0, 2, 4, 6, 5, 7, 10, 8, 11, 9], Floats(gathered));
        Assert.Equal(Floats(x), Floats(zeros(3, 4).scatter_(1, index, gathered)));
        Assert.Equal([0f, 3], Floats(zeros(2).scatter_add(0, tensor(new long[] { 1, 1 }), tensor(new[] { 1f, 2 }))));
    }

    [Fact]
    public void Rows_are_selected_in_order_and_repeatedly()
    {
        using var scope = NewDisposeScope();
        var x = arange(6).reshape(3, 2);
        Assert.Equal([4L, 5, 0, 1, 4, 5], x.index_select(0, tensor(new long[] { 2, 0, 2 })).data<long>().ToArray());
        Assert.Equal([1L, 3, 5], x.index_select(1, tensor(new long[] { 1 })).data<long>().ToArray());
    }

    [Fact]
    public void A_tensor_without_dimensions_has_one_element_to_select()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(7, tensor(7f).index_select(0, zeros(1, int64)).item<float>());
        Assert.Throws<ExternalException>(() => tensor(7f).index_select(0, zeros(100, int64)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Gather_and_scatter_take_any_layout(int dim)
    {
        using var scope = NewDisposeScope();
        var x = arange(60, dtype: float32).reshape(5, 4, 3).permute(2, 0, 1);
        var index = tensor(new long[,] { { 2, 0, 1 }, { 1, 1, 0 } }).unsqueeze(-1).expand(2, 3, 4);
        long[] At(long i, long j, long k, long chosen) => dim == 0 ? [chosen, j, k] : dim == 1 ? [i, chosen, k] : [i, j, chosen];
        var gathered = x.gather(dim, index);
        var wide = x.to(int64).gather(dim, index);
        var source = x.narrow(0, 0, 2).narrow(1, 1, 3);
        var added = zeros(4, 5, 3).permute(2, 1, 0).scatter_add_(dim, index, source);
        var expected = new float[3, 5, 4];
        for (var i = 0; i < 2; i++)
        {
            for (var j = 0; j < 3; j++)
            {
                for (var k = 0; k < 4; k++)
                {
                    var at = At(i, j, k, index[i, j, k].item<long>());
                    Assert.Equal(x[at].item<float>(), gathered[i, j, k].item<float>());
                    Assert.Equal(x[at].item<float>(), wide[i, j, k].item<long>());
                    expected[at[0], at[1], at[2]] += source[i, j, k].item<float>();
                }
            }
        }

        Assert.Equal(expected.Cast<float>(), added.data<float>().ToArray());
    }

    [Fact]
    public void Parts_of_any_layout_are_written_by_tensors()
    {
        using var scope = NewDisposeScope();
        var x = zeros(4, 3, int64).t();
        var columns = TensorIndex.Tensor(tensor(new long[] { 3, -4 }));
        x.index_put_(tensor(new long[,] { { 1, 2 }, { 3, 4 }, { 5, 6 } }), TensorIndex.Colon, columns);
        Assert.Equal([2L, 0, 0, 1, 4, 0, 0, 3, 6, 0, 0, 5], x.data<long>().ToArray());
        x.index_put_(tensor(10L), [TensorIndex.Tensor(tensor(new long[] { 0, 0, 2 }))], accumulate: true);
        Assert.Equal([22L, 20, 20, 21, 4, 0, 0, 3, 16, 10, 10, 15], x.data<long>().ToArray());
        var marks = zeros(3, @bool);
        marks.index_put_(tensor(true), [tensor(new long[] { 1, 1 })], accumulate: true);
        Assert.Equal([false, true, false], marks.data<bool>().ToArray());
    }

    [Fact]
    public void Writing_by_a_mask_makes_no_object_an_element()
    {
        using var scope = NewDisposeScope();
        var x = zeros(100_000);
        var (mask, value) = (ones(100_000, @bool), tensor(2f));
        var before = GC.GetAllocatedBytesForCurrentThread();
        x[mask] = value;
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
        Assert.Equal(200_000, x.sum().item<float>());
    }

    [Fact]
    public void Sorting_keeps_track_of_places()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new[,] { { 3f, 1, 2 }, { -1, 5, 0 } });
        var (values, places) = x.sort(1, descending: true);
        Assert.Equal([3f, 2, 1, 5, 0, -1], Floats(values));
        Assert.Equal([0L, 2, 1, 1, 2, 0], places.data<long>().ToArray());
        Assert.Equal([1f, 2, -1, 0], Floats(x.topk(2, 1, largest: false).values));
        Assert.Equal([1L, 0, 1], x.argsort(0)[0].data<long>().ToArray());
    }

    private static float[] Floats(Tensor x) => x.data<float>().ToArray();
}
