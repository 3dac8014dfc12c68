using TorchSharp.Kernels;

namespace Latent.Tests.Kernels;

public sealed unsafe class NativePoolTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(192)]
    [InlineData(193)]
    [InlineData(4096 - 64)]
    [InlineData(100_000)]
    [InlineData(9_000_000)]
    public void Blocks_are_aligned_padded_counted_and_used_again(long bytes)
    {
        var before = NativePool.BytesInUse;
        var p = NativePool.Rent(bytes);
        Assert.Equal(0, (long)p % 64);
        new Span<byte>(p, (int)bytes + 64).Fill(1);
        Assert.InRange(NativePool.BytesInUse - before, bytes + 64, Math.Max(256, (bytes + 64) * 5 / 4));
        NativePool.Return(p, bytes);
        Assert.Equal(before, NativePool.BytesInUse);
        Assert.True(p == NativePool.Rent(bytes));
        NativePool.Return(p, bytes);
    }

    [Fact]
    public void Threads_may_return_what_others_rented()
    {
        var before = NativePool.BytesInUse;
        Parallel.For(
            0,
            8,
            i =>
            {
                var random = new Random(i);
                for (var round = 0; round < 300; round++)
                {
                    var bytes = random.Next(1, 50_000);
                    var p = (nint)NativePool.Rent(bytes);
                    *(int*)p = round;
                    if (round % 3 == 0)
                        Task.Run(() => NativePool.Return((float*)p, bytes)).Wait();
                    else
                        NativePool.Return((float*)p, bytes);
                }
            }
        );
        Assert.Equal(before, NativePool.BytesInUse);
    }
}
