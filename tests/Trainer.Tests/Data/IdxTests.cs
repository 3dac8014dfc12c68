using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Contracts.Recipes;
using Latent.Trainer.Data;
using Latent.Trainer.Tests.Helpers;

namespace Latent.Trainer.Tests.Data;

public sealed class IdxTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_gives_its_own_test_set_and_labels_plain_or_gzip()
    {
        _folder.Write("train-images-idx3-ubyte.gz", Files.Gzip(Files.IdxImages(20)));
        _folder.Write("train-labels-idx1-ubyte", Files.IdxLabels(20));
        _folder.Write("t10k-images-idx3-ubyte", Files.IdxImages(5));
        _folder.Write("t10k-labels-idx1-ubyte.gz", Files.Gzip(Files.IdxLabels(5)));
        var data = Load(_folder.Path);
        Assert.Equal((18, 2, 5), (data.Train.Count, data.Validation!.Count, data.Test!.Count));
        Assert.Equal([0, 7, 14, 21, 28, 35], data.Test.Row(0).ToArray());
        Assert.Equal(["0", "1", "2", "3", "4"], data.Test.Labels!);
        Assert.Equal(new ImageDescription(1, 3, 2), data.Train.Input.Image);
        Assert.Equal([6], data.Train.Input.Shape);
    }

    [Fact]
    public void Count_reads_so_many_rows_and_their_labels()
    {
        _folder.Write("train-images-idx3-ubyte", Files.IdxImages(20));
        _folder.Write("train-labels-idx1-ubyte", Files.IdxLabels(20));
        var data = DataLoader.Load(Recipes.Reading(Recipes.Data(DataSourceKind.Idx, _folder.Path) with { Count = 10 }));
        Assert.Equal(10, data.Train.Count + data.Validation!.Count + data.Test!.Count);
    }

    [Theory]
    [InlineData(0x09, new byte[] { 0xFF, 2 }, new[] { -1f, 2f })]
    [InlineData(0x0B, new byte[] { 0xFF, 0xFE, 1, 0 }, new[] { -2f, 256f })]
    [InlineData(0x0C, new byte[] { 0, 0, 0, 5, 0xFF, 0xFF, 0xFF, 0xFF }, new[] { 5f, -1f })]
    [InlineData(0x0D, new byte[] { 0x3F, 0x80, 0, 0, 0xC0, 0, 0, 0 }, new[] { 1f, -2f })]
    [InlineData(0x0E, new byte[] { 0x3F, 0xF0, 0, 0, 0, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0 }, new[] { 1f, -2f })]
    public void Every_type_of_the_format_is_read_big_endian(byte type, byte[] bytes, float[] expected) =>
        Assert.Equal(expected, Files.Values(_folder.Write("x", Files.Idx(type, [2], bytes))));

    [Fact]
    public void Bad_files_are_refused_in_one_sentence_that_names_the_file()
    {
        Refuses("does not exist", _folder.File("none"));
        Refuses("no IDX magic number", _folder.Write("a", "hello, this is text"u8.ToArray()));
        Refuses("truncated", _folder.Write("b", Files.IdxImages(4)[..^1]));
        Refuses("truncated", _folder.Write("c", Files.IdxImages(4)[..7]));
        Refuses("longer than its header says", _folder.Write("d", [.. Files.IdxImages(4), 0]));
        Refuses("truncated", _folder.Write("e", Files.Gzip(Files.IdxImages(400)[..^50])));
        Refuses("damaged gzip", _folder.Write("f", [.. Files.Gzip(Files.IdxImages(400)).Select((b, i) => i == 10 ? (byte)7 : b)]));
        Refuses("header promises", _folder.Write("g", Files.Idx(8, [2_000_000_000, 100, 100], [])));
        Refuses("three: count, height and width", _folder.Write("h", Files.IdxLabels(4)));
        Refuses("NaN, in row 1, column 0", _folder.Write("i", Files.Idx(0x0D, [2, 1, 1], [0x3F, 0x80, 0, 0, 0x7F, 0xC0, 0, 0])));
        Refuses(
            "infinite, or more than a 32-bit float holds, in row 0, column 1",
            _folder.Write("j", Files.Idx(0x0D, [1, 1, 2], [0, 0, 0, 0, 0x7F, 0x80, 0, 0]))
        );
    }

    [Fact]
    public void Labels_must_be_as_many_as_images()
    {
        _folder.Write("train-labels-idx1-ubyte", Files.IdxLabels(19));
        Refuses("19 labels for the 20 rows", _folder.Write("train-images-idx3-ubyte", Files.IdxImages(20)));
    }

    [Fact]
    public void Images_of_another_size_than_the_recipe_says_are_refused()
    {
        var path = _folder.Write("x", Files.IdxImages(20));
        var error = Assert.Throws<LatentException>(() =>
            DataLoader.Load(Recipes.Reading(Recipes.Data(DataSourceKind.Idx, path) with { Image = new ImageDescription(1, 28, 28) }))
        );
        Assert.Contains("1 x 3 x 2", error.Message);
        Assert.Contains("1 x 28 x 28", error.Message);
    }

    [Fact]
    public void Test_images_of_another_size_are_refused()
    {
        _folder.Write("train-images-idx3-ubyte", Files.IdxImages(20));
        _folder.Write("t10k-images-idx3-ubyte", Files.IdxImages(20, 4, 4));
        Assert.Contains("both must have one size", Assert.Throws<LatentException>(() => Load(_folder.Path)).Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Mutants_end_in_a_result_or_one_sentence(bool gzip)
    {
        var valid = gzip ? Files.Gzip(Files.IdxImages(50)) : Files.IdxImages(50);
        Mutations.EndInResultOrOneSentence(valid, bytes => Files.Values(_folder.Write("x", bytes)));
    }

    [Fact]
    public void Mnist_is_what_its_publishers_say()
    {
        var data = DataLoader.Load(
            Recipes.Reading(Recipes.Data(DataSourceKind.Idx, Latent.Tests.World.SharedData("mnist")) with { Validation = 0 })
        );
        Assert.Equal((60000, 10000), (data.Train.Count, data.Test!.Count));
        var mean = data.Train.Values.Average(v => (double)v) / 255;
        var deviation = Math.Sqrt(data.Train.Values.Average(v => (v / 255.0 - mean) * (v / 255.0 - mean)));
        Assert.Equal(0.1307, mean, 4);
        Assert.Equal(0.3081, deviation, 4);
        Assert.Equal(["7", "2", "1", "0", "4"], data.Test.Labels!.Take(5));
    }

    private static DataSplits Load(string path) => DataLoader.Load(Recipes.Reading(Recipes.Data(DataSourceKind.Idx, path)));

    private static void Refuses(string what, string path)
    {
        var error = Assert.Throws<LatentException>(() => Load(path));
        Assert.Contains(what, error.Message);
        Assert.Contains(Path.GetFileName(path), error.Message);
        Assert.DoesNotContain("\n", error.Message);
    }
}
