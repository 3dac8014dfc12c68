using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Latent.Contracts.Bundles;
using Latent.Trainer.Checkpoints;
using Latent.Trainer.Runs;

namespace Latent.Tests;

/// <summary>Training over OpenMPI, in processes of this machine.</summary>
public sealed class MpiTests : IDisposable
{
    // Smooth, so that rounding is not amplified; 33 rows are divided unevenly, and so are the 23 of the last minibatch of 320.
    private const string Recipe = """
        {
          "name": "tiny", "kind": "variational", "data": { "source": "csv", "scaling": "standard", "validation": 0.1 },
          "encoder": [ { "type": "linear", "out": 16 }, { "type": "tanh" } ], "latent": { "dimension": 2 },
          "decoder": [ { "type": "linear", "out": 16 }, { "type": "tanh" }, { "type": "linear", "out": 6 } ],
          "objective": { "reconstruction": "meanSquaredError", "bound": "iwae", "samples": 3 },
          "noise": { "kind": "gaussian", "amount": 0.2 },
          "training": { "epochs": 10, "batchSize": 33 }
        }
        """;

    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(2);
    private readonly string _folder = Directory.CreateTempSubdirectory("latent-mpi-").FullName;

    public MpiTests()
    {
        File.WriteAllText(Of("tiny.json"), Recipe);
        WriteTable("table.csv", 11);
        WriteTable("other.csv", 12);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("managed", 2)]
    [InlineData("libtorch", 2)]
    [InlineData("managed", 3, "noise.kind=masking", "noise.amount=0.2")]
    // The optimizer's step isn't divided.
    [InlineData("managed", 3, "optimizer.clipNorm=5")]
    [InlineData("libtorch", 2, "optimizer.clipNorm=5")]
    [InlineData("managed", 2, "optimizer.kind=rmsProp", "optimizer.momentum=0.5")]
    [InlineData("managed", 2, "optimizer.kind=sgd", "optimizer.momentum=0.5")]
    [InlineData("libtorch", 2, "optimizer.kind=sgd", "optimizer.momentum=0.5", "optimizer.weightDecay=0.01")]
    public void Processes_have_the_weights_and_losses_of_a_single_one(string engine, int count, params string[] settings)
    {
        SkipWithoutMpi();
        string[] options = ["tiny.json", "--data", "table.csv", "--engine", engine, "--threads", "1", "--quiet"];
        options = [.. options, .. settings.SelectMany(setting => (string[])["--set", setting])];
        Assert.Equal((0, ""), CodeAndError(Start(1, false, [.. options, "--out", "one"])));
        Assert.Equal((0, ""), CodeAndError(Start(count, true, [.. options, "--out", "many"])));
        Assert.Equal((0, ""), CodeAndError(Start(count, true, [.. options, "--out", "again"])));
        Assert.Equal(100, Steps("many"));
        Assert.InRange(Difference("one", "many"), 0, 1e-5);
        Assert.Equal(File.ReadAllBytes(Of("many/checkpoint.safetensors")), File.ReadAllBytes(Of("again/checkpoint.safetensors")));
        foreach (var (one, many) in Losses("one").Zip(Losses("many")))
            Assert.Equal(one, many, 1e-4);
    }

    [Fact]
    public void Batch_normalization_takes_the_rows_of_each_process_and_has_the_same_statistics_in_all()
    {
        SkipWithoutMpi();
        string[] options =
        [
            "tiny.json",
            "--data",
            "table.csv",
            "--set",
            """encoder=[{ "type": "linear", "out": 16 }, { "type": "batchNorm1d" }, { "type": "tanh" }]""",
            "--engine",
            "managed",
        ];
        var (_, output, _) = Start(2, true, [.. options, "--out", "many"]);
        Assert.Contains("2 processes of 1 threads train; batch normalization sees the slice of each.", output);
        Start(1, false, [.. options, "--quiet", "--out", "one"]);
        // Means of slices are averaged to the mean of the minibatch, and weights differ because their rows were normalized otherwise.
        Assert.InRange(Difference("one", "many"), 1e-4, 0.2);
        Assert.NotEqual(Losses("one"), Losses("many"));
        Assert.All(Losses("one").Zip(Losses("many")), pair => Assert.InRange(pair.Second / pair.First, 0.9, 1.1));
    }

