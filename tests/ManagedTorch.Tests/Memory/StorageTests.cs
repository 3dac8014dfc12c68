using TorchSharp.Memory;
using static TorchSharp.torch;

namespace Latent.ManagedTorch.Tests.Memory;

public class StorageTests
{
    [Fact]
    public void Disposed_memory_serves_the_next_tensor_of_its_size()
    {
        Settle();
        using var scope = NewDisposeScope();
        var first = zeros(12_345);
        var storage = first.Storage;
        first.Dispose();
        Assert.Same(storage, zeros(12_340).Storage);
    }

    [Fact]
    public void Views_and_saved_tensors_hold_their_share()
    {
        using var scope = NewDisposeScope();
        var x = zeros(1000).requires_grad_();
        var storage = x.Storage;
        Assert.True(storage.IsExclusive);
        var view = x.detach();
        var square = x.square();
        view.Dispose();
        Assert.False(storage.IsExclusive);
        square.sum().backward();
        Assert.True(storage.IsExclusive);
    }

    [Fact]
    public void Disposing_a_result_releases_all_that_led_to_it()
    {
        using var scope = NewDisposeScope();
        var x = zeros(1000).requires_grad_();
        using (NewDisposeScope())
        {
            var y = x;
            for (var i = 0; i < 10; i++)
                y = y.square();
        }

        Assert.True(x.Storage.IsExclusive);
    }

    [Fact]
    public void What_nobody_disposes_comes_back_through_the_collector()
    {
        var before = TensorStorage.UsedBytes;
        Leak();
        for (var i = 0; i < 10 && TensorStorage.UsedBytes > before + (8 << 20); i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.True(TensorStorage.UsedBytes <= before + (8 << 20), $"{TensorStorage.UsedBytes - before} bytes are still in use.");
    }

    [Fact]
    public void Sizes_are_aligned_and_padded_and_waste_at_most_a_quarter()
    {
        Settle();
        foreach (var bytes in new long[] { 0, 1, 64, 65, 256, 257, 511, 512, 513, 1000, 4096, 5000, 1 << 20, (1 << 20) + 1, 3_000_000 })
        {
            var before = TensorStorage.UsedBytes;
            var storage = TensorStorage.Rent(bytes);
            var capacity = TensorStorage.UsedBytes - before;
            Assert.True(capacity >= bytes && capacity <= Math.Max(64, bytes + (bytes / 4) + 64), $"{bytes} bytes took {capacity}.");
            unsafe
            {
                Assert.Equal(0, (long)storage.Data % 64);
            }

            storage.Release();
            Assert.Equal(before, TensorStorage.UsedBytes);
        }
    }

    [Fact]
    public void A_training_step_takes_its_memory_from_the_pool()
    {
        using var scope = NewDisposeScope();
        var w = rand(64, 64).requires_grad_();
        var x = rand(32, 64);
        for (var i = 0; i < 5; i++)
            Step(w, x);
        Settle();
        var (reserved, used) = (TensorStorage.ReservedBytes, TensorStorage.UsedBytes);
        var managed = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            Step(w, x);
        managed = (GC.GetAllocatedBytesForCurrentThread() - managed) / 100;
        Assert.Equal(reserved, TensorStorage.ReservedBytes);
        Assert.Equal(used, TensorStorage.UsedBytes);
        // Six operations, forward and backward.
        Assert.True(managed < 12 * 400, $"A step allocates {managed} managed bytes.");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1024)]
    [InlineData(1025)]
    public void Tensors_of_one_file_see_what_each_other_writes(int count)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, new byte[count * sizeof(float)]);
            using var scope = NewDisposeScope();
            var one = from_file(path, shared: true, count);
            var other = from_file(path, shared: true, count);
            one.fill_(3);
            other.narrow(0, count - 1, 1).add_(2);
            Assert.Equal(5, one.data<float>()[count - 1]);
            Assert.Equal((3f * count) + 2, other.sum().item<float>());
            var view = one.narrow(0, count - 1, 1);
            one.Dispose();
            Assert.Equal(5, view.item<float>());
            view.Dispose();
            other.Dispose();
            Assert.Equal(BitConverter.GetBytes(5f), File.ReadAllBytes(path).AsSpan((count - 1) * sizeof(float), sizeof(float)));
        }
        finally
        {
            File.Delete(path);
        }
    }

    // What earlier tests dropped comes back through finalizers, whenever they run.
    private static void Settle()
    {
        for (var i = 0; i < 2; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }

    private static void Step(Tensor w, Tensor x)
    {
        using var step = NewDisposeScope();
        w.ClearGrad();
        var loss = (x.mm(w).tanh() + 1.0).square().sum() * 0.5;
        loss.backward();
    }

    private static void Leak()
    {
        for (var i = 0; i < 64; i++)
            _ = zeros(1 << 20).requires_grad_().exp();
    }
}
