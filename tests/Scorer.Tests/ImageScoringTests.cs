using System.Globalization;
using System.Runtime.InteropServices;
using Latent.Contracts.Bundles;
using Microsoft.ML.Data;

namespace Latent.Tests;

public sealed class ImageScoringTests : IDisposable
{
    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string WriteImages(int count)
    {
        var random = new Random(5);
        for (var i = 0; i < count; i++)
        {
            var (width, height) = (8 + i % 3, 8 + i % 5);
            var pixels = string.Join(' ', Enumerable.Range(0, width * height).Select(_ => random.Next(256)));
            _folder.Write($"in/{i % 4}/{i:00}.pgm", $"P2\n{width} {height}\n255\n{pixels}\n");
        }

        return _folder["in"];
    }

    private ScorerRun Run(string command, string input, string output, params string[] more) =>
        ScorerRun.Of([command, "--model", TestBundles.Pixels, "--input", input, "--output", output, .. more]);

    [Fact]
    public void A_folder_is_read_with_its_subfolders_in_ordinal_order()
    {
        var run = Run("encode", WriteImages(30), _folder["codes.csv"], "--batch-size", "7");
        Assert.Equal(0, run.Code);
        var lines = File.ReadAllLines(_folder["codes.csv"]);
        Assert.Equal("file,z0,z1,z2,z3", lines[0]);
        var files = lines.Skip(1).Select(l => l.Split(',')[0]).ToArray();
        Assert.Equal(30, files.Length);
        Assert.Equal(files.Order(StringComparer.Ordinal), files);

        using var bundle = LatentBundle.Load(TestBundles.Pixels);
        using var runner = new GraphRunner(bundle, BundleRole.Encoder, 1, "latent_mean");
        var reader = new ImageReader(bundle.Manifest.Input.Image!);
        for (var i = 0; i < files.Length; i++)
        {
            reader.Read(_folder["in/" + files[i]], runner.InputRow(0));
            runner.Run(1);
            Assert.All(
                lines[i + 1].Split(',')[1..].Zip(runner.Output(0, 0).ToArray()),
                p => Assert.Equal(p.Second, float.Parse(p.First, CultureInfo.InvariantCulture), 1e-4f)
            );
        }
    }

    [Fact]
    public void Images_of_more_pixels_than_are_wanted_are_refused_before_they_are_decoded()
    {
        var input = WriteImages(15);
        var run = Run("encode", input, _folder["codes.csv"], "--max-pixels", "100");
        Assert.Equal(1, run.Code);
        Assert.Contains("is 9 x 12 pixels; at most 100 pixels are read.", run.Sentence());
        Assert.Equal(3, Run("encode", input, _folder["codes.csv"], "--max-pixels", "100", "--on-error", "skip").Code);
        Assert.Equal(1 + 12, File.ReadAllLines(_folder["codes.csv"]).Length);
        Assert.Equal(0, Run("encode", input, _folder["codes.csv"], "--max-pixels", "120").Code);
    }

    [Fact]
    public void Patterns_choose_images()
    {
        WriteImages(12);
        Assert.Equal(0, Run("encode", _folder["in/**/0*.pgm"], _folder["a.csv"]).Code);
        Assert.Equal(11, File.ReadAllLines(_folder["a.csv"]).Length);
        Assert.Equal(0, Run("encode", _folder["in/2/*.pgm"], _folder["b.csv"]).Code);
        Assert.Equal(["02.pgm", "06.pgm", "10.pgm"], File.ReadAllLines(_folder["b.csv"]).Skip(1).Select(l => l.Split(',')[0]));
        foreach (var all in (string[])["in/**", "in/**/", "in/**/*"])
        {
            Assert.Equal(0, Run("encode", _folder[all], _folder["all.csv"]).Code);
            Assert.Equal(13, File.ReadAllLines(_folder["all.csv"]).Length);
        }

        Assert.Equal(0, Run("encode", _folder["in/2/**"], _folder["b.csv"]).Code);
        Assert.Equal(["02.pgm", "06.pgm", "10.pgm"], File.ReadAllLines(_folder["b.csv"]).Skip(1).Select(l => l.Split(',')[0]));
        Assert.Equal(1, Run("encode", _folder["in/9*/?.pgm"], _folder["c.csv"]).Code);
    }

