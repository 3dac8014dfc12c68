using System.Numerics;
using System.Runtime.InteropServices;
using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Contracts.Files;
using Latent.Data.Files;
using SkiaSharp;

namespace Latent.Data.Images;

/// <summary>
/// Decodes images, for the whole library: PNG, JPEG, WebP, GIF (its first frame) and BMP by SkiaSharp, PNM by <see cref="PnmReader"/>,
/// recognized by their content. An image is rotated by its EXIF orientation, and composited over the background if it is transparent. Use
/// one decoder per thread, and release it after each image; its buffers are reused for one file after another.
/// </summary>
/// <param name="maxPixels">
/// The largest number of pixels that a header may declare; a larger image is refused before anything is allocated for it.
/// </param>
/// <param name="background">The background that transparent images are composited over.</param>
internal sealed class ImageDecoder(int maxPixels = ImageDecoder.MaxPixels, BackgroundKind background = BackgroundKind.White)
{
    public const int MaxPixels = 100_000_000;

    private const int MaxBytes = 1 << 30;

    // Pinned, so that SkiaSharp reads and writes them where they are.
    private byte[] _file = [];
    private byte[] _pixels = [];
    private byte[] _turned = [];
    private long _lease;

    /// <summary>Decodes a file, which is read completely.</summary>
    /// <exception cref="LatentException">The file can't be read, is not an image, is damaged or is too large.</exception>
    public DecodedImage Decode(string path) => Decode(Read(path), path);

    /// <summary>Decodes a file's bytes.</summary>
    /// <param name="file">The content of the file.</param>
    /// <param name="name">Name of the file in messages.</param>
    /// <exception cref="LatentException">The bytes are not an image, are damaged or are too large.</exception>
    public DecodedImage Decode(ReadOnlySpan<byte> file, string name)
    {
        Grow(ref _file, file.Length);
        file.CopyTo(_file);
        return Decode(file.Length, name);
    }

    /// <summary>Frees the memory of a large image, whose pixels must not be used any more.</summary>
    public void Release()
    {
        if (_lease == 0)
            return;
        (_pixels, _turned) = ([], []);
        PixelBudget.Return(_lease);
        _lease = 0;
    }

    private DecodedImage Decode(int length, string name)
    {
        Release();
        var file = _file.AsSpan(0, length);
        if (file.IsEmpty)
            throw new LatentException($"{name} is empty; it must be an image.");
        return PnmReader.IsPnm(file) ? DecodePnm(file, name) : DecodeBySkia(length, name);
    }

    private DecodedImage DecodePnm(ReadOnlySpan<byte> file, string name)
    {
        var reader = new PnmReader(file, name);
        var image = Allocate(reader.Width, reader.Height, name);
        reader.Read(image.Pixels);
        return image;
    }

