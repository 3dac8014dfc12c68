using System.Buffers.Binary;
using System.Diagnostics;
using Latent.CommandLine;
using Latent.Contracts.Bundles;
using Latent.Tests;
using Latent.Trainer.Commands;
using Latent.Trainer.Engines;
using Latent.Trainer.Tests.Helpers;

namespace Latent.Trainer.Tests.Commands;

/// <summary>What a person at a shell sees: one sentence and exit code 1 or 2 where something is wrong.</summary>
public sealed class CommandLineTests : IDisposable
{
    private static readonly string[] s_quick =
    [
        "--epochs",
        "1",
        "--threads",
        "1",
        "--set",
        "data.count=100",
        "--set",
        "encoder[0].out=8",
        "--set",
        "decoder[0].out=8",
    ];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(2, "There is no recipe 'mnist-vea'; did you mean mnist-vae?", "mnist-vea")]
    [InlineData(2, "There is no recipe 'lits'; did you mean the command list?", "lits")]
    [InlineData(2, "There is no recipe 'nothing-like-it'; the command list lists all recipes.", "nothing-like-it")]
    [InlineData(2, "There is no recipe 'mnist-vea'; did you mean mnist-vae?", "show", "mnist-vea")]
    [InlineData(2, "There is no command 'shwo'; did you mean show?", "shwo", "mnist-vae")]
    [InlineData(2, "There is no option --epoch; did you mean --epochs?", "--epoch", "3")]
    [InlineData(2, "There is no option --epochs of show; see --help.", "show", "mnist-vae", "--epochs", "3")]
    [InlineData(
        2,
        "There is no option --ouptut of draw; did you mean --output?",
        "draw",
        "{digits-small}",
        "prior-mean",
        "--ouptut",
        "x.png"
    )]
    [InlineData(2, "WHAT is 'prior-maen'; did you mean prior-mean?", "draw", "{digits-small}", "prior-maen", "--output", "x.png")]
    [InlineData(2, "--engine is 'torch'; it must be auto, libtorch or managed.", "--engine", "torch")]
    [InlineData(2, "--on-error is 'ignore'; it must be stop or skip.", "--on-error", "ignore")]
    [InlineData(2, "--epochs is '-3'; it must be a whole number from 1 to 2147483647", "--epochs", "-3")]
    [InlineData(2, "--threads is '5000'; it must be a whole number from 1 to ", "--threads", "5000")]
    [InlineData(2, "--out is empty; check that the shell variable it comes from is set.", "--out", "")]
    [InlineData(2, "--output is x.jpg; it must end in .png.", "draw", "{digits-small}", "prior-mean", "--output", "x.jpg")]
    [InlineData(2, "--epochs is 'many'; it must be a whole number", "--epochs", "many")]
    [InlineData(2, "--batch-size is '0'", "--batch-size", "0")]
    [InlineData(2, "--device is 'gpu'; it must be cpu, cuda or cuda:N", "--device", "gpu")]
    [InlineData(2, "--code is '1,x'; it must be 10 numbers", "draw", "{digits-small}", "mean", "--code", "1,x", "--output", "x.png")]
    [InlineData(2, "There is no option --colour; see --help.", "--colour")]
    [InlineData(2, "draws its own digits", "digits-vae", "--data", "x")]
    [InlineData(2, "--epochs: the schedule burdaStages sets the number of epochs", "--epochs", "3", "--set", "schedule.kind=burdaStages")]
    [InlineData(2, "The recipe file none.json does not exist", "none.json")]
    [InlineData(1, "training.epoch: epoch is not a known key; did you mean epochs?", "--set", "training.epoch=3")]
    [InlineData(1, "training.epochs is -3; it must be at least 1", "--set", "training.epochs=-3")]
    [InlineData(1, "schedule.scale is 1000000000; it must be above 0 and at most 1000", "--set", "schedule.scale=1e9")]
    [InlineData(1, "optimizer.learningRate is 1E+308; it must be above 0 and at most 1000", "--set", "optimizer.learningRate=1e308")]
    [InlineData(1, "optimizer.weightDecay is 1E+308; it must be at least 0 and at most 1000", "--set", "optimizer.weightDecay=1e308")]
    [InlineData(1, "optimizer.clipNorm is 1E+308; it must be above 0 and at most 1000000000000", "--set", "optimizer.clipNorm=1e308")]
    [InlineData(
        1,
        "GB of memory for its weights",
        "--set",
        "data.count=100",
        "--set",
        "encoder=[{\"type\":\"linear\",\"out\":1048576},{\"type\":\"linear\",\"out\":1048576}]"
    )]
    [InlineData(1, "--force (RunOptions.Force) trains over it", "--out", "{digits-small}")]
    [InlineData(1, @"--set \u001b[2Jx is not of the form key=value", "--set", "\u001b[2Jx")]
    [InlineData(2, @"The recipe file \u009b2J\u202ex.json does not exist", "\u009b2J\u202ex.json")]
    [InlineData(1, "needs data; say where it is with --data PATH", "mnist-vae")]
    [InlineData(1, "none does not exist", "mnist-vae", "--data", "none")]
    [InlineData(1, "There is no bundle nowhere: the folder does not exist.", "--set", "data.count=100", "--out", "x", "--from", "nowhere")]
    [InlineData(1, "is a file; a bundle needs a folder", "--set", "data.count=100", "--out", "file")]
    [InlineData(1, "something else owns", "--set", "data.count=100", "--out", "owned")]
    public void What_is_wrong_is_said_in_one_sentence(int code, string message, params string[] arguments)
    {
        _folder.Write("file", "text");
        Directory.CreateDirectory(_folder.File("owned"));
        _folder.Write("owned/text", "text");
        var (actual, error) = InProcess([
            .. arguments.Select(a =>
                a.Replace("{digits-small}", Path.Combine(World.Root, "artifacts", "digits-small"), StringComparison.Ordinal)
            ),
        ]);
        Assert.Contains(message, error);
        Assert.Equal(code, actual);
        Assert.Single(error.TrimEnd().Split('\n'));
        Assert.DoesNotContain("   at ", error);
        Assert.Equal("text", File.ReadAllText(_folder.File("owned/text")));
        Assert.Equal("text", File.ReadAllText(_folder.File("file")));
    }

    [Fact]
    public void A_first_run_prints_a_line_an_epoch_and_what_to_do_next()
    {
        using var run = TrainerProcess.Start(_folder.Path, s_quick);
        var (code, output, error) = run.Wait();
        Assert.Equal((0, ""), (code, error));
        Assert.Matches(@"epoch 1/1  train \d+\.\d+ \(kl \d+\.\d+\)  validation \d+\.\d+  .* samples/s  \d:\d\d\n", output);
        Assert.Matches("total .* 13,604", output);
        Assert.Contains("Bundle: artifacts/digits-vae", output);
        Assert.Contains("report.html", output);
        Assert.Contains("Next:   dotnet run --project Scorer -- sample --model artifacts/digits-vae --output samples\n", output);
        Assert.DoesNotContain("\u001b", output);
        Assert.True(File.Exists(_folder.File("artifacts/digits-vae/manifest.json")));
    }

    [Fact]
    public void Quiet_prints_nothing()
    {
        using var run = TrainerProcess.Start(_folder.Path, [.. s_quick, "--quiet"]);
        Assert.Equal((0, "", ""), run.Wait());
    }

    [Fact]
    public void Help_of_the_program_shows_options_examples_and_exit_codes()
    {
        using var run = TrainerProcess.Start(_folder.Path, "--help");
        var (code, output, _) = run.Wait();
        Assert.Equal(0, code);
        Assert.Contains("[<RECIPE>] [command] [options]", output);
        Assert.Contains("--resume", output);
        Assert.Contains("dotnet run -c Release --project Trainer -- mnist-vae", output);
        Assert.Contains("130  stopped", output);
    }

    [Theory]
    [InlineData("list", "[options]")]
    [InlineData("show", "<RECIPE> [options]")]
    [InlineData("report", "<BUNDLE> [options]")]
    [InlineData("evaluate", "<BUNDLE> [options]")]
    [InlineData("draw", "<BUNDLE> <WHAT> [options]")]
    [InlineData("compare", "<BUNDLE>... [options]")]
    [InlineData("sweep", "<RECIPE> [options]")]
    public void Help_of_a_command_shows_its_arguments_and_examples_only(string command, string usage)
    {
        using var run = TrainerProcess.Start(_folder.Path, command, "--help");
        var (code, output, error) = run.Wait();
        Assert.Equal((0, ""), (code, error));
        Assert.Contains($" {command} {usage}\n", output.ReplaceLineEndings("\n"));
        Assert.Equal(command is "show" or "sweep" ? 2 : 0, output.Split("<RECIPE>").Length - 1);
        Assert.DoesNotContain("Exit codes", output);
        var examples = output[output.IndexOf("Examples:", StringComparison.Ordinal)..].Split("--project Trainer -- ").Skip(1).ToList();
        Assert.NotEmpty(examples);
        Assert.All(examples, example => Assert.StartsWith(command, example));
    }

    [Fact]
    public void Each_command_has_examples_that_parse_and_fit_the_terminal()
    {
        var root = TrainerCommandLine.Root([]);
        Assert.Equal(root.Subcommands.Select(command => command.Name).Append("").Order(), Examples.ByCommand.Keys.Order());
        foreach (var example in Examples.ByCommand.Values)
        {
            Assert.All(example.Split('\n'), line => Assert.InRange(line.TrimEnd().Length, 1, 78));
            var lines = example.ReplaceLineEndings("\n").Replace("\\\n  ", "", StringComparison.Ordinal).Split('\n');
            foreach (var line in lines.Where(line => line[0] != '#'))
                Assert.Null(ParseErrors.Of(root.Parse([.. line.Split(' ').SkipWhile(word => word != "--project").Skip(3)])));
        }
    }

    [Fact]
    public void List_names_every_recipe_and_show_prints_one_with_its_layers()
    {
        using var list = TrainerProcess.Start(_folder.Path, "list");
        var (code, output, _) = list.Wait();
        Assert.Equal(0, code);
        Assert.Contains("digits-vae", output);
        Assert.Contains("faces-conv-ae", output);
        Assert.Contains("olivetti_faces.npy", output);
        using var show = TrainerProcess.Start(_folder.Path, "show", "mnist-vae");
        (code, output, _) = show.Wait();
        Assert.Equal(0, code);
        Assert.Contains("\"learningRate\": 0.001", output);
        Assert.Contains("652,824", output);
    }

    [Fact]
    public void Compare_prints_a_table_or_writes_it_into_a_page()
    {
        using (var first = TrainerProcess.Start(_folder.Path, s_quick))
            Assert.Equal(0, first.Wait().Code);
        string printed;
        using (var run = TrainerProcess.Start(_folder.Path, "compare", "artifacts/digits-vae"))
            printed = run.Wait().Output;
        Assert.Matches(@"^\| bundle \| engine \|.* graphs differ by \|\n\|---\|---\|.*\n\| digits-vae \| " + Engine.Name, printed);
        _folder.Write(
            "page.md",
            "A\n<!-- figures other digits-vae -->\nold\n<!-- end -->\nB\n<!-- figures other -->\nkept\n<!-- end -->\n"
        );
        using (var run = TrainerProcess.Start(_folder.Path, "compare", "artifacts/digits-vae", "--page", "page.md"))
            Assert.Equal((0, "page.md: wrote 1 table from 1 bundle.\n", ""), run.Wait());
        Assert.Equal(
            $"A\n<!-- figures other digits-vae -->\n{printed}<!-- end -->\nB\n<!-- figures other -->\nkept\n<!-- end -->\n",
            File.ReadAllText(_folder.File("page.md"))
        );
        _folder.Write("bare.md", "A\n");
        using var none = TrainerProcess.Start(_folder.Path, "compare", "artifacts/digits-vae", "--page", "bare.md");
        var (code, _, error) = none.Wait();
        Assert.Equal(1, code);
        Assert.Contains("bare.md has no place for these bundles", error);
    }

    [Theory]
    [InlineData("prior-sample", 582, 118, "--count", "12", "--seed", "3")]
    [InlineData("prior-mean", 582, 118, "--count", "12")]
    [InlineData("posterior", 176, 292, "--count", "3")]
    [InlineData("mean", 60, 60, "--code", "0,0,0,0,0,0,0,0,0,0.5")]
    public void Each_predictive_can_be_drawn_by_name(string what, int width, int height, params string[] more)
    {
        var bundle = Path.Combine(World.Root, "artifacts", "digits-small");
        using var run = TrainerProcess.Start(_folder.Path, ["draw", bundle, what, "--output", "x.png", .. more]);
        var (code, output, error) = run.Wait();
        Assert.Equal((0, ""), (code, error));
        Assert.StartsWith("x.png: ", output);
        var png = File.ReadAllBytes(_folder.File("x.png"));
        Assert.Equal(
            (width, height),
            (BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20)))
        );
    }

    [Fact]
    public void A_prior_sample_of_a_squared_error_model_has_the_spread_of_its_test_rows()
    {
        string[] squared = [.. s_quick, "--set", "objective.reconstruction=meanSquaredError", "--quiet"];
        Assert.Equal((0, ""), InProcess([.. squared, "--out", "x"]));
        Assert.Equal((0, ""), InProcess([.. squared, "--out", "y", "--set", "data.test=0"]));
        var metrics = ManifestFile.Read(_folder.File("x")).Metrics;
        Assert.Equal(255 * Math.Sqrt(metrics["test.mse"]), metrics["test.residual"], 1e-2);
        foreach (var what in new[] { "prior-mean", "prior-sample" })
            Assert.Equal((0, ""), InProcess(["draw", "x", what, "--output", $"{what}.png"]));
        Assert.NotEqual(File.ReadAllBytes(_folder.File("prior-mean.png")), File.ReadAllBytes(_folder.File("prior-sample.png")));
        var (code, error) = InProcess(["draw", "y", "prior-sample", "--output", "y.png"]);
        Assert.Equal(1, code);
        Assert.Contains("has no test.residual", error);
    }

    [Theory]
    [InlineData("variational", "table models tables, not images; ")]
    [InlineData("autoencoder", "table is a plain autoencoder without a prior")]
    public void What_makes_no_images_is_not_drawn(string kind, string message)
    {
        _folder.Write("table.csv", "a,b\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"{i},{i * i % 7}\n")));
        _folder.Write(
            "table.json",
            $$"""
            {
              "name": "table", "kind": "{{kind}}", "data": { "source": "csv", "path": "table.csv", "scaling": "standard" },
              "encoder": [ { "type": "linear", "out": 4 } ], "latent": { "dimension": 2 }, "decoder": [ { "type": "linear", "out": 2 } ],
              "objective": { "reconstruction": "meanSquaredError" }, "training": { "epochs": 1, "batchSize": 16 }
            }
            """
        );
        Assert.Equal((0, ""), InProcess(["table.json", "--out", "x", "--threads", "1", "--quiet"]));
        var (code, error) = InProcess(["draw", "x", "prior-mean", "--output", "x.png"]);
        Assert.Equal(1, code);
        Assert.StartsWith(message, error);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    [Fact]
    public void From_starts_with_the_weights_of_a_bundle()
    {
        Assert.Equal((0, ""), InProcess([.. s_quick, "--quiet", "--out", "first"]));
        Assert.Equal((0, ""), InProcess([.. s_quick, "--quiet", "--out", "second", "--from", "first"]));
        var sha256 = ManifestFile.Read(_folder.File("first")).Files.Single(file => file.Role == BundleRole.Checkpoint).Sha256;
        Assert.Equal(new InitialWeights("digits-vae", 1, sha256), ManifestFile.Read(_folder.File("second")).StartedFrom);
    }

    [Fact]
    public void Graphs_are_evaluated_through_ONNX_Runtime_and_the_manifest_stays()
    {
        Assert.Equal((0, ""), InProcess([.. s_quick, "--quiet", "--out", "x"]));
        var manifest = File.ReadAllText(_folder.File("x/manifest.json"));
        using var run = TrainerProcess.Start(_folder.Path, "evaluate", "x", "--graphs", "--samples", "5");
        var (code, output, _) = run.Wait();
        Assert.Equal(0, code);
        Assert.Matches(@"NLL .* \d+\.\d\d ± ", output);
        Assert.Contains("5 importance samples per row, computed by ONNX Runtime.", output);
        Assert.Equal(manifest, File.ReadAllText(_folder.File("x/manifest.json")));
    }

    [Theory]
    [InlineData("checkpoint", 40)]
    [InlineData("export", 700)]
    public void A_full_disk_is_said_in_one_sentence_and_the_former_bundle_stays(string during, int kilobytes)
    {
        Assert.SkipUnless(TrainerProcess.MayMount(), "a small disk can't be mounted here");
        using (var first = TrainerProcess.Start(_folder.Path, [.. s_quick, "--out", "made"]))
            Assert.Equal(0, first.Wait().Code);
        var script = $"""
            set -e; mkdir disk; size=$(du -s --apparent-size -B1024 made | cut -f1)
            mount -t tmpfs -o size=$((size + 80 + {kilobytes}))k tmpfs disk; cp -r made disk/x
            code=0; "$@" || code=$?
            diff -r made disk/x && ls -A disk && ls disk/.x.run; exit $code
            """;
        using var run = TrainerProcess.Script(_folder.Path, script, [.. s_quick, "--seed", "2", "--out", "disk/x", "--force", "--quiet"]);
        var (code, output, error) = run.Wait();
        Assert.Equal(1, code);
        Assert.Matches("cannot be written: .*(No space left on device|disk was full)", error);
        Assert.Single(error.TrimEnd().Split('\n'));
        Assert.Matches("^\\.x\\.run\nx\n", output);
        Assert.Equal(during == "export", output.Contains("checkpoint-000001.json", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    [InlineData("HUP")]
    public void Ctrl_C_saves_a_checkpoint_says_how_to_resume_and_exits_with_130(string signal)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "signals are sent by kill");
        Assert.SkipWhen(World.Ignores(signal), $"The tests were started to ignore SIG{signal}.");
        string[] endless = [.. s_quick, "--epochs", "100000"];
        endless = [.. endless.Skip(2)];
        using (var run = TrainerProcess.Start(_folder.Path, endless))
        {
            var log = _folder.File("artifacts/.digits-vae.run/training.jsonl");
            while (!run.HasExited && !(File.Exists(log) && new FileInfo(log).Length > 0))
                Thread.Sleep(20);
            Process.Start("kill", [$"-{signal}", run.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]).WaitForExit();
            var (code, _, error) = run.Wait();
            Assert.Equal(130, code);
            Assert.Matches(@"^Stopped after step \d+ and saved a checkpoint; add --resume to continue.\n$", error);
        }

        Assert.Single(Directory.GetFiles(_folder.File("artifacts/.digits-vae.run"), "checkpoint-*.json"));
        Assert.False(Directory.Exists(_folder.File("artifacts/digits-vae")));
    }

    [Fact]
    public void A_report_is_made_again()
    {
        using (var first = TrainerProcess.Start(_folder.Path, s_quick))
            Assert.Equal(0, first.Wait().Code);
        var report = _folder.File("artifacts/digits-vae/report.html");
        var before = File.ReadAllText(report);
        File.SetLastWriteTimeUtc(report, DateTime.UnixEpoch);
        using var run = TrainerProcess.Start(_folder.Path, "report", "artifacts/digits-vae");
        var (code, output, error) = run.Wait();
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("artifacts/digits-vae/report.html", output);
        Assert.NotEqual(DateTime.UnixEpoch, File.GetLastWriteTimeUtc(report));
        Assert.Equal(before.Length, File.ReadAllText(report).Length, before.Length / 50.0);
        BundleFolder.Open(_folder.File("artifacts/digits-vae"));
    }

    [Fact]
    public void Figures_of_other_data_stay_out_of_the_manifest_and_own_files_stay_in_the_folder()
    {
        var (mnist, other) = (MadeData.Mnist(_folder, 60, 20), _folder.File("other"));
        Directory.CreateDirectory(other);
        foreach (var file in Directory.GetFiles(mnist))
            File.Copy(file, Path.Combine(other, Path.GetFileName(file)));
        _folder.Write("other/t10k-images-idx3-ubyte", Files.IdxImages(20, 28, 28));
        string[] train =
        [
            "mnist-vae",
            "--data",
            mnist,
            "--out",
            "x",
            "--epochs",
            "1",
            "--set",
            "encoder[0].out=8",
            "--set",
            "decoder[0].out=8",
            "--quiet",
        ];
        Assert.Equal((0, ""), InProcess(train));
        _folder.Write("x/mine.png", "mine");
        var manifest = _folder.File("x/manifest.json");
        var before = File.ReadAllText(manifest);
        Assert.Equal((0, ""), Quietly("evaluate", "x", "--data", other, "--samples", "5"));
        Assert.Equal(before, File.ReadAllText(manifest));
        using (BundleLock.Take(_folder.File("x")))
        {
            var (code, error) = Quietly("evaluate", "x", "--data", mnist, "--samples", "5");
            Assert.Equal(1, code);
            Assert.Contains("Another run holds", error);
        }

        Assert.Equal((0, ""), Quietly("evaluate", "x", "--data", mnist, "--samples", "5"));
        Assert.Contains("\"evaluate.nll\"", File.ReadAllText(manifest));
        Assert.Equal((0, ""), Quietly("report", "x", "--data", mnist));
        Assert.Equal("mine", File.ReadAllText(_folder.File("x/mine.png")));
        Assert.DoesNotContain(BundleFolder.Open(_folder.File("x")).Manifest.Files, file => file.Path == "mine.png");

        // Progress goes to standard error.
        (int, string) Quietly(params string[] arguments)
        {
            var (code, error) = InProcess(arguments);
            return (code, string.Concat(error.Split('\n').Where(line => !line.StartsWith("evaluate: ", StringComparison.Ordinal))));
        }
    }

    private (int Code, string Error) InProcess(string[] arguments)
    {
        var (folder, error, output) = (Environment.CurrentDirectory, Console.Error, Console.Out);
        using var text = new StringWriter();
        try
        {
            Environment.CurrentDirectory = _folder.Path;
            Console.SetError(text);
            Console.SetOut(TextWriter.Null);
            return (TrainerCommandLine.Run(arguments), text.ToString());
        }
        finally
        {
            Environment.CurrentDirectory = folder;
            Console.SetError(error);
            Console.SetOut(output);
        }
    }
}
