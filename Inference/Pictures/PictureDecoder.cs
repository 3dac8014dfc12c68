using System.Runtime.InteropServices;
using Latent.Contracts;
using SkiaSharp;

namespace Latent.Inference.Pictures;

/// <summary>
/// Decodes pictures, the only place that does: PNG, JPEG, WebP, GIF (its first frame) and BMP by SkiaSharp, PNM by <see cref="PnmReader"/>,
/// told apart by their content. Use one a thread; its buffers serve one file after another.
/// </summary>
/// <param name="mostPixels">What a header may declare; a picture of more is refused before anything is allocated for it.</param>
internal sealed class PictureDecoder(int mostPixels = PictureDecoder.MostPixels)
{
    public const int MostPixels = 100_000_000;

    private const int MostBytes = 1 << 30;

    // Pinned, so that SkiaSharp reads and writes them where they are.
    private byte[] _file = [];
    private byte[] _pixels = [];

    /// <summary>Decodes a file, which is read whole.</summary>
    /// <exception cref="LatentException">The file can't be read, is no picture, is damaged or is too large.</exception>
    public DecodedPicture Decode(string path) => Decode(Read(path), path);

    /// <summary>Decodes a file's bytes.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="LatentException">The bytes are no picture, are damaged or are too large.</exception>
    public DecodedPicture Decode(ReadOnlySpan<byte> file, string name)
    {
        Grow(ref _file, file.Length);
        file.CopyTo(_file);
        return Decode(file.Length, name);
    }

    private DecodedPicture Decode(int length, string name)
    {
        var file = _file.AsSpan(0, length);
        if (file.IsEmpty)
            throw new LatentException($"{name} is empty; it must be a picture.");
        return PnmReader.IsPnm(file) ? DecodePnm(file, name) : DecodeBySkia(length, name);
    }

    private DecodedPicture DecodePnm(ReadOnlySpan<byte> file, string name)
    {
        var reader = new PnmReader(file, name);
        var picture = Allocate(reader.Width, reader.Height, name);
        reader.Read(picture.Pixels);
        return picture;
    }

    private DecodedPicture DecodeBySkia(int length, string name)
    {
        using var data = SKData.Create(Marshal.UnsafeAddrOfPinnedArrayElement(_file, 0), length);
        using var stream = new SKMemoryStream(data);
        using var codec = SKCodec.Create(stream, out var result);
        // SkiaSharp knows more formats; one of them, WBMP, it sees in anything that begins with two zeros.
        if (codec is null ? result == SKCodecResult.Unimplemented : NameOf(codec.EncodedFormat) is null)
            throw new LatentException($"{name} is not a picture that can be read: PNG, JPEG, WebP, GIF, BMP and PNM (PBM, PGM, PPM) are.");
        if (codec is null)
        {
            throw new LatentException(
                $"{name} begins as a picture does, but its header is damaged, cut short or of a kind that can't be read.");
        }
        var picture = Allocate(codec.Info.Width, codec.Info.Height, name);
        // Neither a colour space nor a multiplication by alpha: values come as they are stored, to the trainer as to a scorer.
        var wanted = new SKImageInfo(picture.Width, picture.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        result = codec.GetPixels(wanted, Marshal.UnsafeAddrOfPinnedArrayElement(_pixels, 0));
        var format = NameOf(codec.EncodedFormat);
        return result switch
        {
            SKCodecResult.Success => picture,
            SKCodecResult.IncompleteInput =>
                throw new LatentException($"{name} is a {format} that is cut short: its data end before its pixels do."),
            SKCodecResult.InvalidInput or SKCodecResult.ErrorInInput =>
                throw new LatentException($"{name} is a damaged {format}: its data are wrong or end before its pixels do."),
            _ => throw new LatentException($"{name} is a {format} that SkiaSharp can't decode ({result})."),
        };
    }

    private static string? NameOf(SKEncodedImageFormat format) => format switch
    {
        SKEncodedImageFormat.Png => "PNG",
        SKEncodedImageFormat.Jpeg => "JPEG",
        SKEncodedImageFormat.Webp => "WebP",
        SKEncodedImageFormat.Gif => "GIF",
        SKEncodedImageFormat.Bmp => "BMP",
        _ => null,
    };

    private DecodedPicture Allocate(int width, int height, string name)
    {
        if ((long)width * height > mostPixels)
            throw new LatentException($"{name} is {width} x {height} pixels; at most {mostPixels:N0} pixels are read.");
        var bytes = 4 * width * height;
        Grow(ref _pixels, bytes);
        return new DecodedPicture(width, height, _pixels.AsSpan(0, bytes));
    }

    private int Read(string path)
    {
        try
        {
            using var file = File.OpenHandle(path);
            var length = RandomAccess.GetLength(file);
            if (length > MostBytes)
                throw new LatentException($"{path} has {length:N0} bytes; a picture's file of at most {MostBytes:N0} is read.");
            Grow(ref _file, (int)length);
            var read = 0;
            while (read < length && RandomAccess.Read(file, _file.AsSpan(read, (int)length - read), read) is > 0 and var more)
                read += more;
            return read;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new LatentException($"{path} can't be read: {e.Message.TrimEnd('.')}.", e);
        }
    }

    private static void Grow(ref byte[] buffer, int length)
    {
        if (buffer.Length < length)
            buffer = GC.AllocateUninitializedArray<byte>(Math.Max(length, 1 << 16), pinned: true);
    }
}
