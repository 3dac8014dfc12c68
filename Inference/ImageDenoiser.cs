using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Data.Images;
using SkiaSharp;

namespace Latent;

/// <summary>
/// Removes the noise of pictures of any size with a denoiser. A picture is divided into tiles of the model's size that overlap by half;
/// each gives the part of its output that is nearest to its middle, so that there are no seams. A grey model denoises each channel of a
/// color picture by itself; a color model takes a grey picture as three equal channels and gives their mean. Beyond the picture's own size,
/// a batch of tiles is all that is in memory. Use one denoiser per thread.
/// </summary>
public sealed class ImageDenoiser : IDisposable
{
    private readonly GraphRunner _runner;
    private readonly ImageDescription _tile;
    private readonly ImageDecoder _decoder;
    private readonly List<Tile> _batch = [];

    /// <summary>Initializes a new instance of the <see cref="ImageDenoiser"/> class.</summary>
    /// <param name="bundle">A bundle of kind denoiser, which the caller disposes.</param>
    /// <param name="batchSize">Tiles that are run at once, at least 1.</param>
    /// <param name="maxPixels">The largest number of pixels of a file's picture.</param>
    /// <exception cref="LatentException">The bundle is no denoiser, or its graph can't be loaded.</exception>
    public ImageDenoiser(LatentBundle bundle, int batchSize = 16, int maxPixels = ImageDecoder.MaxPixels)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        if (bundle.Manifest.Kind != ModelKind.Denoiser)
        {
            throw new LatentException(
                $"The bundle {bundle.Name} is of kind {Contracts.Recipes.RecipeNames.Of(bundle.Manifest.Kind)}, whose images have a code and one size; pictures of any size need a denoiser."
            );
        }

