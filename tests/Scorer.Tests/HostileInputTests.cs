using System.Diagnostics;
using Microsoft.ML.Data;

namespace Latent.Tests;

/// <summary>Inputs that lost a file, rows or the run, each as small as it may be.</summary>
public sealed class HostileInputTests : IDisposable
{
    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    private ScorerRun Images(string command, string output, params string[] more) =>
        ScorerRun.Of([command, "--model", TestBundles.Pixels, "--input", _folder["in"], "--output", _folder[output], .. more]);

    private void WriteImage(string name, int width = 8, int height = 8)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
        using var image = MLImage.CreateFromPixels(
            width,
            height,
            MLPixelFormat.Rgba32,
            [.. Enumerable.Repeat((byte)255, 4 * width * height)]
        );
        image.Save(_folder["saved.png"]);
        File.Move(_folder["saved.png"], _folder[name]);
    }

    [Fact]
    public void A_file_name_with_backslashes_stays_inside_the_output()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "No file has such a name here.");
        WriteImage("originals/p.png");
        WriteImage("in/a.png");
        WriteImage("in/x\\..\\..\\originals\\p.png");
        WriteImage("in/..\\originals\\p.png");
        var before = File.ReadAllBytes(_folder["originals/p.png"]);
        // A name that begins with a dot is hidden, besides.
        Assert.Equal(3, Images("reconstruct", "out").Code);
        Assert.Equal(before, File.ReadAllBytes(_folder["originals/p.png"]));
        Assert.Equal(["out/a.png", "out/x\\..\\..\\originals\\p.png"], _folder.Files().Where(f => f.StartsWith("out/")));
    }

    [Fact]
    public void An_output_that_is_the_input_by_a_link_or_lies_inside_it_is_refused()
    {
        var table = _folder.Write("t.csv", Table.Csv(Table.Rows(3)));
        var before = File.ReadAllText(table);
        File.CreateSymbolicLink(_folder["link.csv"], "t.csv");
        Directory.CreateSymbolicLink(_folder["here"], ".");
        foreach (
            var (input, output) in ((string, string)[])
                [("link.csv", "t.csv"), ("t.csv", "link.csv"), ("t.csv", "here/t.csv"), ("here/link.csv", "t.csv")]
        )
        {
            var run = ScorerRun.Of("encode", "--model", TestBundles.Table, "--input", _folder[input], "--output", _folder[output]);
            Assert.Equal(2, run.Code);
            Assert.Contains("the input itself", run.Sentence());
        }

        Assert.Equal(before, File.ReadAllText(table));
        WriteImage("in/a.png");
        Assert.Contains("lies inside the input", Images("encode", "in/codes.csv").Sentence());
        Assert.Contains("lies inside the input", Images("reconstruct", "here/in/out").Sentence());
    }

    [Fact]
    public void Images_of_one_pixels_width_are_images()
    {
        foreach (var (width, height) in ((int, int)[])[(8, 8), (1, 1), (1, 200), (200, 1), (1, 5000), (5000, 1)])
            WriteImage($"in/{width}-{height}.png", width, height);
        Assert.Equal(0, Images("encode", "codes.csv").Code);
        var codes = Table.Numbers(File.ReadAllText(_folder["codes.csv"]), from: 1);
        // All are white.
        Assert.Equal(6, codes.Length);
        Assert.All(codes, code => Assert.All(code.Zip(codes[0]), pair => Assert.Equal(pair.Second, pair.First, 0.01f)));
    }

    [Fact]
    public void Images_are_known_by_content_and_what_is_none_is_counted_and_named()
    {
        WriteImage("in/a.png");
        foreach (var name in (string[])["b.JPE", "c.jfif", "d", "e.dat"])
            File.Copy(_folder["in/a.png"], _folder["in/" + name]);
        _folder.Write("in/scan.tif", "II*\0 a TIFF");
        _folder.Write("in/.hidden.png", "hidden");
        _folder.Write("in/notes.txt", "text");
        var run = Images("encode", "codes.csv");
        Assert.Equal(3, run.Code);
        Assert.Contains("3 skipped", run.Output);
        Assert.Equal(
            ["a.png", "b.JPE", "c.jfif", "d", "e.dat"],
            File.ReadAllLines(_folder["codes.csv"]).Skip(1).Select(line => line.Split(',')[0])
        );
        Assert.Equal(
            ["input", "\".hidden.png\"", "\"notes.txt\"", "\"scan.tif\""],
            File.ReadAllLines(_folder["codes.csv.skipped.csv"]).Select(line => line.Split(',')[0])
        );
    }

    [Fact]
    public void A_fifo_is_refused_or_skipped_at_once()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "There are no FIFOs here.");
        WriteImage("in/a.png");
        foreach (var name in (string[])["t.csv", "in/b.png", "in/c"])
            Process.Start("mkfifo", [_folder[name]]).WaitForExit();
        var run = ScorerRun.Of("encode", "--model", TestBundles.Table, "--input", _folder["t.csv"], "--output", _folder["out.csv"]);
        Assert.Equal(1, run.Code);
        Assert.Contains("no regular file", run.Sentence());
        Assert.Equal(3, Images("encode", "codes.csv", "--on-error", "skip").Code);
        Assert.Equal(2, File.ReadAllLines(_folder["codes.csv"]).Length);
    }

    [Fact]
    public void Kept_text_that_a_spreadsheet_would_run_is_written_safely_where_that_is_said()
    {
        var lines = Table.Csv(Table.Rows(4)).Split('\n');
        var ids = (string[])["id", "=1+1", "-5", "@x", "plain"];
        var input = _folder.Write("t.csv", string.Join('\n', ids.Select((id, i) => id + "," + lines[i])));
        string[] run = ["encode", "--model", TestBundles.Table, "--input", input, "--output", _folder["out.csv"], "--keep", "id"];
        Assert.Equal(0, ScorerRun.Of(run).Code);
        Assert.Equal(ids, File.ReadAllLines(_folder["out.csv"]).Select(line => line.Split(',')[1]));
        Assert.Equal(0, ScorerRun.Of([.. run, "--excel-safe"]).Code);
        Assert.Equal(["id", "'=1+1", "-5", "'@x", "plain"], File.ReadAllLines(_folder["out.csv"]).Select(line => line.Split(',')[1]));
    }

    [Fact]
    public void A_second_run_with_the_same_output_is_refused_and_what_killed_ones_left_is_removed()
    {
        var input = _folder.Write("t.csv", Table.Csv(Table.Rows(4)));
        _folder.Write(".out.csv.0123456789abcdef.tmp", "a killed run's");
        string[] run = ["encode", "--model", TestBundles.Table, "--input", input, "--output", _folder["out.csv"]];
        using (new Latent.Contracts.Files.AtomicFile(_folder["out.csv"]))
            Assert.Contains("out.csv is being written by another run", ScorerRun.Of(run).Sentence());
        Assert.Equal(0, ScorerRun.Of(run).Code);
        Assert.Equal(["out.csv", "t.csv"], _folder.Files());
    }

    [Fact]
    public void The_row_of_a_skipped_line_leaves_a_gap()
    {
        var lines = Table.Csv(Table.Rows(5)).Split('\n');
        lines[2] = "x,x,x,x,x,x";
        var input = _folder.Write("t.csv", string.Join('\n', lines));
        string[] run = ["encode", "--model", TestBundles.Table, "--input", input, "--output", _folder["out.csv"], "--on-error", "skip"];
        Assert.Equal(3, ScorerRun.Of(run).Code);
        Assert.Equal(["row", "0", "2", "3", "4"], File.ReadAllLines(_folder["out.csv"]).Select(line => line.Split(',')[0]));
        Assert.Equal(3, ScorerRun.Of([.. run, "--no-row-number"]).Code);
        Assert.StartsWith("z0,z1,z2\n", File.ReadAllText(_folder["out.csv"]));
    }

    [Fact]
    public void Of_two_runs_the_second_is_refused_while_the_first_waits_for_its_input()
    {
        using var process = ScorerRun.Start("encode", "--model", TestBundles.Table, "--input", "-", "--output", _folder["out.csv"]);
        for (var i = 0; i < 600 && !File.Exists(_folder[".out.csv.lock"]); i++)
            Thread.Sleep(50);
        var input = _folder.Write("t.csv", Table.Csv(Table.Rows(4)));
        var second = ScorerRun.Of("encode", "--model", TestBundles.Table, "--input", input, "--output", _folder["out.csv"]);
        Assert.Equal(1, second.Code);
        Assert.Contains("is being written by another run", second.Sentence());
        process.StandardInput.Write(Table.Csv(Table.Rows(2)));
        process.StandardInput.Close();
        Assert.True(process.WaitForExit(60_000));
        Assert.Equal(0, process.ExitCode);
        Assert.Equal(3, File.ReadAllLines(_folder["out.csv"]).Length);
        Assert.Equal(["out.csv", "t.csv"], _folder.Files());
    }

    [Fact]
    public void An_output_that_is_a_pipe_or_a_device_is_refused()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "There are no FIFOs here.");
        var input = _folder.Write("t.csv", Table.Csv(Table.Rows(4)));
        Process.Start("mkfifo", [_folder["pipe.csv"]]).WaitForExit();
        File.CreateSymbolicLink(_folder["link.csv"], "pipe.csv");
        File.CreateSymbolicLink(_folder["empty-link.csv"], "empty.csv");
        _folder.Write("empty.csv", "");
        foreach (var output in (string[])[_folder["pipe.csv"], _folder["link.csv"], "/dev/null"])
        {
            var run = ScorerRun.Of("drift", "--model", TestBundles.Table, "--input", input, "--output", output);
            Assert.Equal(1, run.Code);
            Assert.Contains(output == "/dev/null" ? "/dev/null is" : "is a pipe or a device", run.Sentence());
        }

        Assert.Equal(0, ScorerRun.Of("encode", "--model", TestBundles.Table, "--input", input, "--output", _folder["empty.csv"]).Code);
        Assert.Equal(5, File.ReadAllLines(_folder["empty.csv"]).Length);
    }

    [Fact]
    public void A_kept_column_with_the_name_of_a_result_is_refused()
    {
        var input = _folder.Write("t.csv", "z0," + Table.Csv(Table.Rows(1)).Replace("\n", "\n7,").TrimEnd(',', '7'));
        foreach (var output in (string[])["out.csv", "out.parquet", "out.arrow"])
        {
            string[] run = ["encode", "--model", TestBundles.Table, "--input", input, "--output", _folder[output], "--keep", "z0"];
            Assert.Contains("two columns named 'z0'", ScorerRun.Of(run).Sentence());
        }

        Assert.Equal(["t.csv"], _folder.Files());
    }

    [Theory]
    [InlineData("arrow", 20_000)]
    [InlineData("parquet", 20_000)]
    [InlineData("parquet", 1_000_000)]
    public void Long_kept_texts_are_read_back(string format, int length)
    {
        var lines = Table.Csv(Table.Rows(3)).Split('\n');
        var texts = Enumerable.Range(0, 3).Select(i => i + new string('ä', length)).ToArray();
        var csv = $"k,{lines[0]}\n" + string.Concat(texts.Select((text, i) => $"{text},{lines[i + 1]}\n"));
        string[] run = ["--model", TestBundles.Table, "--keep", "k", "--quiet"];
        Assert.Equal(
            0,
            ScorerRun.Of(["reconstruct", .. run, "--input", _folder.Write("t.csv", csv), "--output", _folder[$"k.{format}"]]).Code
        );
        Assert.Equal(0, ScorerRun.Of(["encode", .. run, "--input", _folder[$"k.{format}"], "--output", _folder["out.csv"]]).Code);
        Assert.Equal(texts, File.ReadAllLines(_folder["out.csv"]).Skip(1).Select(line => line.Split(',')[1]));
    }
}
