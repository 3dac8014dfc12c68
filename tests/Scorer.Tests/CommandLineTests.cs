using System.Diagnostics;
using System.Runtime.InteropServices;
using Latent.CommandLine;
using Latent.Contracts.Bundles;
using Latent.Scorer.Commands;

namespace Latent.Tests;

public sealed class CommandLineTests : IDisposable
{
    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("", "Required command was not provided; see --help.")]
    [InlineData("encod", "There is no command 'encod'; did you mean encode?")]
    [InlineData(
        "train",
        "There is no command 'train'; it must be encode, reconstruct, denoise, score, drift, sample, merge, export or inspect."
    )]
    [InlineData("encode --model x --input y", "Option '--output' is required; see --help.")]
    [InlineData("encode --model x --inptu y --output z.csv", "There is no option --inptu of encode; did you mean --input?")]
    [InlineData(
        "encode --model x --input y --output z.csv --batch-size 0",
        "--batch-size is '0'; it must be a whole number from 1 to 65536."
    )]
    [InlineData("encode --model x --input y --output z.csv --shard 3/2", "--shard is '3/2'; it must be I/N with I from 1 to N, or auto.")]
    [InlineData(
        "encode --model x --input y --output z.csv --separator ab",
        "--separator is 'ab'; it must be one ASCII character, such as ; or \\t, and neither a quote nor #."
    )]
    [InlineData("encode --model x --input y --output z.csv --on-error ignore", "--on-error is 'ignore'; it must be stop or skip.")]
    [InlineData("encode --model x --input y --output z.csv --explain 3", "There is no option --explain of encode; see --help.")]
    [InlineData("sample --model x --output z.csv --count many", "--count is 'many'; it must be a whole number from 1 to 2147483647.")]
    public void Wrong_usage_exits_with_2(string line, string message)
    {
        var run = ScorerRun.Of(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(2, run.Code);
        Assert.Equal(message, run.Sentence());
    }

    [Theory]
    [InlineData("out", "it must be a .csv")]
    [InlineData(null, "--output is empty")]
    [InlineData("out.txt", "it must end in .csv")]
    public void Outputs_that_cannot_be_are_usage_errors(string? output, string reason)
    {
        var input = _folder.Write("in.csv", Table.Csv(Table.Rows(2)));
        var run = ScorerRun.Of("encode", "--model", TestBundles.Table, "--input", input, "--output", output is null ? "" : _folder[output]);
        Assert.Equal(2, run.Code);
        Assert.Contains(reason, run.Sentence());
        Assert.Equal(["in.csv"], _folder.Files());
    }

    [Theory]
    [InlineData("in.csv", "in.csv", "the input itself")]
    [InlineData("in.csv", "x/../in.csv", "the input itself")]
    [InlineData("out.csv.skipped.csv", "out.csv", "would replace the input")]
    public void An_output_that_would_take_the_inputs_place_is_a_usage_error(string name, string output, string reason)
    {
        var csv = Table.Csv(Table.Rows(2));
        var input = _folder.Write(name, csv);
        var run = ScorerRun.Of("encode", "--model", TestBundles.Table, "--input", input, "--output", _folder[output]);
        Assert.Equal(2, run.Code);
        Assert.Contains(reason, run.Sentence());
        Assert.Equal([name], _folder.Files());
        Assert.Equal(csv, File.ReadAllText(input));
    }

    [Theory]
    [InlineData("nowhere", "There is no file or folder")]
    [InlineData("empty", "holds no table")]
    public void Inputs_that_are_not_there_are_named(string input, string reason)
    {
        Directory.CreateDirectory(_folder["empty"]);
        var run = ScorerRun.Of("encode", "--model", TestBundles.Table, "--input", _folder[input], "--output", _folder["out.csv"]);
        Assert.Equal(1, run.Code);
        Assert.Contains(reason, run.Sentence());
    }

    [Fact]
    public void A_damaged_bundle_is_refused()
    {
        var bundle = TestBundles.Write(_folder.Path, "table-vae");
        var graph = Path.Combine(bundle, "encoder.onnx");
        var bytes = File.ReadAllBytes(graph);
        bytes[^1] ^= 1;
        File.WriteAllBytes(graph, bytes);
        var run = ScorerRun.Of("inspect", "--model", bundle);
        Assert.Equal(1, run.Code);
        Assert.Contains("encoder.onnx", run.Sentence());
    }

    [Fact]
    public void ONNX_Runtime_leaves_no_record_in_the_home_folder()
    {
        var home = Directory.CreateDirectory(_folder["home"]).FullName;
        var start = ScorerRun.StartInfo("inspect", "--model", TestBundles.Table);
        // It records nothing where a build server's variables are set, which would hide that it records.
        foreach (
            var name in start
                .Environment.Keys.Where(n =>
                    n is "CI" or "TF_BUILD" or "ORT_DISABLE_TELEMETRY" || n.StartsWith("XDG_") || n.StartsWith("GITHUB_")
                )
                .ToArray()
        )
        {
            start.Environment.Remove(name);
        }

        start.Environment["HOME"] = start.Environment["USERPROFILE"] = start.Environment["LOCALAPPDATA"] = home;
        using var process = System.Diagnostics.Process.Start(start)!;
        process.StandardInput.Close();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        Assert.Empty(Directory.GetFiles(home, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void What_a_bundle_says_of_itself_does_not_command_the_terminal()
    {
        var bundle = TestBundles.Write(_folder.Path, "table-vae");
        var manifest = ManifestFile.Read(bundle);
        ManifestFile.Write(manifest with { Name = "\u001b[2Jgone", Description = "a\u202eb", Engine = "\u009bc" }, bundle);
        var run = ScorerRun.Of("inspect", "--model", bundle);
        Assert.Equal(0, run.Code);
        Assert.Contains(@"\u001b[2Jgone", run.Output);
        Assert.Contains(@"a\u202eb", run.Output);
        Assert.Contains(@"\u009bc", run.Output);
        Assert.DoesNotContain(run.Output, c => c != '\n' && char.IsControl(c));
        Assert.Contains(@"There is no bundle \u001b[2J: ", ScorerRun.Of("inspect", "--model", "\u001b[2J").Sentence());
    }

    [Fact]
    public void An_operator_that_no_export_writes_runs_only_where_it_is_asked_for()
    {
        using (var writer = BundleWriter.Begin(_folder["odd"]))
        {
            foreach (var role in (string[])["encoder", "decoder", "autoencoder"])
                File.Copy(Path.Combine(TestBundles.Table, role + ".onnx"), Path.Combine(writer.Folder, role + ".onnx"));
            // A graph's node of the operator Ceil, whose output nothing reads.
            byte[] node = [0x0a, 11, .. "latent_mean"u8, 0x12, 1, (byte)'r', 0x22, 4, .. "Ceil"u8];
            byte[] graph = [0x0a, (byte)node.Length, .. node];
            File.AppendAllBytes(Path.Combine(writer.Folder, "encoder.onnx"), [0x3a, (byte)graph.Length, .. graph]);
            writer.Complete(ManifestFile.Read(TestBundles.Table));
        }

        File.WriteAllText(_folder["in.csv"], "a,b,c,d,e,f\n1,2,3,4,5,6\n");
        string[] encode = ["encode", "--model", _folder["odd"], "--input", _folder["in.csv"], "--output", _folder["out.csv"]];
        var run = ScorerRun.Of(encode);
        Assert.Equal(1, run.Code);
        Assert.Contains("encoder.onnx has the operator Ceil, which Latent's export never writes", run.Sentence());
        Assert.Equal(0, ScorerRun.Of([.. encode, "--any-operator"]).Code);
    }

    [Fact]
    public void Graphs_that_disagree_are_refused()
    {
        // Whole by its hashes, but one weight of the decoder is another's.
        using (var writer = BundleWriter.Begin(_folder["mixed"]))
        {
            foreach (var role in (string[])["encoder", "decoder", "autoencoder"])
                File.Copy(Path.Combine(TestBundles.Table, role + ".onnx"), Path.Combine(writer.Folder, role + ".onnx"));
            var decoder = Path.Combine(writer.Folder, "decoder.onnx");
            var bytes = File.ReadAllBytes(decoder);
            // The weights' name is followed by a field's number and length, and those by the first of them.
            var name = bytes.AsSpan().IndexOf("d1.wJ"u8);
            Assert.InRange(name, 0, bytes.Length);
            BitConverter.TryWriteBytes(bytes.AsSpan(name + 6), 5f);
            File.WriteAllBytes(decoder, bytes);
            writer.Complete(ManifestFile.Read(TestBundles.Table));
        }

        var run = ScorerRun.Of("inspect", "--model", _folder["mixed"]);
        Assert.Equal(1, run.Code);
        Assert.Contains($"The graphs of {_folder["mixed"]} disagree", run.Sentence());
    }

    [Fact]
    public void Inspect_shows_layers_counts_figures_and_checks()
    {
        var text = ScorerRun.Of("inspect", "--model", TestBundles.Colour);
        Assert.Equal(0, text.Code);
        // conv 3·4·9+4, code 64·5+5, linear 5·64+64, transposed 4·3·16+3
        foreach (
            var expected in (string[])
                [
                    "colour-ae",
                    "[3, 8, 8] pixels",
                    "output shape",
                    "encoder[0] conv2d",
                    "decoder[3] convTranspose2d",
                    "[4, 4, 4]",
                    "112",
                    "325",
                    "384",
                    "195",
                    "1,016",
                    "test.loss",
                    "1.25",
                    "smaller-ae after 12 epochs",
                    "a test's processor",
                    "SHA-256",
                    "3 files",
                ]
        )
        {
            Assert.Contains(expected, text.Output);
        }

        Assert.DoesNotContain("\u001b", text.Output);
    }

    [Fact]
    public void Help_of_the_program_shows_commands_examples_and_exit_codes()
    {
        var run = ScorerRun.Of("--help");
        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Contains("reconstruct", run.Output);
        Assert.Contains("-- score --model artifacts/thyroid-anomaly", run.Output);
        Assert.Contains("4    done; the rows have drifted", run.Output);
        Assert.Contains("130  stopped", run.Output);
    }

    [Theory]
    [InlineData("encode", "--columns", "--count")]
    [InlineData("reconstruct", "--input", "--explain")]
    [InlineData("denoise", "--on-error", "--explain")]
    [InlineData("score", "--label", "--count")]
    [InlineData("drift", "--limit", "--keep")]
    [InlineData("sample", "--count", "--input")]
    [InlineData("merge", "--index", "--model")]
    [InlineData("export", "--to", "--model")]
    [InlineData("inspect", "--model", "--output")]
    public void Help_of_a_command_shows_its_options_and_examples_only(string command, string option, string other)
    {
        var run = ScorerRun.Of(command, "--help");
        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Matches($@"Usage:\r?\n  \S+ {command} (<FOLDER> |<MODEL> <FOLDER> )?\[options\]", run.Output);
        Assert.Contains($"  {option}", run.Output);
        Assert.DoesNotContain($"  {other} ", run.Output[..run.Output.IndexOf("Examples:", StringComparison.Ordinal)]);
        Assert.DoesNotContain("Exit codes", run.Output);
        Assert.All(Examples.ByCommand[command].Split("--project Scorer -- ").Skip(1), example => Assert.StartsWith(command + " ", example));
    }

    [Fact]
    public void Each_command_has_examples_that_parse_and_fit_the_terminal()
    {
        var root = ScorerCommandLine.Root();
        Assert.Equal(root.Subcommands.Select(command => command.Name).Append("").Order(), Examples.ByCommand.Keys.Order());
        foreach (var example in Examples.ByCommand.Values)
        {
            Assert.All(example.Split('\n'), line => Assert.InRange(line.TrimEnd().Length, 1, 78));
            foreach (var line in example.ReplaceLineEndings("\n").Replace("\\\n  ", "").Split('\n'))
            {
                Assert.Null(
                    ParseErrors.Of(root.Parse([.. line.Split(" | ").Single(part => part.StartsWith("dotnet")).Split(' ').Skip(5)]))
                );
            }
        }
    }

    [Fact]
    public void A_gpu_that_is_not_there_is_said_in_a_sentence()
    {
        var input = _folder.Write("in.csv", Table.Csv(Table.Rows(2)));
        var run = ScorerRun.Of("encode", "--model", TestBundles.Table, "--input", input, "--output", _folder["out.csv"], "--gpu", "0");
        Assert.SkipWhen(run.Code == 0, "There is a CUDA device here.");
        Assert.Equal(1, run.Code);
        Assert.Contains("CUDA device 0 cannot be used", run.Sentence());
        var fallen = ScorerRun.Of(
            "encode",
            "--model",
            TestBundles.Table,
            "--input",
            input,
            "--output",
            _folder["out.csv"],
            "--gpu-or-cpu",
            "0"
        );
        Assert.Equal(0, fallen.Code);
        Assert.StartsWith("Running on the CPU: CUDA device 0 cannot be used", fallen.Error);
        Assert.Single(fallen.Error.TrimEnd().Split('\n'));
        Assert.Equal(3, File.ReadAllLines(_folder["out.csv"]).Length);
    }

    [Fact]
    public void A_full_disk_is_said_in_a_sentence()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "There is no /dev/full here.");
        var input = _folder.Write("in.csv", Table.Csv(Table.Rows(2000)));
        var start = new ProcessStartInfo("sh") { RedirectStandardError = true };
        foreach (
            var argument in (string[])
                [
                    "-c",
                    "exec dotnet \"$0\" encode --model \"$1\" --input \"$2\" --output - > /dev/full",
                    typeof(ScorerCommandLine).Assembly.Location,
                    TestBundles.Table,
                    input,
                ]
        )
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(1, process.ExitCode);
        Assert.Contains("cannot be written", new ScorerRun(1, "", error).Sentence());
    }

    [Theory]
    [InlineData("encode", "table", "out.csv")]
    [InlineData("encode", "table", "out.csv.gz")]
    [InlineData("encode", "table", "out.npy")]
    [InlineData("sample", "pixels", "pictures")]
    public void A_disk_that_fills_is_said_in_a_sentence_and_nothing_is_left(string command, string bundle, string output)
    {
        var input = _folder.Write("in.csv", Table.Csv(Table.Rows(20_000)));
        var disk = Directory.CreateDirectory(_folder["disk"]).FullName;
        string[] rows = command == "sample" ? ["--count", "1000"] : ["--input", input];
        // A file system of 32 KiB that only this process and its children see, and that is gone with them.
        var run = Shell(
            "mount -t tmpfs -o size=32k none \"$0\" || exit 99; dotnet \"$@\"; code=$?; ls -A \"$0\"; exit $code",
            [
                disk,
                typeof(ScorerCommandLine).Assembly.Location,
                command,
                "--model",
                bundle == "table" ? TestBundles.Table : TestBundles.Pixels,
                .. rows,
                "--output",
                Path.Combine(disk, output),
            ]
        );
        Assert.SkipWhen(run.Code == 99, $"No file system can be mounted here: {run.Error.Trim()}");
        Assert.Equal(1, run.Code);
        Assert.Contains("cannot be written", run.Sentence());
        Assert.Empty(run.Output);
    }

    [Fact]
    public async Task Ctrl_C_ends_the_run_and_leaves_nothing()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Signals are sent with kill here.");
        Assert.SkipWhen(World.Ignores("INT"), "The tests were started to ignore SIGINT.");
        using var process = ScorerRun.Start("encode", "--model", TestBundles.Table, "--input", "-", "--output", _folder["out.csv"]);
        process.StandardInput.Write(Table.Csv(Table.Rows(5000)));
        process.StandardInput.Flush();
        for (var i = 0; i < 600 && !Directory.EnumerateFiles(_folder.Path, ".*").Any(); i++)
            await Task.Delay(50, TestContext.Current.CancellationToken);
        Assert.Equal(0, Kill(process.Id, 2));
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        if (!process.WaitForExit(20_000))
        {
            process.Kill();
            Assert.Fail("It did not stop.");
        }

        Assert.Equal(130, process.ExitCode);
        Assert.StartsWith("Stopped", await error);
        Assert.Empty(_folder.Files());
    }

    private static ScorerRun Shell(string script, string[] arguments)
    {
        var start = new ProcessStartInfo("unshare", ["--user", "--map-root-user", "--mount", "sh", "-c", script, .. arguments])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        try
        {
            using var process = Process.Start(start)!;
            var error = process.StandardError.ReadToEndAsync();
            var text = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            // unshare itself ends with 1 where user namespaces are forbidden.
            return new ScorerRun(error.Result.StartsWith("unshare:", StringComparison.Ordinal) ? 99 : process.ExitCode, text, error.Result);
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return new ScorerRun(99, "", e.Message);
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);
}