        _tile = bundle.Manifest.Input.Image!;
        _decoder = new ImageDecoder(maxPixels, _tile.Background);
        _runner = new GraphRunner(bundle, BundleRole.Autoencoder, batchSize, TensorNames.Output);
    }

    /// <summary>Denoises a picture.</summary>
    /// <param name="picture">Channels x height x width values from 0 to 255, channel by channel.</param>
    /// <param name="size">Its channels, 1 or 3, height and width; each side is at least 1.</param>
    /// <returns>As many values, which are not clipped.</returns>
    /// <exception cref="ArgumentException">The picture has not as many values as its size says.</exception>
    /// <exception cref="LatentException">ONNX Runtime failed.</exception>
    public float[] Denoise(float[] picture, ImageDescription size)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(size);
        var (channels, height, width) = (size.Channels, size.Height, size.Width);
        if (channels is not (1 or 3) || height < 1 || width < 1 || picture.Length != (long)channels * height * width)
        {
            throw new ArgumentException(
                $"The picture has {picture.Length} values; its size is {channels} x {height} x {width}.",
                nameof(picture)
            );
        }

        var (plane, result) = (height * width, new float[picture.Length]);
        Run(channels, height, width, (c, i) => picture[(c * plane) + i], (c, i, value) => result[(c * plane) + i] = value);
        return result;
    }

    /// <summary>Denoises the picture of a file; see <see cref="ImageFile"/> for what can be read.</summary>
    /// <param name="path">The file; its picture is rotated by its EXIF orientation, and composited over the background if transparent.</param>
    /// <returns>A PNG file's bytes: grey if the picture is, else color, of the picture's size.</returns>
    /// <exception cref="LatentException">
    /// The file can't be read, is not an image, is damaged or is too large, or ONNX Runtime failed.
    /// </exception>
    public byte[] DenoiseToPng(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        try
        {
            var picture = _decoder.Decode(path);
            var (height, width, pixels) = (picture.Height, picture.Width, picture.Pixels.ToArray());
            var isGrey = picture.IsGrey();
            var step = isGrey ? 1 : 4;
            var result = new byte[step * height * width];
            Array.Fill(result, (byte)255);
            Run(
                isGrey ? 1 : 3,
                height,
                width,
                (c, i) => pixels[(4 * i) + c],
                (c, i, value) => result[(step * i) + c] = (byte)Math.Clamp(MathF.Round(value), 0, 255)
            );
            return PngFile.Encode(result, width, height, isGrey ? SKColorType.Gray8 : SKColorType.Rgba8888);
        }
        finally
        {
            _decoder.Release();
        }
    }

    /// <summary>Frees the buffers; the bundle stays as it is.</summary>
    public void Dispose() => _runner.Dispose();

    private void Run(int channels, int height, int width, Func<int, int, float> get, Action<int, int, float> set)
    {
        var (down, across) = (Stretch.Cover(height, _tile.Height), Stretch.Cover(width, _tile.Width));
        // Of a picture of three channels each is a picture of a grey model; a grey picture is every channel of a color model.
        var pictures = _tile.Channels == 1 ? channels : 1;
        for (var channel = 0; channel < pictures; channel++)
        {
            foreach (var rows in down)
            {
                foreach (var columns in across)
                {
                    Fill(_runner.InputRow(_batch.Count), channel, rows, columns);
                    _batch.Add(new Tile(channel, rows, columns));
                    if (_batch.Count == _runner.BatchSize)
                        Flush();
                }
            }
        }

        Flush();

        void Fill(Span<float> row, int channel, Stretch rows, Stretch columns)
        {
            var at = 0;
            for (var c = 0; c < _tile.Channels; c++)
            {
                var from = _tile.Channels == 1 ? channel : Math.Min(c, channels - 1);
                for (var y = 0; y < _tile.Height; y++)
                {
                    var line = Mirrored(rows.Start + y, height) * width;
                    for (var x = 0; x < _tile.Width; x++)
                        row[at++] = get(from, line + Mirrored(columns.Start + x, width));
                }
            }
        }

        void Flush()
        {
            if (_batch.Count == 0)
                return;
            try
            {
                _runner.Run(_batch.Count);
                foreach (var (i, tile) in _batch.Index())
                    Take(_runner.Output(0, i), tile);
            }
            finally
            {
                _batch.Clear();
            }
        }

        void Take(ReadOnlySpan<float> output, Tile tile)
        {
            var plane = _tile.Height * _tile.Width;
            for (var y = tile.Rows.From; y < tile.Rows.To; y++)
            {
                for (var x = tile.Columns.From; x < tile.Columns.To; x++)
                {
                    var (at, to) = (((y - tile.Rows.Start) * _tile.Width) + x - tile.Columns.Start, (y * width) + x);
                    if (_tile.Channels == 1)
                    {
                        set(tile.Channel, to, output[at]);
                    }
                    else if (channels == 1)
                    {
                        set(0, to, (output[at] + output[plane + at] + output[(2 * plane) + at]) / 3);
                    }
                    else
                    {
                        for (var c = 0; c < channels; c++)
                            set(c, to, output[(c * plane) + at]);
                    }
                }
            }
        }
    }

    // Beyond a picture that is smaller than a tile it goes on as in a mirror at its edge, again and again.
    private static int Mirrored(int at, int length)
    {
        var place = at % (2 * length);
        return place < length ? place : (2 * length) - 1 - place;
    }

    /// <summary>Represents a tile's place along one side of a picture.</summary>
    /// <param name="Start">Where the tile begins.</param>
    /// <param name="From">Where the part of it that is used begins.</param>
    /// <param name="To">Where that part ends.</param>
    private readonly record struct Stretch(int Start, int From, int To)
    {
        /// <summary>
        /// Lists the tiles that cover a side. None goes beyond its ends, unless the side is shorter, so that what the model knows of edges
        /// is of use there.
        /// </summary>
        public static List<Stretch> Cover(int length, int tile)
        {
            var (step, last) = (Math.Max(1, tile / 2), Math.Max(0, length - tile));
            List<int> starts = [];
            for (var start = 0; start < last; start += step)
                starts.Add(start);
            starts.Add(last);
            // The middle between the middles of two tiles.
            int Edge(int i) => (starts[i - 1] + starts[i] + tile) / 2;
            return [.. starts.Select((start, i) => new Stretch(start, i == 0 ? 0 : Edge(i), i == starts.Count - 1 ? length : Edge(i + 1)))];
        }
    }

    private readonly record struct Tile(int Channel, Stretch Rows, Stretch Columns);
}