    [Fact]
    public void Training_goes_on_after_a_kill_and_a_stop_with_other_numbers_of_processes()
    {
        SkipWithoutMpi();
        string[] options =
        [
            "tiny.json",
            "--data",
            "table.csv",
            "--engine",
            "managed",
            "--threads",
            "1",
            "--set",
            "optimizer.kind=sgd",
            "--set",
            "optimizer.learningRate=0.001",
            "--epochs",
            "1500",
            "--set",
            "training.checkpointSeconds=0.02",
        ];
        Start(1, false, [.. options, "--quiet", "--out", "whole"]);
        string[] parts = [.. options, "--out", "parts", "--resume"];
        // One of two is killed: the other ends too, and the last checkpoint is whole.
        using (var run = Launch(2, true, parts))
        {
            WaitForSteps(run, 0);
            Signal(Rank(1), 9);
            var (code, _, _) = Wait(run);
            Assert.NotEqual(0, code);
            Assert.Empty(Ranks());
        }

        var steps = Checkpoint();
        Assert.InRange(steps, 1, 14_999);
        using (var run = Launch(1, false, parts))
        {
            WaitForSteps(run, steps);
            Signal(run.Id, 15);
            var (code, output, error) = Wait(run);
            Assert.Equal(130, code);
            Assert.Contains("with 2 processes of 1 threads, this is", output);
            Assert.StartsWith("Stopped after step", error);
        }

        // One that is not the first is told to stop: all do, after the same step.
        Assert.InRange(Checkpoint(), steps + 1, 14_999);
        steps = Checkpoint();
        using (var run = Launch(2, true, parts))
        {
            WaitForSteps(run, steps);
            Signal(Rank(1), 15);
            var (code, _, error) = Wait(run);
            Assert.Equal(130, code);
            Assert.Contains("Stopped after step", error);
        }

        Assert.Equal(0, Start(2, true, parts).Code);
        Assert.Equal(15_000, Steps("parts"));
        Assert.InRange(Difference("whole", "parts"), 0, 1e-4);
    }

    [Fact]
    public void What_is_wrong_is_one_sentence()
    {
        SkipWithoutMpi();
        string[] options = ["tiny.json", "--engine", "managed", "--quiet", "--out", "x"];
        var (code, output, error) = Start(2, true, [.. options, "--data", "missing.csv"]);
        Assert.Equal((1, ""), (code, output));
        Assert.Equal(1, Count(error, "missing.csv"));

        using var run = Process.Start(
            Command(
                "mpirun",
                [
                    .. Mpirun(1, ["--mpi", .. options, "--data", "table.csv"]),
                    ":",
                    .. Mpirun(1, ["--mpi", .. options, "--data", "other.csv"]),
                ]
            )
        )!;
        (code, _, error) = Wait(run);
        Assert.Equal(1, code);
        Assert.Equal(1, Count(error, "Rank 1 of 2: This process has other data than rank 0; all need the same"));
        Assert.False(File.Exists(Of("x/manifest.json")));
    }

    [Theory]
    [InlineData("libmissing.so", "--mpi needs OpenMPI 4 or 5, but its library libmissing.so can't be loaded here; install it")]
    [InlineData("libc.so.6", "libc.so.6 is not OpenMPI's library (MPICH's can't be used); --mpi needs OpenMPI 4 or 5.")]
    public void Without_OpenMPI_one_sentence_says_so(string library, string sentence)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The C library has another name here.");
        using var run = Launch(1, false, ["tiny.json", "--data", "table.csv", "--mpi"], ("LATENT_MPI", library));
        var (code, _, error) = Wait(run);
        Assert.Equal(1, code);
        Assert.StartsWith(sentence, error);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    [Theory]
    [InlineData("PMI_SIZE")]
    [InlineData("SLURM_STEP_NUM_TASKS")]
    public void Processes_that_another_launcher_started_are_told_apart(string variable)
    {
        SkipWithoutMpi();
        using var run = Launch(1, false, ["tiny.json", "--data", "table.csv", "--mpi"], (variable, "4"));
        var (code, _, error) = Wait(run);
        Assert.Equal(1, code);
        Assert.Contains($"OpenMPI sees one process, but {variable} says that 4 were started;", error);
    }

    [Fact]
    public void A_sweep_does_not_take_mpi()
    {
        string[] sweep = ["sweep", "tiny.json", "--data", "table.csv", "--set", "latent.dimension=2,3", "--out", "x", "--shard", "1/2"];
        var (code, _, error) = Start(1, false, [.. sweep, "--mpi"]);
        Assert.Equal(2, code);
        Assert.Equal("There is no option --mpi of sweep; see --help.", error.Trim());
    }

    private static void SkipWithoutMpi() =>
        Assert.SkipUnless(File.Exists("/usr/bin/mpirun.openmpi"), "OpenMPI is not installed here (Debian's package openmpi-bin).");

    private string Of(string name) => Path.Combine(_folder, name);

