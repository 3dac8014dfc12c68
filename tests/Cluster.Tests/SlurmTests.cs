using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Latent.Scorer.Commands;
using Latent.Trainer.Runs;

[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Latent.Tests;

/// <summary>The sbatch files of samples/cluster on a cluster of one node, with tasks killed at random.</summary>
public sealed class SlurmTests(SlurmCluster cluster) : IClassFixture<SlurmCluster>, IDisposable
{
    private const int Tasks = 16;
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(5);
    private readonly string _folder = Directory.CreateTempSubdirectory("latent-array-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void An_array_of_sixteen_tasks_killed_at_random_makes_the_file_of_one_run()
    {
        Assert.SkipWhen(cluster.Missing is not null, cluster.Missing ?? "");
        var rows = Environment.GetEnvironmentVariable("LATENT_CLUSTER_ROWS") is { Length: > 0 } text
            ? int.Parse(text, CultureInfo.InvariantCulture)
            : 40_000;
        var clock = Stopwatch.StartNew();
        WriteTable("table.csv", rows);
        Say($"{rows} rows written in {clock.Elapsed.TotalSeconds:F1} s");
        clock.Restart();
        Score("--output", "whole.csv");
        Say($"one run: {clock.Elapsed.TotalSeconds:F1} s");
        for (var part = 1; part <= Tasks && rows <= 100_000; part++)
            Score("--output", "expected", "--shard", $"{part}/{Tasks}");

        clock.Restart();
        var job = Submit("score.sbatch", typeof(ScorerCommandLine), TestBundles.Table, "table.csv", "parts");
        var (random, kills, seen) = (new Random(22), 0, 0);
        while (cluster.Tasks(job).Length > 0)
        {
            Assert.True(clock.Elapsed < s_longest || rows > 100_000, $"The array does not end: {string.Join(", ", cluster.Tasks(job))}");
            Thread.Sleep(random.Next(100, 700));
            // What has a final name is whole at any moment.
            foreach (
                var path in Directory.Exists(Of("expected")) && Directory.Exists(Of("parts"))
                    ? Directory.GetFiles(Of("parts"), "part-*")
                    : []
            )
            {
                Assert.Equal(File.ReadAllBytes(Of($"expected/{Path.GetFileName(path)}")), File.ReadAllBytes(path));
                seen++;
            }

            if (kills < 12 && Programs() is [_, ..] programs)
            {
                using var victim = Find(programs[random.Next(programs.Count)]);
                victim?.Kill();
                kills += victim is null ? 0 : 1;
            }
        }

        Say($"the array: {clock.Elapsed.TotalSeconds:F1} s with {kills} kills; complete parts looked at {seen} times");
        Assert.InRange(kills, 3, 12);
        clock.Restart();
        Run(typeof(ScorerCommandLine), 0, "merge", "parts", "--output", "merged.csv");
        Say($"merge: {clock.Elapsed.TotalSeconds:F1} s");
        Assert.Equal(Sha256(Of("whole.csv")), Sha256(Of("merged.csv")));
        Assert.Equal(2 * Tasks, Directory.GetFiles(Of("parts")).Count(path => !Path.GetFileName(path).StartsWith('.')));
    }

    [Fact]
    public void The_tasks_of_a_sweep_end_in_the_table_of_one_run()
    {
        Assert.SkipWhen(cluster.Missing is not null, cluster.Missing ?? "");
        WriteTable("table.csv", 400);
        string[] options =
        [
            "--data",
            "table.csv",
            "--set",
            "latent.dimension=2,3,4,5",
            "--set",
            "training.epochs=3",
            "--set",
            "training.seed=1,2",
            "--engine",
            "managed",
        ];
        File.WriteAllText(
            Of("tiny.json"),
            """
            {
              "name": "tiny", "kind": "autoencoder", "data": { "source": "csv", "scaling": "standard" },
              "encoder": [ { "type": "linear", "out": 8 }, { "type": "tanh" } ], "latent": { "dimension": 2 },
              "decoder": [ { "type": "linear", "out": 6 } ], "objective": { "reconstruction": "meanSquaredError" }
            }
            """
        );
        var whole = Run(typeof(TrainingRun), 0, ["sweep", "tiny.json", "--out", "whole", "--threads", "2", .. options]);
        var job = Submit("sweep.sbatch", typeof(TrainingRun), ["tiny.json", "sweep", .. options]);
        for (var clock = Stopwatch.StartNew(); cluster.Tasks(job).Length > 0; Thread.Sleep(200))
            Assert.True(clock.Elapsed < s_longest, $"The array does not end: {string.Join(", ", cluster.Tasks(job))}");
        Assert.Equal(Table(whole), Table(Run(typeof(TrainingRun), 0, "compare", "sweep")));
        Assert.Equal(10, Table(whole).Length);

        static string[] Table(string text) => [.. text.Split('\n').Where(line => line.StartsWith('|'))];
    }

    private string Of(string name) => Path.Combine(_folder, name);

    private static void Say(string text) => TestContext.Current.TestOutputHelper?.WriteLine(text);

    private void WriteTable(string name, int rows)
    {
        var random = new Random(11);
        using var file = new StreamWriter(Of(name)) { NewLine = "\n" };
        file.WriteLine("a,b,c,d,e,f");
        for (var row = 0; row < rows; row++)
        {
            file.WriteLine(
                string.Join(
                    ',',
                    Enumerable.Range(0, 6).Select(_ => (random.NextDouble() * 60 - 20).ToString("F3", CultureInfo.InvariantCulture))
                )
            );
        }
    }

    private void Score(params string[] more) =>
        Run(
            typeof(ScorerCommandLine),
            0,
            ["score", "--model", TestBundles.Table, "--input", "table.csv", "--threads", "1", "--quiet", .. more]
        );

    private string Run(Type program, int expected, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", program.Assembly.Location, .. arguments])
        {
            WorkingDirectory = _folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == expected, $"{process.ExitCode}: {output}{error.Result}");
        return output;
    }

    private string Submit(string sample, Type program, params string[] arguments) =>
        cluster.Run(
            "sbatch",
            _folder,
            [
                "--parsable",
                "--mem-per-cpu=0",
                $"--export=ALL,LATENT=dotnet exec {program.Assembly.Location}",
                Path.Combine(World.Root, "samples", "cluster", sample),
                .. arguments,
            ]
        );

    // The scorers of this array, by the folder that they run in.
    private List<int> Programs()
    {
        var found = new List<int>();
        foreach (var process in Directory.GetDirectories("/proc").Where(path => int.TryParse(Path.GetFileName(path), out _)))
        {
            try
            {
                var command = Encoding.UTF8.GetString(File.ReadAllBytes(Path.Combine(process, "cmdline"))).Split('\0');
                var folder = new FileInfo(Path.Combine(process, "cwd")).LinkTarget;
                if (command[0].EndsWith("dotnet", StringComparison.Ordinal) && command.Contains("--shard") && folder == _folder)
                    found.Add(int.Parse(Path.GetFileName(process), CultureInfo.InvariantCulture));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It has ended.
            }
        }

        return found;
    }

    private static Process? Find(int id)
    {
        try
        {
            return Process.GetProcessById(id);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    // The files may be too long to be compared in memory.
    private static string Sha256(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }
}
