using Latent.CommandLine;
using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Contracts.Recipes;
using Latent.Data.Rows;
using Latent.Trainer.Commands;
using Latent.Trainer.Data;
using Latent.Trainer.Sweeps;
using Latent.Trainer.Tests.Helpers;

namespace Latent.Trainer.Tests.Sweeps;

/// <summary>Sweeps over tiny recipes: the runs, their ranking, and what happens when they are divided, interrupted or fail.</summary>
public sealed class SweepTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public SweepTests() =>
        RecipeFile.Write(
            Recipes.Tiny with
            {
                Data = Recipes.Tiny.Data with { Count = 90 },
                Training = Recipes.Tiny.Training with { Epochs = 8, KeepBest = true },
            },
            _folder.File("tiny.json")
        );

    public void Dispose() => _folder.Dispose();

    private SweepSettings Settings(string name, params string[] sets) =>
        new()
        {
            Run = new TrainSettings
            {
                Recipe = _folder.File("tiny.json"),
                Assignments = sets,
                Threads = 1,
            },
            Folder = _folder.File(name),
        };

    [Fact]
    public void A_grid_is_trained_once_and_ranked_by_validation_loss()
    {
        var settings = Settings("grid", "latent.dimension=2,3", "optimizer.learningRate=0.001,0.01", "training.epochs=2");
        var text = Run(settings);
        Assert.Contains("run-002 (latent.dimension 2, optimizer.learningRate 0.01), 2 of 4: training", text);
        var table = Table(text);
        Assert.Equal(
            "| | run | latent.dimension | optimizer.learningRate | epochs | train loss | validation loss | test loss | |",
            table[0]
        );
        Assert.Equal(4, table.Length - 2);
        double[] losses = [.. table.Skip(2).Select(row => double.Parse(row.Split('|')[7]))];
        Assert.Equal(losses.Order(), losses);
        // The faster of the two learning rates is ahead after so few steps, whatever the dimension.
        Assert.Equal(["0.01", "0.01", "0.001", "0.001"], table.Skip(2).Select(row => row.Split('|')[4].Trim()));
        Assert.Equal(3, BundleFolder.Open(_folder.File("grid/run-003")).Manifest.LatentDimension);

        var manifests = Written();
        var again = Run(settings);
        Assert.DoesNotContain("training", again.Replace("training rows", ""));
        Assert.Equal(table, Table(again));
        Assert.Equal(manifests, Written());

        using var output = new StringWriter();
        Assert.Equal(0, CompareCommand.Run([_folder.File("grid")], null, output));
        Assert.Equal(table, Table(output.ToString()));
        var page = File.ReadAllText(_folder.File("grid/sweep.html"));
        Assert.Equal(8, page.Split("<polyline").Length - 1);
        Assert.Equal(5, page.Split("<tr>").Length - 1);

        DateTime[] Written() =>
            [.. Enumerable.Range(1, 4).Select(i => File.GetLastWriteTimeUtc(_folder.File($"grid/run-00{i}/{ManifestFile.Name}")))];
    }

    [Fact]
    public void Parts_of_a_sweep_end_in_the_table_of_the_whole()
    {
        string[] sets = ["latent.dimension=2,3,4", "training.epochs=1"];
        var whole = Table(Run(Settings("whole", sets)));
        Assert.Empty(Table(Run(Settings("parts", sets) with { Shard = new Shard(2, 2) })));
        Assert.True(File.Exists(_folder.File($"parts/run-002/{ManifestFile.Name}")));
        Assert.False(Directory.Exists(_folder.File("parts/run-001")));
        Assert.Equal(whole, Table(Run(Settings("parts", sets) with { Shard = new Shard(1, 2) })));
    }

    [Fact]
    public void Successive_halving_stops_the_losers_and_changes_no_bit_of_the_winner()
    {
        string[] sets = ["optimizer.learningRate=0.0001,0.001,0.01,0.003"];
        var text = Run(Settings("halving", sets) with { Eta = 2 });
        Assert.Contains("Round 1: 4 runs to epoch 2", text);
        Assert.Contains("Round 2: 2 runs to epoch 4", text);
        Assert.Contains("Round 3: 1 run to the end", text);
        var table = Table(text);
        Assert.Equal(["8", "4", "2", "2"], table.Skip(2).Select(row => row.Split('|')[4].Trim()));
        Assert.Equal(["", "unfinished", "unfinished", "unfinished"], table.Skip(2).Select(row => row.Split('|')[8].Trim()));
        var winner = table[2].Split('|')[2].Trim();
        var grid = Table(Run(Settings("grid", sets)));
        Assert.Equal(winner, grid[2].Split('|')[2].Trim());
        Assert.Equal(
            File.ReadAllBytes(_folder.File($"grid/{winner}/checkpoint.safetensors")),
            File.ReadAllBytes(_folder.File($"halving/{winner}/checkpoint.safetensors"))
        );
        var again = Run(Settings("halving", sets) with { Eta = 2 });
        Assert.Equal(table, Table(again));
        Assert.DoesNotContain("continuing", again);
    }

    [Theory]
    [InlineData(12, 90, 3, "10:12 30:4 90:2")]
    [InlineData(9, 81, 3, "9:9 27:3 81:1")]
    [InlineData(4, 8, 2, "2:4 4:2 8:1")]
    [InlineData(8, 2, 2, "1:8 2:4")]
    [InlineData(2, 10, 3, "10:2")]
    [InlineData(5, 1, 2, "1:5")]
    public void Budgets_grow_as_runs_become_fewer(int runs, int epochs, int eta, string expected) =>
        Assert.Equal(expected, string.Join(' ', SweepBudgets.Of(runs, epochs, eta).Select(round => $"{round.Epochs}:{round.Runs}")));

    [Fact]
    public void Random_combinations_depend_on_the_seed_and_keep_to_their_ranges()
    {
        string[] sets = ["latent.dimension=2..6", "optimizer.learningRate=1e-4..1e-1", "training.batchSize=16,32"];
        var plan = Plan(40, 7);
        Assert.Equal(40, plan.Runs.Count);
        Assert.Equal(40, plan.Runs.Select(run => string.Join(',', run.Values.Values)).Distinct().Count());
        Assert.Equal(["2", "3", "4", "5", "6"], plan.Runs.Select(run => run.Values["latent.dimension"]).Distinct().Order());
        var rates = plan.Runs.Select(run => double.Parse(run.Values["optimizer.learningRate"])).ToList();
        Assert.All(rates, rate => Assert.InRange(rate, 1e-4, 1e-1));
        // Each of three decades gets its share.
        Assert.All(new[] { 1e-4, 1e-3, 1e-2 }, low => Assert.InRange(rates.Count(rate => rate >= low && rate < 10 * low), 4, 25));
        Assert.Equal(Text(plan), Text(Plan(40, 7)));
        Assert.NotEqual(Text(plan), Text(Plan(40, 8)));
        // There are no more combinations than four.
        Assert.Equal(4, SweepPlan.Of(_folder.File("tiny.json"), ["latent.dimension=2,3", "training.seed=1,2"], [], 9, 1, null).Runs.Count);

        SweepPlan Plan(int count, long seed) => SweepPlan.Of(_folder.File("tiny.json"), sets, [], count, seed, null);

        static string Text(SweepPlan plan) => string.Join('\n', plan.Runs);
    }

    [Fact]
    public void A_list_within_brackets_is_one_value()
    {
        var axis = SweepAxis.Parse("""encoder=[{"type":"linear","out":8},{"type":"relu"}],[{"type":"linear","out":4}]""");
        Assert.Equal(["""[{"type":"linear","out":8},{"type":"relu"}]""", """[{"type":"linear","out":4}]"""], axis.Values);
    }

    [Fact]
    public void A_run_that_diverges_is_listed_and_does_not_end_the_others()
    {
        var settings = Settings("failing", "optimizer.learningRate=1000,0.001", "optimizer.kind=sgd");
        for (var i = 0; i < 2; i++)
        {
            using var output = new StringWriter();
            var e = Assert.Throws<LatentException>(() => SweepCommand.Run(settings, output));
            Assert.Matches(
                @"^1 of 2 runs failed, the first because: .*became NaN or infinite.*; without \S+run-001\.failed\.txt it is",
                e.Message
            );
            var table = Table(output.ToString());
            Assert.Equal(["run-002", "run-001"], table.Skip(2).Select(row => row.Split('|')[2].Trim()));
            Assert.EndsWith("| failed |", table[^1]);
        }
    }

    [Fact]
    public void Another_sweep_in_the_folder_is_refused()
    {
        Run(Settings("one", "latent.dimension=2,3", "training.epochs=1"));
        var e = Assert.Throws<LatentException>(() => Run(Settings("one", "latent.dimension=2,4", "training.epochs=1")));
        Assert.Contains("one has another sweep (sweep.json differs", e.Message);
    }

    [Theory]
    [InlineData("A sweep needs a key with several values", "--set", "latent.dimension=2")]
    [InlineData("--set latent.dimension is not of the form key=value,value", "--set", "latent.dimension")]
    [InlineData("--set gives the key latent.dimension twice", "--set", "latent.dimension=2,3", "--set", "latent.dimension=4")]
    [InlineData("gives a value twice", "--set", "latent.dimension=2,2")]
    [InlineData("--set latent.dimension=2..5 is a range, from which --random N draws", "--set", "latent.dimension=2..5")]
    [InlineData("must be below its second", "--set", "latent.dimension=5..2", "--random", "3")]
    [InlineData("--eta is the factor of --halving", "--set", "latent.dimension=2,3", "--eta", "2")]
    [InlineData("--halving chooses among all runs", "--set", "latent.dimension=2,3", "--halving", "--shard", "1/2")]
    [InlineData("finds neither SLURM_ARRAY_TASK_ID nor", "--set", "latent.dimension=2,3", "--shard", "auto")]
    [InlineData("The grid has more than 10,000 runs", "--set", "training.seed={200}", "--set", "training.epochs={200}")]
    public void Wrong_usage_exits_with_2_and_writes_nothing(string reason, params string[] options)
    {
        string[] given = [.. options.Select(option => option.Replace("{200}", string.Join(',', Enumerable.Range(1, 200))))];
        using var run = TrainerProcess.Start(_folder.Path, ["sweep", "tiny.json", "--out", "x", .. given]);
        var (code, _, error) = run.Wait();
        Assert.Contains(reason, error);
        Assert.Equal(ExitCodes.Usage, code);
        Assert.False(Directory.Exists(_folder.File("x")));
    }

    [Fact]
    public void What_is_wrong_with_the_last_run_is_found_before_the_first_is_trained()
    {
        using var run = TrainerProcess.Start(_folder.Path, "sweep", "tiny.json", "--out", "x", "--set", "latent.dimension=2,many");
        var (code, _, error) = run.Wait();
        Assert.Contains("latent.dimension", error);
        Assert.Equal(ExitCodes.Failed, code);
        Assert.False(Directory.Exists(_folder.File("x")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_sweep_killed_and_continued_ends_in_the_same_table(bool halving)
    {
        string[] options =
        [
            "sweep",
            "tiny.json",
            "--threads",
            "1",
            "--set",
            "latent.dimension=2,3,4",
            "--set",
            "training.batchSize=16,32",
            "--set",
            "training.checkpointSeconds=0.01",
            .. halving ? (string[])["--halving", "--eta", "2"] : [],
            "--out",
        ];
        var started = Environment.TickCount64;
        using var whole = TrainerProcess.Start(_folder.Path, [.. options, "whole"]);
        var (code, output, error) = whole.Wait();
        Assert.Equal((0, ""), (code, error));
        var (milliseconds, expected) = (Environment.TickCount64 - started, Table(output));
        Assert.Equal(6, expected.Length - 2);

        var random = new SeededRandom(22, SeededRandom.Purpose.Step);
        for (var kills = 0; kills < 5; kills++)
        {
            using var run = TrainerProcess.Start(_folder.Path, [.. options, "killed"]);
            Thread.Sleep((int)(milliseconds * random.Between(0.2, 0.8)));
            run.Kill();
            run.Wait();
        }

        using var last = TrainerProcess.Start(_folder.Path, [.. options, "killed"]);
        (code, output, error) = last.Wait();
        Assert.Equal((0, ""), (code, error));
        Assert.Equal(expected, Table(output));
        foreach (var run in Directory.GetDirectories(_folder.File("whole"), "run-*").Select(Path.GetFileName))
        {
            Assert.Equal(
                File.ReadAllBytes(_folder.File($"whole/{run}/checkpoint.safetensors")),
                File.ReadAllBytes(_folder.File($"killed/{run}/checkpoint.safetensors"))
            );
        }
    }

    private static string Run(SweepSettings settings)
    {
        using var output = new StringWriter();
        Assert.Equal(0, SweepCommand.Run(settings, output));
        return output.ToString();
    }

    private static string[] Table(string text) => [.. text.Split('\n').Where(line => line.StartsWith('|'))];
}