    private void WriteTable(string name, int seed)
    {
        var random = new Random(seed);
        using var file = new StreamWriter(Of(name)) { NewLine = "\n" };
        file.WriteLine("a,b,c,d,e,f");
        for (var row = 0; row < 400; row++)
        {
            var (x, y) = (random.NextDouble(), random.NextDouble());
            double[] cells = [x, y, x + y, x - y, x * y, random.NextDouble()];
            file.WriteLine(string.Join(',', cells.Select(cell => cell.ToString("F4", CultureInfo.InvariantCulture))));
        }
    }

    private (int Code, string Output, string Error) Start(int count, bool mpi, params string[] arguments)
    {
        using var run = Launch(count, mpi, arguments);
        return Wait(run);
    }

    private static (int, string) CodeAndError((int Code, string Output, string Error) run) => (run.Code, run.Error);

    private Process Launch(int count, bool mpi, string[] arguments, params (string Name, string Value)[] variables)
    {
        var start = mpi ? Command("mpirun", Mpirun(count, ["--mpi", .. arguments])) : Command("dotnet", [.. Program(), .. arguments]);
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    private static string[] Program() => ["exec", typeof(TrainingRun).Assembly.Location];

    private static string[] Mpirun(int count, string[] arguments) =>
        ["-n", $"{count}", "--oversubscribe", "dotnet", .. Program(), .. arguments];

    private ProcessStartInfo Command(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = _folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["OMPI_ALLOW_RUN_AS_ROOT"] = start.Environment["OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"] = "1";
        return start;
    }

    private static (int Code, string Output, string Error) Wait(Process run)
    {
        var error = run.StandardError.ReadToEndAsync();
        var output = run.StandardOutput.ReadToEndAsync();
        if (!run.WaitForExit(s_longest))
        {
            run.Kill(entireProcessTree: true);
            Assert.Fail($"It does not end: {output.Result}{error.Result}");
        }

        return (run.ExitCode, output.Result, error.Result);
    }

    private long Checkpoint() => new CheckpointStore(Of(".parts.run")).LoadNewest(_ => { })?.State.Position.Step ?? 0;

    private void WaitForSteps(Process run, long steps)
    {
        for (var clock = Stopwatch.StartNew(); !Directory.Exists(Of(".parts.run")) || NewestStep() <= steps; Thread.Sleep(5))
            Assert.True(!run.HasExited && clock.Elapsed < s_longest, "There is no checkpoint.");

        long NewestStep()
        {
            try
            {
                return Checkpoint();
            }
            catch (IOException)
            {
                return 0; // one that was just replaced
            }
        }
    }

    private int Rank(int rank) => Ranks().Single(process => process.Rank == rank).Id;

    // The processes of MPI that run in this test's folder.
    private List<(int Id, int Rank)> Ranks()
    {
        var found = new List<(int, int)>();
        foreach (var process in Directory.GetDirectories("/proc").Where(path => int.TryParse(Path.GetFileName(path), out _)))
        {
            try
            {
                var variables = Encoding.UTF8.GetString(File.ReadAllBytes(Path.Combine(process, "environ"))).Split('\0');
                var rank = variables.FirstOrDefault(text => text.StartsWith("OMPI_COMM_WORLD_RANK=", StringComparison.Ordinal));
                if (rank is not null && new FileInfo(Path.Combine(process, "cwd")).LinkTarget == _folder)
                    found.Add((int.Parse(Path.GetFileName(process), CultureInfo.InvariantCulture), rank[^1] - '0'));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It has ended.
            }
        }

        return found;
    }

    private static void Signal(int process, int signal) => Assert.Equal(0, kill(process, signal));

    private double Difference(string one, string other)
    {
        var (a, b) = (Weights(one), Weights(other));
        Assert.Equal(a.Keys.Order(), b.Keys.Order());
        return a.Max(tensor => tensor.Value.Zip(b[tensor.Key]).Max(pair => Math.Abs(pair.First - pair.Second)));
    }

    private Dictionary<string, float[]> Weights(string bundle) =>
        SafeTensorsFile
            .Read(Of($"{bundle}/checkpoint.safetensors"))
            .Where(tensor => tensor.Value.Type == "F32")
            .ToDictionary(tensor => tensor.Key, tensor => MemoryMarshal.Cast<byte, float>(tensor.Value.Bytes).ToArray());

    private double[] Losses(string bundle) =>
        [
            .. ManifestFile
                .Read(Of(bundle))
                .Metrics.Where(metric => metric.Key is "train.loss" or "validation.loss" or "validation.kl" or "test.loss")
                .OrderBy(metric => metric.Key, StringComparer.Ordinal)
                .Select(metric => metric.Value),
        ];

    private long Steps(string bundle) => (long)ManifestFile.Read(Of(bundle)).Metrics["steps"];

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    [DllImport("libc", SetLastError = true)]
    private static extern int kill(int process, int signal);
}
