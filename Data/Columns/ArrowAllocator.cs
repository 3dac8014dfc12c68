using System.Buffers;
using Apache.Arrow.Memory;

namespace Latent.Data.Columns;

/// <summary>
/// Memory for what Apache.Arrow reads, no more than a message can need. It is the garbage collector's: a batch that is given back takes
/// the dictionaries of the next with it.
/// </summary>
internal sealed class ArrowAllocator : MemoryAllocator
{
    /// <summary>What may still be allocated, in bytes.</summary>
    public long Left { get; set; }

    protected override IMemoryOwner<byte> AllocateInternal(int length, out int bytesAllocated)
    {
        Left -= bytesAllocated = length;
        return Left >= 0
            ? new Owner(GC.AllocateUninitializedArray<byte>(length))
            : throw new InvalidDataException(
                $"its columns take more memory than can be packed into them, or than the {ColumnarTable.MostBytes:N0} bytes that are read at once"
            );
    }

    private sealed class Owner(byte[] bytes) : IMemoryOwner<byte>
    {
        public Memory<byte> Memory => bytes;

        public void Dispose() { }
    }
}
