using static TorchSharp.torch;

namespace Latent.ManagedTorch.Tests.Tensors;

public class ViewTests
{
    public static readonly TheoryData<string> Views = ["view", "reshape", "narrow", "select", "slice", "transpose", "permute", "unsqueeze", "squeeze", "detach", "index", "chunk", "flatten", "t"];

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
        var x = zeros(2, 3, 4);
        Assert.Equal([12L, 4, 1], x.stride());
        Assert.Equal([1L, 4, 12], x.permute(2, 1, 0).stride());
        Assert.Equal([12L, 1], x.select(1, 2).stride());
        Assert.Equal(8, x.select(1, 2).storage_offset());
        Assert.Equal([12L, 8, 1], x.slice(1, 0, 3, 2).stride());
        Assert.Equal([0L, 1], arange(4).expand(3, 4).stride());
        Assert.True(x.is_contiguous());
        Assert.False(x.transpose(0, 1).is_contiguous());
        Assert.True(x.transpose(0, 1).contiguous().is_contiguous());
    }

    [Fact]
    public void A_transposed_tensor_is_viewed_where_its_strides_allow_it()
    {
        using var scope = NewDisposeScope();
        var x = arange(24, dtype: float32).reshape(2, 3, 4).transpose(0, 1);
        Assert.Equal([3L, 2, 2, 2], x.view(3, 2, 2, 2).shape);
        Assert.Equal(x.contiguous().data<float>().ToArray(), x.reshape(6, 4).data<float>().ToArray());
        Assert.Equal([0f, 1, 2, 3, 12, 13, 14, 15], x[0].reshape(8).data<float>().ToArray());
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
                Assert.Equal((i * 70) + j, t[j, i].item<float>());
        }
    }

    [Fact]
    public void Split_chunk_and_unbind_cover_everything_once()
    {
        using var scope = NewDisposeScope();
        var x = arange(10, dtype: float32);
        Assert.Equal([4L, 4, 2], x.split(4).Select(p => p.numel()));
        Assert.Equal([4L, 4, 2], x.chunk(3).Select(p => p.numel()));
        Assert.Equal([3L, 7], x.split([3, 7]).Select(p => p.numel()));
        Assert.Equal(10, x.unbind().Length);
        Assert.Equal(45, x.chunk(3).Sum(p => p.sum().item<float>()));
    }

    private static Tensor ViewOf(Tensor x, string name) => name switch
    {
        "view" => x.view(2, 6),
        "reshape" => x.reshape(12),
        "narrow" => x.narrow(1, 1, 2),
        "select" => x.select(0, 1),
        "slice" => x.slice(1, 0, 4, 2),
        "transpose" => x.transpose(0, 1),
        "permute" => x.permute(1, 0),
        "unsqueeze" => x.unsqueeze(1),
        "squeeze" => x.unsqueeze(0).squeeze(0),
        "detach" => x.detach(),
        "index" => x[1.., ..2],
        "chunk" => x.chunk(2, 1)[1],
        "flatten" => x.flatten(),
        _ => x.t(),
    };
}