    [Fact]
    public void Shards_of_a_folder_add_up_to_the_whole()
    {
        var input = WriteImages(45);
        Assert.Equal(0, Run("score", input, _folder["whole.csv"], "--batch-size", "8").Code);
        var parts = "";
        foreach (var shard in (string[])["1/4", "2/4", "3/4", "4/4"])
        {
            Assert.Equal(0, Run("score", input, _folder["part.csv"], "--batch-size", "8", "--shard", shard).Code);
            parts += File.ReadAllText(_folder["part.csv"]);
        }

        Assert.Equal(File.ReadAllText(_folder["whole.csv"]), parts);
    }

    [Fact]
    public void Images_come_out_as_pngs_of_the_models_size_under_their_names()
    {
        Assert.Equal(0, Run("reconstruct", WriteImages(5), _folder["out"]).Code);
        string[] expected = ["out/0/00.pgm.png", "out/0/04.pgm.png", "out/1/01.pgm.png", "out/2/02.pgm.png", "out/3/03.pgm.png"];
        Assert.Equal(expected, _folder.Files().Where(f => f.StartsWith("out")));
        using var image = MLImage.CreateFromFile(_folder["out/0/00.pgm.png"]);
        Assert.Equal((8, 8), (image.Width, image.Height));
        Assert.Equal(1, Run("denoise", _folder["in"], _folder["out"]).Code);
    }

    [Fact]
    public void Two_images_do_not_become_one()
    {
        var input = WriteImages(9);
        File.Copy(_folder["in/0/08.pgm"], _folder["in/0/00.pgm.png"]);
        var run = Run("reconstruct", input, _folder["out"], "--batch-size", "2");
        Assert.Equal(1, run.Code);
        Assert.Contains($"{Path.Combine("out", "0/00.pgm.png")}; one of them must be renamed", run.Sentence());
        Assert.DoesNotContain(_folder.Files(), f => f.Contains("out"));
    }

    [Fact]
    public void Columns_of_a_table_cannot_be_kept_in_a_folder_of_images()
    {
        Assert.Equal(0, ScorerRun.Of("sample", "--model", TestBundles.Pixels, "--count", "2", "--output", _folder["drawn.csv"]).Code);
        var table = _folder.Write(
            "in.csv",
            string.Concat(File.ReadAllLines(_folder["drawn.csv"]).Select((l, i) => (i == 0 ? "id," : "../same,") + l + "\n"))
        );
        string[] run = ["reconstruct", "--model", TestBundles.Pixels, "--input", table, "--output", _folder["out"]];
        var kept = ScorerRun.Of([.. run, "--keep", "id"]);
        Assert.Equal(2, kept.Code);
        Assert.Contains("--keep needs a CSV, Parquet or Arrow output", kept.Sentence());
        Assert.Equal(["drawn.csv", "in.csv"], _folder.Files());
        Assert.Equal(0, ScorerRun.Of([.. run, "--columns", "1..64"]).Code);
        Assert.Equal(["drawn.csv", "in.csv", "out/00000000.png", "out/00000001.png"], _folder.Files());
    }

    [Fact]
    public void Images_that_a_killed_run_left_are_not_in_the_output()
    {
        // Process numbers come again, so the killed run may have had this one's.
        _folder.Write($".out.{Environment.ProcessId}.tmp/left.png", "a killed run's");
        Assert.Equal(0, ScorerRun.Of("sample", "--model", TestBundles.Pixels, "--count", "1", "--output", _folder["out"]).Code);
        Assert.Equal(["out/00000000.png"], _folder.Files().Where(f => f.StartsWith("out")));
    }

