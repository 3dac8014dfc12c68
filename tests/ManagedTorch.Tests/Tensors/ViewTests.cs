using static TorchSharp.torch;

namespace Latent.ManagedTorch.Tests.Tensors;

public class ViewTests
{
    public static readonly TheoryData<string> Views =
    [
        "reshape",
        "narrow",
        "select",
        "unsqueeze",
        "detach",
        "index",
        "flatten",
        "unflatten",
        "t",
    ];

    [Theory]
    [MemberData(nameof(Views))]
    public void Writing_through_a_view_shows_in_its_base(string name)
    {
        using var scope = NewDisposeScope();
        var x = arange(12, dtype: float32).reshape(3, 4);
        var view = ViewOf(x, name);
        view.fill_(-1);
        var changed = x.data<float>().ToArray().Count(v => v == -1);
        Assert.Equal(view.numel(), changed);
        x.fill_(2);
        Assert.All(view.data<float>().ToArray(), v => Assert.Equal(2, v));
    }

    [Fact]
    public void A_view_outlives_its_base()
    {
        using var scope = NewDisposeScope();
        var x = arange(12, dtype: float32);
        var view = x.narrow(0, 4, 4);
        x.Dispose();
        // Whatever is made now must not get the memory that the view still needs.
        var other = zeros(12);
        other.fill_(7);
        Assert.Equal([4f, 5, 6, 7], view.data<float>().ToArray());
    }

    [Fact]
    public void Strides_are_PyTorchs()
    {
        using var scope = NewDisposeScope();
        var x = zeros([2, 3, 4]);
        Assert.Equal([12L, 4, 1], x.FullStrides());
        Assert.Equal([1L, 12], x.reshape(2, 12).t().FullStrides());
        Assert.Equal([12L, 1], x.select(1, 2).FullStrides());
        Assert.Equal(8, x.select(1, 2).Offset);
        Assert.Equal([0L, 1], arange(4).expand(3, 4).FullStrides());
        Assert.True(x.IsDense);
        Assert.False(x[0].t().IsDense);
        Assert.True(x[0].t().contiguous().IsDense);
    }

    [Fact]
    public void A_transposed_tensor_is_viewed_where_its_strides_allow_it()
    {
        using var scope = NewDisposeScope();
        var x = arange(24, dtype: float32).reshape(6, 4).t();
        Assert.Same(x.Storage, x.reshape(4, 2, 3).Storage);
        Assert.NotSame(x.Storage, x.reshape(3, 8).Storage);
        Assert.Equal(x.contiguous().data<float>().ToArray(), x.reshape(3, 8).data<float>().ToArray());
        Assert.Equal([0f, 4, 8, 12, 16, 20], x[0].reshape(6).data<float>().ToArray());
    }

    [Fact]
    public void Contiguous_copies_hold_the_elements_in_logical_order()
    {
        using var scope = NewDisposeScope();
        var x = arange(24, dtype: float32).reshape(2, 3, 4);
        Assert.Equal([0f, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11], x[0].t().contiguous().data<float>().ToArray());
        Assert.Equal([0f, 12, 1, 13, 2, 14, 3, 15], x.select(1, 0).t().reshape(-1).data<float>().ToArray());
    }

    [Fact]
    public void A_large_transpose_is_exact()
    {
        using var scope = NewDisposeScope();
        var x = arange(100 * 70, dtype: float32).reshape(100, 70);
        var t = x.t().contiguous();
        for (var i = 0; i < 100; i += 7)
        {
            for (var j = 0; j < 70; j += 3)
                Assert.Equal((i * 70) + j, t.data<float>()[j, i]);
        }
    }

    private static Tensor ViewOf(Tensor x, string name) =>
        name switch
        {
            "reshape" => x.reshape(12),
            "narrow" => x.narrow(1, 1, 2),
            "select" => x.select(0, 1),
            "unsqueeze" => x.unsqueeze(1),
            "detach" => x.detach(),
            "index" => x[2][1],
            "flatten" => x.flatten(),
            "unflatten" => x.unflatten(1, 2, 2),
            _ => x.t(),
        };
}
