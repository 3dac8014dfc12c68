using Latent.Contracts;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Latent.Tests;

public sealed class InputColumnTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly LatentBundle _table = LatentBundle.Load(TestBundles.Table);
    private readonly LatentBundle _pixels = LatentBundle.Load(TestBundles.Pixels);
    private readonly LatentBundle _colour = LatentBundle.Load(TestBundles.Colour);

    public void Dispose()
    {
        _table.Dispose();
        _pixels.Dispose();
        _colour.Dispose();
    }

    [Fact]
    public void Vectors_of_unknown_size_are_checked_row_by_row()
    {
        var rows = Rows.Table(20);
        var data = _ml.Data.LoadFromEnumerable(rows.Select(r => new AnyLength { Features = r }));
        var encoded = _ml.Latent().Encode(_table).Fit(data).Transform(data);
        Assert.Equal(Rows.Raw(TestBundles.Table, "encoder", "latent_mean", rows), Rows.Vectors(encoded, "Code"));

        rows[13] = [1, 2, 3];
        var error = Assert.Throws<LatentException>(() => Rows.Vectors(encoded, "Code"));
        Assert.Equal(
            "Encode reads column 'Features', whose value in row 13 has 3 values; it must be a vector of 6 Single values.",
            error.Message
        );
    }

    [Fact]
    public void Other_columns_are_refused_by_name_type_and_what_was_expected()
    {
        var data = _ml.Data.LoadFromEnumerable([new Wrong()]);
        Refuse(_table, "Text", "Encode reads column 'Text', which is of type String; it must be a vector of 6 Single values.");
        Refuse(_table, "Number", "Encode reads column 'Number', which is of type Single; it must be a vector of 6 Single values.");
        Refuse(
            _table,
            "Short",
            "Encode reads column 'Short', which is a vector of 2 Single values; it must be a vector of 6 Single values."
        );
        Refuse(
            _table,
            "Doubles",
            "Encode reads column 'Doubles', which is a vector of 6 Double values; it must be a vector of 6 Single values."
        );
        Refuse(_table, "Image", "Encode reads column 'Image', which is an image; it must be a vector of 6 Single values.");
        Refuse(
            _pixels,
            "Number",
            "Encode reads column 'Number', which is of type Single; it must be a vector of 64 Single values or an image."
        );
        Refuse(
            _table,
            "None",
            "Encode reads column 'None', which the data does not have; it has 'Text', 'Number', 'Short', 'Doubles', 'Image'."
        );

        void Refuse(LatentBundle bundle, string column, string message)
        {
            var estimator = _ml.Latent().Encode(bundle, "Code", column);
            Assert.Equal(message, Assert.Throws<LatentException>(() => estimator.Fit(data)).Message);
            Assert.Contains(
                $"column '{column}'",
                Assert.Throws<LatentException>(() => _ml.Transforms.CopyColumns("x", "Number").Append(estimator).Fit(data)).Message
            );
        }
    }

    [Fact]
    public void Grey_images_of_the_models_size_give_the_same_as_their_pixels()
    {
        var pixels = Rows.Pixels(9);
        var data = _ml.Data.LoadFromEnumerable(pixels.Select(p => new ImageRow { Image = Grey(p, 8, 8) }));
        var encoded = _ml.Latent().Encode(_pixels, "Code", "Image").Fit(data).Transform(data);
        Assert.Equal(Rows.Raw(TestBundles.Pixels, "encoder", "latent_mean", pixels), Rows.Vectors(encoded, "Code"));
    }

    [Theory]
    [InlineData(MLPixelFormat.Bgra32)]
    [InlineData(MLPixelFormat.Rgba32)]
    public void Colour_images_are_read_red_green_blue_channel_by_channel(MLPixelFormat format)
    {
        var rows = Rows.Colours(4);
        var data = _ml.Data.LoadFromEnumerable(
            rows.Select(row =>
            {
                var bytes = new byte[256];
                for (var i = 0; i < 64; i++)
                {
                    for (var channel = 0; channel < 3; channel++)
                        bytes[4 * i + (format == MLPixelFormat.Rgba32 ? channel : 2 - channel)] = (byte)row[64 * channel + i];
                    bytes[4 * i + 3] = 255;
                }

                return new ImageRow { Image = MLImage.CreateFromPixels(8, 8, format, bytes) };
            })
        );
        var encoded = _ml.Latent().Encode(_colour, "Code", "Image").Fit(data).Transform(data);
        Assert.Equal(Rows.Raw(TestBundles.Colour, "encoder", "latent_mean", rows), Rows.Vectors(encoded, "Code"));
    }

    [Fact]
    public void Larger_and_smaller_images_are_resized()
    {
        var reader = new ImageReader(new Contracts.Bundles.ImageDescription(1, 2, 2));
        var row = new float[4];
        using var large = Grey([0, 0, 80, 80, 0, 0, 80, 80, 160, 160, 240, 240, 160, 160, 240, 240], 4, 4);
        reader.Read(large, row);
        Assert.Equal(row[0] + row[3], row[1] + row[2], 1e-3f);
        Assert.Equal(120, row.Average(), 1e-3f);
        // Two source pixels to one of the target: weights 3, 3 and 1 of 7 at the edge.
        Assert.Equal(240 / 7f, row[0], 1e-3f);
        Assert.Equal(240 * 6 / 7f, row[3], 1e-3f);
        using var flat = Grey([.. Enumerable.Repeat(77f, 15)], 5, 3);
        reader.Read(flat, row);
        Assert.All(row, v => Assert.Equal(77, v, 1e-3f));
        using var one = Grey([9], 1, 1);
        reader.Read(one, row);
        Assert.Equal([9f, 9f, 9f, 9f], row);
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Latent().Encode(_table, new EncodeOptions { BatchSize = 0 }));
        Assert.Throws<ArgumentException>(() => _ml.Latent().Encode(_table, new EncodeOptions { OutputColumn = "" }));
        Assert.Throws<ArgumentException>(() => _ml.Latent().Encode(_table, new EncodeOptions { LogVarianceColumn = "Code" }));
        Assert.Throws<ArgumentException>(() => _ml.Latent().Score(_table, new ScoreOptions { ScoreColumn = null }));
        Assert.Throws<ArgumentNullException>(() => _ml.Latent().Decode(null!));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Latent().Generate(_table, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Latent().Generate(_table, new GenerateOptions { Temperature = float.NaN }));
        Assert.Throws<ArgumentException>(() => _ml.Latent().Interpolate(_table, [1, 2], [1, 2, 3]));
        Assert.Throws<ArgumentOutOfRangeException>(() => LatentBundle.Load(TestBundles.Table, new LatentBundleOptions { Threads = -1 }));
    }

    private static MLImage Grey(float[] pixels, int width, int height) =>
        MLImage.CreateFromPixels(
            width,
            height,
            MLPixelFormat.Bgra32,
            [.. pixels.SelectMany(p => new byte[] { (byte)p, (byte)p, (byte)p, 255 })]
        );

    private sealed class AnyLength
    {
        public float[] Features { get; set; } = [];
    }

    private sealed class ImageRow
    {
        [ImageType(8, 8)]
        public MLImage Image { get; set; } = null!;
    }

    private sealed class Wrong
    {
        public string Text { get; set; } = "";

        public float Number { get; set; }

        [VectorType(2)]
        public float[] Short { get; set; } = [];

        [VectorType(6)]
        public double[] Doubles { get; set; } = [];

        [ImageType(8, 8)]
        public MLImage Image { get; set; } = null!;
    }
}