    [Fact]
    public void Colour_images_keep_their_channels_apart()
    {
        Assert.Equal(0, ScorerRun.Of("sample", "--model", TestBundles.Pixels, "--count", "3", "--output", _folder["grey"]).Code);
        Assert.Equal(["grey/00000000.png", "grey/00000001.png", "grey/00000002.png"], _folder.Files());
        Assert.Equal(
            0,
            ScorerRun.Of("reconstruct", "--model", TestBundles.Colour, "--input", _folder["grey"], "--output", _folder["colour"]).Code
        );
        using var bundle = LatentBundle.Load(TestBundles.Colour);
        using var runner = new GraphRunner(bundle, BundleRole.Autoencoder, 1, "output");
        var reader = new ImageReader(bundle.Manifest.Input.Image!);
        reader.Read(_folder["grey/00000000.png"], runner.InputRow(0));
        runner.Run(1);
        var back = new float[192];
        reader.Read(_folder["colour/00000000.png"], back);
        Assert.All(back.Zip(runner.Output(0, 0).ToArray()), p => Assert.Equal(Math.Clamp(p.Second, 0, 255), p.First, 0.51f));
    }

    [Fact]
    public void Draws_depend_on_seed_and_row_alone()
    {
        string[] sample = ["sample", "--model", TestBundles.Pixels, "--output", _folder["a.csv"], "--seed"];
        Assert.Equal(0, ScorerRun.Of([.. sample, "7", "--count", "20"]).Code);
        var first = File.ReadAllLines(_folder["a.csv"]);
        Assert.Equal(0, ScorerRun.Of([.. sample, "7", "--count", "50"]).Code);
        Assert.Equal(21, first.Length);
        Assert.Equal(
            first.Select(l => l.Split(',').Take(8)),
            File.ReadAllLines(_folder["a.csv"]).Take(21).Select(l => l.Split(',').Take(8)),
            (a, b) => a.Zip(b).All(p => p.First == p.Second || Math.Abs(float.Parse(p.First) - float.Parse(p.Second)) < 1e-3)
        );
        Assert.Equal(0, ScorerRun.Of([.. sample, "8", "--count", "20"]).Code);
        var other = File.ReadAllLines(_folder["a.csv"]);
        Assert.Equal(first[0], other[0]);
        Assert.All(first.Zip(other).Skip(1), l => Assert.NotEqual(l.First, l.Second));
        Assert.Equal(1, ScorerRun.Of("sample", "--model", TestBundles.Colour, "--output", _folder["b.csv"]).Code);
    }

