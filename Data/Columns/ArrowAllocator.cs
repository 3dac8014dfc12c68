using System.Buffers;
using Apache.Arrow.Memory;

namespace Latent.Data.Columns;

/// <summary>
/// Allocates memory for what Apache.Arrow reads, no more than a message can need. The memory is garbage-collected: a batch that is disposed
/// takes the dictionaries of the next with it.
/// </summary>
internal sealed class ArrowAllocator : MemoryAllocator
{
    /// <summary>Gets or sets how many bytes may still be allocated.</summary>
    public long Left { get; set; }

    protected override IMemoryOwner<byte> AllocateInternal(int length, out int bytesAllocated)
    {
        Left -= bytesAllocated = length;
        return Left >= 0
            ? new Owner(GC.AllocateUninitializedArray<byte>(length))
            : throw new InvalidDataException(
                $"its columns take more memory than can be packed into them, or than the {ColumnarTable.MaxBytes:N0} bytes that are read at once"
            );
    }

    private sealed class Owner(byte[] bytes) : IMemoryOwner<byte>
    {
        public Memory<byte> Memory => bytes;

        public void Dispose() { }
    }
}
