using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using Latent.Contracts;
using Latent.Contracts.Files;

namespace Latent.Data.Files;

/// <summary>
/// Unpacks gzip and refuses a file that ends before its trailer, which GZipStream does not report: the last eight bytes are kept back from
/// it, and compared with the checksum and the length of what came out.
/// </summary>
internal sealed class GzipInput : Stream
{
    private readonly Feed _feed;
    private readonly GZipStream _gzip;
    private readonly string _path;
    private readonly Stream _file;
    private readonly Crc32 _checksum = new();
    private uint _length;
    private bool _isPadded;

    public GzipInput(Stream file, string path)
    {
        (_path, _file) = (path, file);
        _feed = new Feed(this, file);
        _gzip = new GZipStream(_feed, CompressionMode.Decompress);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <exception cref="LatentException">The file is damaged, or ends before its trailer.</exception>
    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
            return 0;
        int read;
        try
        {
            read = _gzip.Read(buffer);
        }
        catch (InvalidDataException e)
        {
            throw new LatentException($"{_path} is a damaged gzip file, or is truncated: {FileError.Reason(e)}.", e);
        }

        if (read == 0 && !_isPadded && !IsTrailer(_feed.Trailer))
            _isPadded = IsPadded();
        _checksum.Append(buffer[..read]);
        _length += (uint)read;
        return read;
    }

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _gzip.Dispose();
        base.Dispose(disposing);
    }

    // Zeros after the trailer are padding, as tapes and block devices leave it, and as gzip itself takes it.
    private bool IsPadded()
    {
        Span<byte> trailer = stackalloc byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(trailer, _checksum.GetCurrentHashAsUInt32());
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[4..], _length);
        var (buffer, kept, offset, end) = (new byte[1 << 16], 0, 0L, -1L);
        _file.Position = 0;
        for (int read; (read = _file.Read(buffer.AsSpan(kept))) > 0; )
        {
            var bytes = buffer.AsSpan(0, kept + read);
            if (bytes.LastIndexOf(trailer) is >= 0 and var at)
                end = offset + at + trailer.Length;
            kept = Math.Min(trailer.Length - 1, bytes.Length);
            offset += bytes.Length - kept;
            bytes[^kept..].CopyTo(buffer);
        }

        // What is like the beginning of another member is one that was cut off.
        _file.Position = Math.Max(0, end);
        if (end < 0 || _file.ReadByte() == 0x1F)
            throw new LatentException($"{_path} is truncated: it ends before its gzip trailer, or was damaged.");
        _file.Position = end;
        for (int read; (read = _file.Read(buffer)) > 0; )
        {
            if (buffer.AsSpan(0, read).ContainsAnyExcept((byte)0))
                throw new LatentException($"{_path} has {_file.Length - end:N0} bytes after its gzip trailer; it must end with it.");
        }

        return true;
    }

    private bool IsTrailer(ReadOnlySpan<byte> bytes) =>
        bytes.Length == 8
        && BinaryPrimitives.ReadUInt32LittleEndian(bytes) == _checksum.GetCurrentHashAsUInt32()
        && BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]) == _length;

    /// <summary>
    /// Reads the file's bytes except the last eight. Files may hold several members one after the other, so it stops where another may
    /// begin: when more is requested there, everything before it has been unpacked.
    /// </summary>
    private sealed class Feed(GzipInput owner, Stream file) : Stream
    {
        private readonly byte[] _buffer = new byte[1 << 16];
        private int _start;
        private int _end;
        private bool _ended;

        // The last bytes that were given away lie before the start, so that a trailer can be looked back at.
        private int _given;

        public ReadOnlySpan<byte> Trailer => _buffer.AsSpan(_start, _end - _start);

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            if (_end - _start <= 8)
                Fill();
            var count = Math.Min(buffer.Length, _end - _start - 8);
            if (count <= 0)
                return 0;
            var bytes = _buffer.AsSpan(_start, count);
            if (IsStart(_buffer.AsSpan(_start, _end - _start)) && _given == 8 && owner.IsTrailer(_buffer.AsSpan(_start - 8, 8)))
            {
                owner._checksum.Reset();
                owner._length = 0;
            }
            // A beginning of three bytes may lie across the end of what is given now; then it is given with the next.
            var next = bytes[1..].IndexOf((byte)0x1F);
            while (next >= 0 && !IsStart(_buffer.AsSpan(_start + 1 + next, _end - _start - 1 - next)))
            {
                var further = bytes[(next + 2)..].IndexOf((byte)0x1F);
                next = further < 0 ? -1 : next + 1 + further;
            }

            if (next >= 0)
                bytes = bytes[..(next + 1)];
            bytes.CopyTo(buffer);
            _start += bytes.Length;
            _given = Math.Min(8, _given + bytes.Length);
            return bytes.Length;
        }

        public override void Flush() { }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            file.Dispose();
            base.Dispose(disposing);
        }

        private static bool IsStart(ReadOnlySpan<byte> bytes) => bytes.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B, 8]);

        private void Fill()
        {
            if (_ended)
                return;
            _buffer.AsSpan(_start - _given, _given + _end - _start).CopyTo(_buffer);
            (_start, _end) = (_given, _given + _end - _start);
            var read = file.ReadAtLeast(_buffer.AsSpan(_end), 1 << 10, throwOnEndOfStream: false);
            _ended = read < 1 << 10;
            _end += read;
        }
    }
}
