using System.Text.Json;
using Latent.CommandLine;
using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Contracts.Recipes;
using Latent.Contracts.Training;
using Latent.Trainer.Checkpoints;
using Latent.Trainer.Commands;
using Latent.Trainer.Data;
using Latent.Trainer.Evaluation;
using Latent.Trainer.Runs;
using Latent.Trainer.Tests.Helpers;
using Latent.Trainer.Training;
using Spectre.Console;

namespace Latent.Trainer.Tests.Runs;

public sealed class ResumeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, string[]> Variants =>
        new()
        {
            { "adam", [] },
            {
                "adamW with clipping and a cosine",
                ["optimizer.kind=adamW", "optimizer.weightDecay=0.1", "optimizer.clipNorm=1", "schedule.kind=cosine"]
            },
            { "rmsprop with momentum", ["optimizer.kind=rmsProp", "optimizer.momentum=0.5"] },
            { "sgd with momentum", ["optimizer.kind=sgd", "optimizer.momentum=0.9", "optimizer.learningRate=1e-4"] },
            { "sgd", ["optimizer.kind=sgd", "optimizer.learningRate=1e-4"] },
            {
                "dropout, batch norm and the best weights",
                ["encoder[1].type=batchNorm1d", "decoder[1].type=dropout", "decoder[1].p=0.2", "training.keepBest=true"]
            },
            {
                "an ensemble with clipping, noise and the best weights",
                ["ensemble=3", "optimizer.clipNorm=1", "noise.kind=masking", "noise.amount=0.2", "training.keepBest=true"]
            },
            {
                "Burda's stages",
                [
                    "schedule.kind=burdaStages",
                    "schedule.scale=0.001",
                    "data.binarization=dynamic",
                    "objective.bound=iwae",
                    "objective.samples=3",
                ]
            },
            { "a codebook", ["kind=autoencoder", "latent.codebook={\"size\": 5, \"width\": 1}", "training.keepBest=true"] },
            {
                "two stochastic layers",
                [
                    "latent.upper={\"dimension\": 2, \"decoder\": [{\"type\": \"linear\", \"out\": 4}]}",
                    "objective.bound=iwae",
                    "objective.samples=3",
                ]
            },
            {
                "two stochastic layers, the upper one first, below a VampPrior",
                [
                    "latent.upper={\"dimension\": 2, \"inference\": \"topDown\", \"encoder\": [{\"type\": \"linear\", \"out\": 4}]}",
                    "decoder[0].out=20",
                    "prior={\"kind\": \"vampPrior\", \"pseudoInputs\": 4}",
                ]
            },
            { "labels", ["condition={\"classes\": 10}", "latent.posterior={\"kind\": \"planar\"}"] },
            { "inverse autoregressive flows", ["latent.posterior={\"kind\": \"iaf\", \"hidden\": 5}"] },
            {
                "dynamic binarization, noise and warm-up",
                ["data.binarization=dynamic", "noise.kind=masking", "noise.amount=0.2", "objective.warmUpEpochs=2", "data.mirror=true"]
            },
        };

    [Theory]
    [MemberData(nameof(Variants))]
    public void A_run_that_died_within_an_epoch_continues_to_the_same_bits(string name, string[] changes)
    {
        var recipe = Changed(["training.checkpointSeconds=0", .. changes]);
        var whole = Run(recipe, "whole", out _);
        var died = new RecordingDisplay(epoch =>
        {
            if (epoch == 2)
                throw new InvalidOperationException("died");
        });
        Assert.Throws<InvalidOperationException>(() =>
            TrainingRun.Execute(recipe, DataLoader.Load(recipe), Options("killed") with { Display = died }, Token)
        );
        var resumed = Run(recipe, "killed", out var display, resume: true);
        Assert.Contains(
            display.Said,
            said =>
                said.StartsWith("Resuming after step", StringComparison.Ordinal) && said.EndsWith("(epoch 2).", StringComparison.Ordinal)
        );
        Assert.True(_folder.Weights("whole").SequenceEqual(_folder.Weights("killed")), name);
        Assert.Equal(whole.Manifest!.Metrics.Where(m => m.Key != "seconds"), resumed.Manifest!.Metrics.Where(m => m.Key != "seconds"));
        Assert.Equal(Losses("whole"), Losses("killed"));
    }

    [Fact]
    public void A_run_that_started_from_a_bundle_continues_without_it()
    {
        Run(Changed([]), "first", out _);
        var recipe = Changed(["training.checkpointSeconds=0", $"initialization.bundle={JsonSerializer.Serialize(_folder.File("first"))}"]);
        var whole = Run(recipe, "whole", out _);
        var died = new RecordingDisplay(epoch =>
        {
            if (epoch == 2)
                throw new InvalidOperationException("died");
        });
        Assert.Throws<InvalidOperationException>(() =>
            TrainingRun.Execute(recipe, DataLoader.Load(recipe), Options("killed") with { Display = died }, Token)
        );
        Directory.Delete(_folder.File("first"), recursive: true);
        var resumed = Run(recipe, "killed", out _, resume: true);
        Assert.True(_folder.Weights("whole").SequenceEqual(_folder.Weights("killed")));
        Assert.NotNull(whole.Manifest!.StartedFrom);
        Assert.Equal(whole.Manifest.StartedFrom, resumed.Manifest!.StartedFrom);
    }

    [Fact]
    public void A_run_that_died_gives_the_row_and_the_curve_that_it_would_have_given()
    {
        var recipe = Changed([
            "schedule.kind=burdaStages",
            "schedule.scale=0.004",
            "data.binarization=dynamic",
            "training.checkpointSeconds=0",
            "about={\"published\": {\"nll\": 86.76, \"source\": \"a paper\"}}",
        ]);
        Run(recipe, "whole", out _);
        var died = new RecordingDisplay(epoch =>
        {
            if (epoch == 5)
                throw new InvalidOperationException("died");
        });
        Assert.Throws<InvalidOperationException>(() =>
            TrainingRun.Execute(recipe, DataLoader.Load(recipe), Options("killed") with { Display = died }, Token)
        );
        Run(recipe, "killed", out var display, resume: true);
        Assert.Contains(display.Said, said => said.StartsWith("Resuming after step", StringComparison.Ordinal));
        Assert.Matches(@"\| tiny \| 86\.76 \| \d+\.\d\d ± \d+\.\d\d \| 20 \| 18 of 3,280 \(schedule\.scale 0\.004\) \|", Row("whole"));
        Assert.Equal(Row("whole"), Row("killed"));
        var curve = LikelihoodCurve.Read(_folder.File("whole"));
        Assert.Equal([1, 2, 3, 4, 5, 6, 9, 18], curve.Select(point => point.Epochs));
        Assert.Equal(curve, LikelihoodCurve.Read(_folder.File("killed")));
    }

    [Fact]
    public void A_run_that_is_told_to_stop_saves_a_checkpoint_and_continues()
    {
        using var stop = new CancellationTokenSource();
        var stopping = new RecordingDisplay(_ => stop.Cancel());
        var result = TrainingRun.Execute(
            Recipes.Tiny,
            DataLoader.Load(Recipes.Tiny),
            Options("stopped") with
            {
                Display = stopping,
            },
            stop.Token
        );
        Assert.Equal((null, 4L), (result.Bundle, result.Steps));
        Assert.False(Directory.Exists(_folder.File("stopped")));
        Run(Recipes.Tiny, "stopped", out var display, resume: true);
        Assert.Contains("Resuming after step 4 (epoch 2).", display.Said);
        Run(Recipes.Tiny, "whole", out _);
        Assert.Equal(_folder.Weights("whole"), _folder.Weights("stopped"));
        Assert.False(Directory.Exists(RunFolder.PathFor(_folder.File("stopped"))));
    }

    [Fact]
    public void Without_a_checkpoint_resume_starts_from_the_beginning_and_with_a_finished_bundle_it_says_so()
    {
        Run(Recipes.Tiny, "x", out var first, resume: true);
        Assert.Contains(first.Said, said => said.Contains("starts from the beginning", StringComparison.Ordinal));
        var written = File.GetLastWriteTimeUtc(_folder.File("x/manifest.json"));
        Run(Recipes.Tiny, "x", out var second, resume: true);
        Assert.Contains(second.Said, said => said.Contains("is finished", StringComparison.Ordinal));
        Assert.Empty(second.Epochs);
        Assert.Equal(written, File.GetLastWriteTimeUtc(_folder.File("x/manifest.json")));
    }

    [Fact]
    public void An_unfinished_run_is_not_continued_with_another_recipe_or_other_data()
    {
        StopAfterAnEpoch("x");
        var other = Changed(["latent.dimension=2"]);
        var error = Assert.Throws<LatentException>(() => Run(other, "x", out _, resume: true));
        Assert.Contains("\"dimension\": 3 rather than \"dimension\": 2", error.Message);
        error = Assert.Throws<LatentException>(() => Run(Changed(["initialization.bundle=\"y\""]), "x", out _, resume: true));
        Assert.Contains("rather than \"bundle\": \"y\")", error.Message);
        var data = DataLoader.Load(Recipes.Tiny);
        data = data with { Fingerprint = new string('0', 64) };
        error = Assert.Throws<LatentException>(() => TrainingRun.Execute(Recipes.Tiny, data, Options("x") with { Resume = true }, Token));
        Assert.Contains("other data", error.Message);
        Run(Recipes.Tiny, "x", out var display, resume: true);
        Assert.Equal([2, 3], display.Epochs.Select(e => e.Epoch));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_log_that_lost_its_end_is_found_out_and_the_checkpoint_before_it_continues(bool zeros)
    {
        var recipe = Changed(["training.checkpointSeconds=0"]);
        Run(recipe, "whole", out _);
        var died = new RecordingDisplay(epoch =>
        {
            if (epoch == 3)
                throw new InvalidOperationException("died");
        });
        Assert.Throws<InvalidOperationException>(() =>
            TrainingRun.Execute(recipe, DataLoader.Load(recipe), Options("x") with { Display = died }, Token)
        );
        var log = Path.Combine(RunFolder.PathFor(_folder.File("x")), "training.jsonl");
        var bytes = File.ReadAllBytes(log);
        var (first, second) = (bytes.AsSpan().IndexOf((byte)'\n') + 1, bytes.AsSpan().LastIndexOf((byte)'\n'));
        Assert.InRange(first, 1, second);
        File.WriteAllBytes(log, zeros ? [.. bytes[..first], .. new byte[bytes.Length - first]] : bytes[..(first + 5)]);
        var refusal = Assert.Throws<LatentException>(() => Run(recipe, "x", out _, resume: true));
        Assert.EndsWith("leave --resume out to start over.", refusal.Message);
        File.WriteAllBytes(log, bytes);
        Run(recipe, "x", out _, resume: true);
        Assert.Equal(_folder.Weights("whole"), _folder.Weights("x"));
        Assert.Equal([1, 2, 3], File.ReadLines(_folder.File("x/training.jsonl")).Select(line => EpochRecord.Parse(line).Epoch));
    }

    [Fact]
    public void A_checkpoint_where_this_run_cannot_stand_is_refused()
    {
        StopAfterAnEpoch("x");
        var state = Directory.GetFiles(RunFolder.PathFor(_folder.File("x")), "checkpoint-*.json").Order().Last();
        var right = File.ReadAllText(state);
        foreach (
            var (from, to, message) in new[]
            {
                (
                    "\"step_in_epoch\": 0",
                    "\"step_in_epoch\": 3",
                    "stands after step 4, in epoch 2 after 3 steps of it, where this run of 4 steps an epoch can't"
                ),
                ("\"seed\": 1", "\"seed\": 2", "belongs to a run of seed 2, but this one's is 1"),
                ("\"epoch_rows\": 0", "\"epoch_rows\": 1000000", "where this run of 4 steps an epoch can't"),
                ("\"finished\": false", "\"finished\": true", "stands after epoch 1 and calls the training finished, which it can't be"),
            }
        )
        {
            Assert.Contains(from, right);
            File.WriteAllText(state, right.Replace(from, to, StringComparison.Ordinal));
            Assert.Contains(message, Assert.Throws<LatentException>(() => Run(Recipes.Tiny, "x", out _, resume: true)).Message);
        }

        File.WriteAllText(state, right);
        Run(Recipes.Tiny, "x", out _, resume: true);
    }

    [Fact]
    public void A_run_is_not_resumed_with_another_seed()
    {
        StopAfterAnEpoch("x");
        var error = Assert.Throws<LatentException>(() => Run(Changed(["training.seed=2"]), "x", out _, resume: true));
        Assert.Contains("\"seed\": 1 rather than \"seed\": 2", error.Message);
    }

    [Fact]
    public void A_run_that_was_stopped_within_the_evaluation_of_an_epoch_continues_to_the_same_bits()
    {
        string[] warm = ["objective.warmUpEpochs=2"];
        Run(Changed(warm), "whole", out _);
        using (var stop = new CancellationTokenSource())
        {
            var recipe = Changed([.. warm, "training.lineSeconds=0"]);
            using var folder = RunFolder.Open(_folder.File("x"));
            RecipeFile.Write(recipe, folder.RecipePath);
            var data = DataLoader.Load(recipe);
            TorchSharp.torch.set_num_threads(1);
            using var session = new TrainingSession(recipe, data.Train, TorchSharp.torch.CPU);
            var stopping = new RecordingDisplay(said: line =>
            {
                if (line.Contains("step 4 ", StringComparison.Ordinal))
                    stop.Cancel();
            });
            var position = TrainingRun.Train(session, data, folder, new TrainingPosition(), stopping, stop.Token);
            Assert.Equal((4L, 4, 0, false), (position.Step, position.StepInEpoch, position.Epoch, position.Finished));
        }

        Run(Changed(warm), "x", out var display, resume: true);
        Assert.Equal([1, 2, 3], display.Epochs.Select(e => e.Epoch));
        Assert.Equal(_folder.Weights("whole"), _folder.Weights("x"));
        Assert.Equal(Losses("whole"), Losses("x"));
        Assert.Equal([0.375, 0.875, 1], display.Epochs.Select(e => e.Beta));
    }

    [Fact]
    public void Without_resume_an_unfinished_run_is_started_over_saying_so()
    {
        StopAfterAnEpoch("x");
        Run(Recipes.Tiny, "x", out var display);
        Assert.Contains(display.Said, said => said.Contains("started over", StringComparison.Ordinal));
        Assert.Equal([1, 2, 3], display.Epochs.Select(e => e.Epoch));
    }

    [Fact]
    public void Two_runs_do_not_share_a_folder()
    {
        using var held = RunFolder.Open(_folder.File("x"));
        var error = Assert.Throws<LatentException>(() => Run(Recipes.Tiny, "x", out _));
        Assert.Contains("Another run holds", error.Message);
    }

    private void StopAfterAnEpoch(string name)
    {
        using var stop = new CancellationTokenSource();
        TrainingRun.Execute(
            Recipes.Tiny,
            DataLoader.Load(Recipes.Tiny),
            Options(name) with
            {
                Display = new RecordingDisplay(_ => stop.Cancel()),
            },
            stop.Token
        );
    }

    private static Recipe Changed(string[] assignments) =>
        RecipeFile.Parse(assignments.Aggregate(RecipeFile.ToJson(Recipes.Tiny), RecipeOverrides.Apply), "a test");

    private RunResult Run(Recipe recipe, string name, out RecordingDisplay display, bool resume = false)
    {
        display = new RecordingDisplay();
        var result = TrainingRun.Execute(recipe, DataLoader.Load(recipe), Options(name) with { Resume = resume, Display = display }, Token);
        BundleFolder.Open(_folder.File(name));
        return result;
    }

    private RunOptions Options(string name) => new() { Output = _folder.File(name), Threads = 1 };

    // The bundle's line on a page, as evaluate and compare make it; minutes are nobody's promise.
    private string Row(string name)
    {
        var bundle = _folder.File(name);
        using var output = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        Assert.Equal(
            ExitCodes.Done,
            EvaluateCommand.Run(
                new EvaluateSettings
                {
                    Bundle = bundle,
                    Samples = 20,
                    Threads = 1,
                },
                console
            )
        );
        Assert.Contains("Published: 86.76 (a paper).", output.ToString());
        var manifest = BundleFolder.Open(bundle).Manifest;
        return MetricTable.Of([manifest with { Metrics = manifest.Metrics.Where(m => m.Key != "seconds").ToDictionary() }]);
    }

    private IEnumerable<(int, double, double, double?)> Losses(string name) =>
        File.ReadLines(_folder.File($"{name}/training.jsonl"))
            .Select(EpochRecord.Parse)
            .Select(r => (r.Epoch, r.Train["loss"], r.Validation!["loss"], r.TestNll));
}
