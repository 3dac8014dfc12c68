using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Latent.ManagedTorch.Tests.Tensors;

public class IndexingTests
{
    [Fact]
    public void Numbers_pick_rows_from_either_end()
    {
        using var scope = NewDisposeScope();
        var x = arange(20, float32).reshape(4, 5);
        Assert.Equal([5f, 6, 7, 8, 9], Floats(x[1]));
        Assert.Equal([15f, 16, 17, 18, 19], Floats(x[-1]));
        Assert.Equal(12, x[2][2].item<float>());
        Assert.Equal([3f, 8, 13, 18], Floats(x.select(1, -2)));
    }

    [Fact]
    public void Accessors_read_by_running_number_and_by_place()
    {
        using var scope = NewDisposeScope();
        var elements = arange(6).reshape(2, 3).t().data<long>();
        Assert.Equal([0L, 3, 1, 4, 2, 5], elements);
        Assert.Equal((4, 4), (elements[3], elements[1, 1]));
        var part = new long[4];
        elements.CopyTo(part, 1, 2);
        Assert.Equal([0, 1, 4, 2], part);
        Assert.Throws<IndexOutOfRangeException>(() => elements[6]);
        Assert.Throws<IndexOutOfRangeException>(() => elements[3, 0]);
    }

    [Fact]
    public void Rows_are_selected_in_order_and_repeatedly()
    {
        using var scope = NewDisposeScope();
        var x = arange(6).reshape(3, 2);
        Assert.Equal([4L, 5, 0, 1, 4, 5], x.index_select(0, tensor(new long[] { 2, 0, -1 })).data<long>().ToArray());
        Assert.Equal([1L, 3, 5], x.index_select(1, tensor(new long[] { 1 })).data<long>().ToArray());
    }

    [Fact]
    public void A_tensor_without_dimensions_has_one_element_to_select()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(7, tensor(7f).index_select(0, tensor(new long[1])).item<float>());
        Assert.Throws<ExternalException>(() => tensor(7f).index_select(0, tensor(new long[100])));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Gather_takes_any_layout_and_adds_its_gradients_up(int dim)
    {
        using var scope = NewDisposeScope();
        var leaf = arange(60, float32).reshape(20, 3).requires_grad_();
        var x = leaf.t().reshape(3, 5, 4);
        var index = tensor(new long[] { 2, 0, 1, 1, 1, 0 }, [2, 3]).unsqueeze(-1).expand(2, 3, 4);
        var gathered = x.gather(dim, index);
        var wide = x.detach().to(ScalarType.Int64).gather(dim, index);
        var weights = arange(24, float32).reshape(2, 3, 4);
        (gathered * weights).sum().backward();
        var expected = new float[60];
        for (var i = 0; i < 2; i++)
        {
            for (var j = 0; j < 3; j++)
            {
                for (var k = 0; k < 4; k++)
                {
                    var chosen = (int)index[i][j][k].item<long>();
                    var (a, b, c) =
                        dim == 0 ? (chosen, j, k)
                        : dim == 1 ? (i, chosen, k)
                        : (i, j, chosen);
                    Assert.Equal(x[a][b][c].item<float>(), gathered[i][j][k].item<float>());
                    Assert.Equal(x[a][b][c].item<float>(), wide[i][j][k].item<long>());
                    expected[((b * 4) + c) * 3 + a] += weights[i][j][k].item<float>();
                }
            }
        }

        Assert.Equal(expected, Floats(leaf.grad!));
    }

    private static float[] Floats(Tensor x) => x.data<float>().ToArray();
}