    [Fact]
    public void Tables_of_images_are_in_the_units_of_the_table_trained_on()
    {
        // The same graphs, trained on a table of pixels from 0 to 1.
        var scaled = TestBundles.Write(_folder["bundle"], "pixels-vae");
        var manifest = Path.Combine(scaled, "manifest.json");
        File.WriteAllText(manifest, File.ReadAllText(manifest).Replace("\"pixelScale\": 1,", "\"pixelScale\": 255,"));
        var pixels = Enumerable
            .Range(0, 5)
            .Select(i => Enumerable.Range(0, 64).Select(j => (float)((i * 67 + j * 31) % 256)).ToArray())
            .ToArray();
        var plain = _folder.Write("plain.csv", Csv(pixels));
        var unit = _folder.Write("unit.csv", Csv([.. pixels.Select(r => r.Select(v => v / 255).ToArray())]));
        WriteImages(4);

        foreach (var command in (string[])["encode", "score"])
        {
            Assert.Equal(Rows(command, TestBundles.Pixels, "--input", plain), Rows(command, scaled, "--input", unit), Near);
            Assert.Equal(
                Rows(command, TestBundles.Pixels, "--input", _folder["in"]),
                Rows(command, scaled, "--input", _folder["in"]),
                Near
            );
        }

        foreach (
            var (command, input, scaledInput) in (IEnumerable<(string, string[], string[])>)
                [
                    ("reconstruct", ["--input", plain], ["--input", unit]),
                    ("denoise", ["--input", _folder["in"]], ["--input", _folder["in"]]),
                    ("sample", [], []),
                ]
        )
        {
            var expected = Rows(command, TestBundles.Pixels, input);
            Assert.Contains(expected, r => r.Max() > 2);
            Assert.Equal(expected, Rows(command, scaled, scaledInput).Select(r => r.Select(v => v * 255).ToArray()), Near);
        }

        Rows("reconstruct", scaled, "--input", unit);
        File.Move(_folder["rows.npy"], _folder["back.npy"]);
        File.Move(_folder["rows.csv"], _folder["back.csv"]);
        Assert.Equal(Rows("encode", scaled, "--input", _folder["back.csv"]), Rows("encode", scaled, "--input", _folder["back.npy"]));

        // A folder of images has no units but its own.
        Assert.Equal(0, ScorerRun.Of("sample", "--model", scaled, "--count", "1", "--output", _folder["a"]).Code);
        Assert.Equal(0, ScorerRun.Of("sample", "--model", TestBundles.Pixels, "--count", "1", "--output", _folder["b"]).Code);
        Assert.Equal(File.ReadAllBytes(_folder["b/00000000.png"]), File.ReadAllBytes(_folder["a/00000000.png"]));

        static string Csv(float[][] rows) =>
            string.Concat(rows.Select(r => string.Join(',', r.Select(v => v.ToString(CultureInfo.InvariantCulture))) + "\n"));

        static bool Near(float[] a, float[] b) =>
            a.Length == b.Length && a.Zip(b).All(p => Math.Abs(p.First - p.Second) <= 1e-3 + 1e-5 * Math.Abs(p.First));

        float[][] Rows(string command, string model, params string[] input)
        {
            Assert.Equal(
                0,
                ScorerRun
                    .Of([
                        command,
                        "--model",
                        model,
                        .. input,
                        "--output",
                        _folder["rows.csv"],
                        .. command == "sample" ? (string[])[] : ["--no-row-number"],
                    ])
                    .Code
            );
            Assert.Equal(0, ScorerRun.Of([command, "--model", model, .. input, "--output", _folder["rows.npy"]]).Code);
            var rows = Table.Numbers(File.ReadAllText(_folder["rows.csv"]), from: input.Contains(_folder["in"]) ? 1 : 0);
            Assert.Equal(
                rows.SelectMany(r => r),
                MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(_folder["rows.npy"]).AsSpan(128)).ToArray()
            );
            return rows;
        }
    }

    [Fact]
    public void Bad_images_are_named_or_skipped_and_listed()
    {
        WriteImages(6);
        _folder.Write("in/a-text.png", "this is text");
        _folder.Write("in/b-empty.jpg", "");
        _folder.Write("in/c-short.pgm", "P5\n8 8\n255\nabc");
        var stopped = Run("encode", _folder["in"], _folder["codes.csv"]);
        Assert.Equal(1, stopped.Code);
        Assert.Contains("a-text.png", stopped.Sentence());
        Assert.False(File.Exists(_folder["codes.csv"]));

        var skipped = Run("encode", _folder["in"], _folder["codes.csv"], "--on-error", "skip");
        Assert.Equal(3, skipped.Code);
        Assert.Equal(7, File.ReadAllLines(_folder["codes.csv"]).Length);
        var list = File.ReadAllLines(_folder["codes.csv.skipped.csv"]);
        Assert.Equal(["input", "\"a-text.png\"", "\"b-empty.jpg\"", "\"c-short.pgm\""], list.Select(l => l.Split(',')[0]));
        Assert.Contains("a-text.png is not an image that can be read: PNG, ", list[1]);
        Assert.Contains("b-empty.jpg is empty, or no regular file;", list[2]);
        Assert.Contains("c-short.pgm is a damaged PNM: its 8 x 8 pixels take 64 bytes, and 3 follow its header.", list[3]);
    }

    [Fact]
    public void A_folder_without_images_is_refused()
    {
        _folder.Write("in/readme.txt", "no images here");
        Assert.Contains("holds no image among its 1 files", Run("encode", _folder["in"], _folder["codes.csv"]).Sentence());
        Assert.Equal(["in/readme.txt"], _folder.Files());
    }
}
