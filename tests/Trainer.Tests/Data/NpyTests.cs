using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Contracts.Recipes;
using Latent.Trainer.Data;
using Latent.Trainer.Tests.Helpers;

namespace Latent.Trainer.Tests.Data;

public sealed class NpyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("|b1", new byte[] { 0, 1 }, new[] { 0f, 1f })]
    [InlineData("|u1", new byte[] { 0, 200 }, new[] { 0f, 200f })]
    [InlineData("|i1", new byte[] { 0xFF, 1 }, new[] { -1f, 1f })]
    [InlineData("<i2", new byte[] { 0xFE, 0xFF, 0, 1 }, new[] { -2f, 256f })]
    [InlineData("<u2", new byte[] { 0xFF, 0xFF, 0, 1 }, new[] { 65535f, 256f })]
    [InlineData("<i4", new byte[] { 5, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF }, new[] { 5f, -1f })]
    [InlineData("<i8", new byte[] { 5, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF }, new[] { 5f, -1f })]
    [InlineData("<f2", new byte[] { 0, 0x3C, 0, 0xC0 }, new[] { 1f, -2f })]
    [InlineData("<f4", new byte[] { 0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0 }, new[] { 1f, -2f })]
    [InlineData("<f8", new byte[] { 0, 0, 0, 0, 0, 0, 0xF0, 0x3F, 0, 0, 0, 0, 0, 0, 0, 0xC0 }, new[] { 1f, -2f })]
    public void Numbers_of_a_fixed_size_are_read(string type, byte[] bytes, float[] expected)
    {
        Assert.Equal(expected, Files.Values(_folder.Write("x.npy", Files.Npy(type, "(2,)", bytes))));
        Assert.Equal(expected, Files.Values(_folder.Write("y.npy", Files.Npy(type, "(2,)", bytes, version: 2))));
    }

    [Fact]
    public void Three_axes_are_images_scaled_to_pixels_with_labels_of_a_second_file()
    {
        _folder.Write("labels.npy", Files.Npy("|u1", "(10,)", [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]));
        var path = _folder.Write("x.npy", Files.Npy("<f4", "(10, 1, 2)", Files.Floats([.. Enumerable.Range(0, 20).Select(i => i / 20f)])));
        var data = DataLoader.Load(
            Recipes.Reading(
                Recipes.Data(DataSourceKind.Npy, path) with
                {
                    PixelScale = 255,
                    Label = "labels.npy",
                    Validation = 0,
                    Test = 0,
                }
            )
        );
        Assert.Equal(new ImageDescription(1, 1, 2), data.Train.Input.Image);
        Assert.Equal([0, 12.75f], data.Train.Row(0).ToArray());
        Assert.Equal("9", data.Train.Labels![9]);
        Assert.Null(data.Test);
        Assert.Null(data.Validation);
    }

    [Fact]
    public void Two_axes_are_a_table()
    {
        var data = Load(_folder.Write("x.npy", Files.Npy("<f4", "(3, 2)", Files.Floats(1, 2, 3, 4, 5, 6))));
        Assert.Equal(InputUnit.Table, data.Train.Input.Unit);
        Assert.Equal(["x0", "x1"], data.Train.Input.Columns!);
    }

    [Fact]
    public void Bad_files_are_refused_in_one_sentence_that_names_the_file()
    {
        Refuses("does not exist", _folder.File("none.npy"));
        Refuses("no NPY magic number", _folder.Write("a.npy", "hello, this is text"u8.ToArray()));
        Refuses("truncated", _folder.Write("b.npy", Files.Npy("<f4", "(3, 2)", Files.Floats(1, 2, 3, 4, 5))));
        Refuses("longer than its header says", _folder.Write("c.npy", Files.Npy("<f4", "(3, 2)", Files.Floats(1, 2, 3, 4, 5, 6, 7))));
        Refuses("truncated", _folder.Write("d.npy", Files.Npy("<f4", "(3, 2)", [])[..30]));
        Refuses("truncated", _folder.Write("e.npy", Files.Npy("<f4", "(2000000000, 2000000000)", [])));
        Refuses("Fortran order", _folder.Write("f.npy", Files.Npy("<f4", "(3, 2)", Files.Floats(1, 2, 3, 4, 5, 6), "True")));
        Refuses("type '>f4'", _folder.Write("g.npy", Files.Npy(">f4", "(3, 2)", Files.Floats(1, 2, 3, 4, 5, 6))));
        Refuses("NaN, in row 1, column 0", _folder.Write("h.npy", Files.Npy("<f4", "(3, 2)", Files.Floats(1, 2, float.NaN, 4, 5, 6))));
        Refuses(
            "infinite, or more than a 32-bit float holds, in row 2, column 1",
            _folder.Write("i.npy", Files.Npy("<f4", "(3, 2)", Files.Floats(1, 2, 3, 4, 5, float.NegativeInfinity)))
        );
        Refuses("channels (1 or 3)", _folder.Write("j.npy", Files.Npy("|u1", "(1, 2, 2, 2)", new byte[8])));
    }

    [Fact]
    public void Labels_must_be_as_many_as_rows()
    {
        _folder.Write("labels.npy", Files.Npy("|u1", "(2,)", [0, 1]));
        var path = _folder.Write("x.npy", Files.Npy("<f4", "(3, 2)", Files.Floats(1, 2, 3, 4, 5, 6)));
        var error = Assert.Throws<LatentException>(() =>
            DataLoader.Load(Recipes.Reading(Recipes.Data(DataSourceKind.Npy, path) with { Label = "labels.npy" }))
        );
        Assert.Contains("2 labels for the 3 rows", error.Message);
    }

    [Fact]
    public void Mutants_end_in_a_result_or_one_sentence() =>
        Mutations.EndInResultOrOneSentence(
            Files.Npy("<f4", "(30, 2)", Files.Floats([.. Enumerable.Range(0, 60).Select(i => (float)i)])),
            bytes => Files.Values(_folder.Write("x.npy", bytes))
        );

    private static DataSplits Load(string path) => DataLoader.Load(Recipes.Reading(Recipes.Data(DataSourceKind.Npy, path)));

    private static void Refuses(string what, string path)
    {
        var error = Assert.Throws<LatentException>(() => Load(path));
        Assert.Contains(what, error.Message);
        Assert.Contains(Path.GetFileName(path), error.Message);
        Assert.DoesNotContain("\n", error.Message);
    }
}