    private DecodedImage DecodeBySkia(int length, string name)
    {
        using var data = SKData.Create(Marshal.UnsafeAddrOfPinnedArrayElement(_file, 0), length);
        using var codec = SKCodec.Create(data);
        // SkiaSharp knows more formats; one of them, WBMP, it sees in anything that begins with two zeros.
        var format = codec is null ? null : NameOf(codec.EncodedFormat);
        if (codec is null ? IsUnknown(data) : format is null)
            throw new LatentException($"{name} is not an image that can be read: PNG, JPEG, WebP, GIF, BMP and PNM (PBM, PGM, PPM) are.");
        if (codec is null)
        {
            throw new LatentException(
                $"{name} begins as an image does, but its header is damaged, cut short or of a kind that can't be read."
            );
        }

        var info = codec.Info;
        RefuseTooMany(info.Width, info.Height, name);
        if (DeclaredSize.IsTooLargeFor(_file.AsSpan(0, length)))
        {
            throw new LatentException(
                $"{name} is a {format} that is cut short: it declares {info.Width} x {info.Height} pixels, for which its {length:N0} bytes are too few."
            );
        }

        var image = Allocate(info.Width, info.Height, name);
        // Neither a colour space nor a multiplication by alpha: values come as they are stored.
        var wanted = new SKImageInfo(image.Width, image.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        var result = codec.GetPixels(wanted, Marshal.UnsafeAddrOfPinnedArrayElement(_pixels, 0));
        return result switch
        {
            SKCodecResult.Success => Turn(
                info.AlphaType == SKAlphaType.Opaque || IsOpaque(image) ? image : OverBackground(image),
                codec.EncodedOrigin
            ),
            SKCodecResult.IncompleteInput => throw new LatentException(
                $"{name} is a {format} that is cut short: its data end before its pixels do."
            ),
            SKCodecResult.InvalidInput or SKCodecResult.ErrorInInput => throw new LatentException(
                $"{name} is a damaged {format}: its data are wrong or end before its pixels do."
            ),
            _ => throw new LatentException($"{name} is a {format} that SkiaSharp can't decode ({result})."),
        };
    }

    private static bool IsUnknown(SKData data)
    {
        using var stream = new SKMemoryStream(data);
        using var codec = SKCodec.Create(stream, out var result);
        return result == SKCodecResult.Unimplemented;
    }

    private static bool IsOpaque(DecodedImage image)
    {
        var pixels = MemoryMarshal.Cast<byte, uint>(image.Pixels);
        var vectors = MemoryMarshal.Cast<uint, Vector<uint>>(pixels);
        var all = Vector<uint>.AllBitsSet;
        foreach (var some in vectors)
            all &= some;
        var rest = uint.MaxValue;
        foreach (var pixel in pixels[(vectors.Length * Vector<uint>.Count)..])
            rest &= pixel;
        // The fourth byte of each is the highest of the word.
        return rest >= 0xFF000000 && Vector.GreaterThanOrEqualAll(all, new Vector<uint>(0xFF000000));
    }

    private DecodedImage OverBackground(DecodedImage image)
    {
        var under = background == BackgroundKind.White ? 255 : 0;
        var pixels = image.Pixels;
        for (var i = 3; i < pixels.Length; i += 4)
        {
            if (pixels[i] == 255)
                continue;
            var alpha = pixels[i];
            for (var c = i - 3; c < i; c++)
                pixels[c] = (byte)((pixels[c] * alpha + under * (255 - alpha) + 127) / 255);
            pixels[i] = 255;
        }

        return image;
    }

    // The eight orientations of EXIF: which edge of what is stored is the top, and which the left.
    private DecodedImage Turn(DecodedImage image, SKEncodedOrigin origin)
    {
        if (origin == SKEncodedOrigin.TopLeft)
            return image;
        var (width, height) = (image.Width, image.Height);
        var across = origin >= SKEncodedOrigin.LeftTop;
        var (mirrored, flipped) = (
            origin is SKEncodedOrigin.TopRight or SKEncodedOrigin.BottomRight or SKEncodedOrigin.RightTop or SKEncodedOrigin.RightBottom,
            origin is SKEncodedOrigin.BottomRight or SKEncodedOrigin.BottomLeft or SKEncodedOrigin.RightBottom or SKEncodedOrigin.LeftBottom
        );
        Grow(ref _turned, image.Pixels.Length);
        var from = MemoryMarshal.Cast<byte, uint>(image.Pixels);
        var to = MemoryMarshal.Cast<byte, uint>(_turned.AsSpan(0, image.Pixels.Length));
        var (newWidth, newHeight) = across ? (height, width) : (width, height);
        for (var y = 0; y < newHeight; y++)
        {
            for (var x = 0; x < newWidth; x++)
            {
                var (right, down) = (mirrored ? newWidth - 1 - x : x, flipped ? newHeight - 1 - y : y);
                to[y * newWidth + x] = across ? from[right * width + down] : from[down * width + right];
            }
        }

        return new DecodedImage(newWidth, newHeight, MemoryMarshal.AsBytes(to));
    }

    private static string? NameOf(SKEncodedImageFormat format) =>
        format switch
        {
            SKEncodedImageFormat.Png => "PNG",
            SKEncodedImageFormat.Jpeg => "JPEG",
            SKEncodedImageFormat.Webp => "WebP",
            SKEncodedImageFormat.Gif => "GIF",
            SKEncodedImageFormat.Bmp => "BMP",
            _ => null,
        };

    private void RefuseTooMany(int width, int height, string name)
    {
        if ((long)width * height > maxPixels)
            throw new LatentException($"{name} is {width} x {height} pixels; at most {maxPixels:N0} pixels are read.");
    }

    private DecodedImage Allocate(int width, int height, string name)
    {
        RefuseTooMany(width, height, name);
        _lease = PixelBudget.Take((long)width * height);
        var bytes = 4 * width * height;
        Grow(ref _pixels, bytes);
        return new DecodedImage(width, height, _pixels.AsSpan(0, bytes));
    }

    private int Read(string path)
    {
        try
        {
            var full = Path.GetFullPath(path);
            if (LinuxFile.Length(full) is > 0 and <= MaxBytes and var size)
            {
                Grow(ref _file, (int)size);
                if (LinuxFile.Read(full, _file.AsSpan(0, (int)size)) is { } count)
                    return count;
            }

            // Says why a file can't be read.
            InputFile.RequireRegular(path);
            using var file = File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete);
            var length = RandomAccess.GetLength(file);
            if (length > MaxBytes)
                throw new LatentException($"{path} has {length:N0} bytes; an image's file of at most {MaxBytes:N0} is read.");
            Grow(ref _file, (int)length);
            var read = 0;
            while (read < length && RandomAccess.Read(file, _file.AsSpan(read, (int)length - read), read) is > 0 and var more)
                read += more;
            return read;
        }
        catch (Exception e) when (InputFile.IsRefusal(e))
        {
            throw FileError.CannotRead(path, e);
        }
    }

    private static void Grow(ref byte[] buffer, int length)
    {
        if (buffer.Length < length)
            buffer = GC.AllocateUninitializedArray<byte>(Math.Max(length, 1 << 16), pinned: true);
    }
}
