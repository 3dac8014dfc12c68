using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Contracts.Recipes;
using Latent.Trainer.Checkpoints;
using Latent.Trainer.Data;
using Latent.Trainer.Evaluation;
using Latent.Trainer.Export;
using Latent.Trainer.Report;
using Latent.Trainer.Report.Projections;
using Latent.Trainer.Runs;
using Latent.Trainer.Tests.Helpers;
using Latent.Trainer.Training;

namespace Latent.Trainer.Tests.Runs;

public sealed class TrainingRunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RecordingDisplay _display = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_run_ends_with_a_whole_bundle_that_learned_something()
    {
        var result = Run(Recipes.Tiny with { Optimizer = new OptimizerRecipe { LearningRate = 0.01 } });
        var bundle = BundleFolder.Open(result.Bundle!);
        Assert.Equal(
            ["autoencoder.onnx", "card.md", "checkpoint.safetensors", "decoder.onnx", "encoder.onnx", "report.html", "training.jsonl"],
            bundle.Manifest.Files.Where(f => f.Role != BundleRole.Picture).Select(f => f.Path)
        );
        Assert.True(_display.Epochs[2].Validation!["loss"] < 0.9 * _display.Epochs[0].Validation!["loss"]);
        Assert.InRange(bundle.Manifest.Metrics["export.max_relative_difference"], 0, 1e-4);
        Assert.Equal(_display.Epochs[^1].Train["loss"], bundle.Manifest.Metrics["train.loss"]);
        Assert.True(double.IsFinite(bundle.Manifest.Metrics["test.kl"]));
        Assert.Equal(result.Steps, (long)bundle.Manifest.Metrics["steps"]);
        Assert.Matches(@"^.+, \d+ processors?, \.NET \d", bundle.Manifest.Machine);
        Assert.Contains(
            $"<td>{WebUtility.HtmlEncode(bundle.Manifest.Machine)}</td>",
            File.ReadAllText(Path.Combine(result.Bundle!, "report.html"))
        );
        Assert.Contains($", on {bundle.Manifest.Machine}", File.ReadAllText(Path.Combine(result.Bundle!, "card.md")));
        Assert.False(Directory.Exists(RunFolder.PathFor(result.Bundle!)));
    }

    [Fact]
    public void The_log_has_a_line_an_epoch_with_the_keys_that_are_promised()
    {
        Run(Recipes.Tiny);
        var lines = File.ReadAllLines(_folder.File("x/training.jsonl"));
        Assert.Equal(3, lines.Length);
        using var json = JsonDocument.Parse(lines[1]);
        Assert.Equal(
            ["epoch", "step", "seconds", "samples_per_s", "learning_rate", "beta", "train", "validation", "engine"],
            json.RootElement.EnumerateObject().Select(p => p.Name)
        );
        Assert.Equal((2, 8), (json.RootElement.GetProperty("epoch").GetInt32(), json.RootElement.GetProperty("step").GetInt32()));
        Assert.Equal(["loss", "kl", "reconstruction"], json.RootElement.GetProperty("train").EnumerateObject().Select(p => p.Name));
        var train = _display.Epochs[1].Train;
        Assert.Equal(train["loss"], train["kl"] + train["reconstruction"], 3);
    }

    [Fact]
    public void The_same_seed_gives_the_same_weights_and_another_one_others()
    {
        Run(Recipes.Tiny, "a");
        Run(Recipes.Tiny, "b");
        Run(Recipes.Tiny with { Training = Recipes.Tiny.Training with { Seed = 2 } }, "c");
        Assert.Equal(_folder.Weights("a"), _folder.Weights("b"));
        Assert.NotEqual(_folder.Weights("a"), _folder.Weights("c"));
    }

    [Fact]
    public void Training_starts_from_the_weights_of_a_bundle()
    {
        Run(Recipes.Tiny, "first");
        var still = Recipes.Tiny with
        {
            Initialization = new InitializationRecipe { Bundle = _folder.File("first") },
            Optimizer = new OptimizerRecipe { LearningRate = 1e-30 },
            Training = Recipes.Tiny.Training with { Epochs = 1, Seed = 2 },
        };
        var manifest = Run(still, "second").Manifest!;
        Assert.Equal(_folder.Weights("first").AsSpan()[^4096..], _folder.Weights("second").AsSpan()[^4096..]);
        Assert.Equal(
            new InitialWeights("tiny", 3, Convert.ToHexStringLower(SHA256.HashData(_folder.Weights("first")))),
            manifest.StartedFrom
        );
        Assert.Contains($"Weights start from {manifest.StartedFrom}", _display.Said);
        Assert.Contains(
            $"Started from: tiny after 3 epochs, SHA-256 {manifest.StartedFrom!.Sha256[..16]}…",
            File.ReadAllText(_folder.File("second/card.md"))
        );
        Assert.Contains("<td>tiny after 3 epochs, SHA-256 ", File.ReadAllText(_folder.File("second/report.html")));
        Assert.Contains("Started from: weights drawn at random", File.ReadAllText(_folder.File("first/card.md")));
    }

    [Fact]
    public void Who_stops_before_the_first_step_loses_no_unfinished_run()
    {
        using (var stop = new CancellationTokenSource())
        {
            var stopping = new RecordingDisplay(_ => stop.Cancel());
            TrainingRun.Execute(
                Recipes.Tiny,
                DataLoader.Load(Recipes.Tiny),
                new RunOptions
                {
                    Output = _folder.File("x"),
                    Threads = 1,
                    Display = stopping,
                },
                stop.Token
            );
        }

        var run = RunFolder.PathFor(_folder.File("x"));
        var before = TestRuns.Contents(run);
        foreach (var resume in new[] { false, true })
        {
            Assert.Throws<OperationCanceledException>(() =>
                TrainingRun.Execute(
                    Recipes.Tiny,
                    DataLoader.Load(Recipes.Tiny),
                    new RunOptions
                    {
                        Output = _folder.File("x"),
                        Resume = resume,
                        Display = _display,
                    },
                    new CancellationToken(true)
                )
            );
        }

        Assert.Equal(before, TestRuns.Contents(run));
    }

    [Fact]
    public void What_killed_runs_left_is_cleared_away_by_the_next_and_not_by_one_that_is_refused()
    {
        var stale = _folder.File(".x.0123abcd.tmp");
        Directory.CreateDirectory(stale);
        _folder.Write(".x.0123abcd.tmp/encoder.onnx", "half");
        using (RunFolder.Open(_folder.File("x")))
            Assert.Contains("Another run holds", Assert.Throws<LatentException>(() => Run(Recipes.Tiny)).Message);
        Assert.True(Directory.Exists(stale));
        Run(Recipes.Tiny);
        Assert.Equal(["x"], Directory.GetFileSystemEntries(_folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void Who_stops_while_the_bundle_is_made_can_resume_to_the_same_bundle()
    {
        var whole = Run(Recipes.Tiny, "whole");
        using (var stop = new CancellationTokenSource())
        {
            var last = new RecordingDisplay(epoch =>
            {
                if (epoch == 3)
                    stop.Cancel();
            });
            var stopped = TrainingRun.Execute(
                Recipes.Tiny,
                DataLoader.Load(Recipes.Tiny),
                new RunOptions
                {
                    Output = _folder.File("x"),
                    Threads = 1,
                    Display = last,
                },
                stop.Token
            );
            Assert.Equal((null, whole.Steps), (stopped.Bundle, stopped.Steps));
        }

        Assert.Equal([".x.run", "whole"], Directory.GetFileSystemEntries(_folder.Path).Select(Path.GetFileName).Order());
        TrainingRun.Execute(
            Recipes.Tiny,
            DataLoader.Load(Recipes.Tiny),
            new RunOptions
            {
                Output = _folder.File("x"),
                Resume = true,
                Threads = 1,
                Display = _display,
            },
            TestContext.Current.CancellationToken
        );
        Assert.Contains("Resuming: training is finished, the bundle is made.", _display.Said);
        Assert.Equal(_folder.Weights("whole"), _folder.Weights("x"));
    }

    [Fact]
    public void Graphs_report_and_figures_end_when_told_to_stop()
    {
        var data = DataLoader.Load(Recipes.Tiny);
        Run(Recipes.Tiny);
        var bundle = BundleFolder.Open(_folder.File("x"));
        using var trained = TrainedBundle.Open(_folder.File("x"), null, _ => { });
        var rows = ReportRows.Of(trained.Session.Model, data, trained.Weights);
        var stopped = new CancellationToken(true);
        var written = File.ReadAllText(_folder.File("x/report.html"));
        Assert.ThrowsAny<OperationCanceledException>(() => ReportWriter.Write(_folder.File("x"), bundle.Manifest, rows, stopped));
        Assert.ThrowsAny<OperationCanceledException>(() =>
            GraphCheck.Run(trained.Session.Model, trained.Session.Objective, data.HeldOut, _folder.File("x"), null, stopped)
        );
        Assert.ThrowsAny<OperationCanceledException>(() => TSne.Fit(new double[20, 3], stop: stopped));
        using var batches = new Minibatches(data.Test!, trained.Session.Model, TorchSharp.torch.CPU);
        Assert.ThrowsAny<OperationCanceledException>(() => Evaluator.Evaluate(trained.Session, batches, stopped));
        Assert.ThrowsAny<OperationCanceledException>(() => LikelihoodCurve.Nll(trained.Session, data.Test!, stopped));
        using var soon = new CancellationTokenSource(50);
        using var never = new ManualResetEvent(false);
        Assert.ThrowsAny<OperationCanceledException>(() => Interruptible.Run(never.WaitOne, soon.Token));
        never.Set();
        Assert.Equal(written, File.ReadAllText(_folder.File("x/report.html")));
    }

    [Fact]
    public void Figures_that_small_images_do_not_have_are_left_out_of_the_manifest()
    {
        foreach (var name in new[] { "train", "t10k" })
        {
            _folder.Write($"{name}-images-idx3-ubyte", Files.IdxImages(60, 4, 3));
            _folder.Write($"{name}-labels-idx1-ubyte", Files.IdxLabels(60));
        }

        var recipe = Recipes.Tiny with
        {
            Data = Recipes.Data(DataSourceKind.Idx, _folder.Path),
            Noise = new NoiseRecipe { Kind = NoiseKind.Gaussian, Amount = 0.1 },
            Decoder = [Recipes.Tiny.Decoder[0], new LayerRecipe { Type = LayerType.Linear, Out = 12 }],
        };
        var metrics = Run(recipe, "x").Manifest!.Metrics;
        Assert.Contains("test.noisy.psnr", metrics);
        Assert.DoesNotContain("test.noisy.ssim", metrics);
    }

    [Fact]
    public void Warm_up_raises_beta_step_by_step()
    {
        Run(Recipes.Tiny with { Objective = Recipes.Tiny.Objective with { Beta = 2, WarmUpEpochs = 2 } });
        Assert.Equal([2 * 0.75 / 2, 2 * 1.75 / 2, 2], _display.Epochs.Select(e => e.Beta));
    }

    [Fact]
    public void Patience_stops_and_the_best_weights_are_exported()
    {
        var recipe = Recipes.Tiny with
        {
            Optimizer = new OptimizerRecipe { LearningRate = 0.2 },
            Training = new TrainingRecipe
            {
                Epochs = 60,
                BatchSize = 32,
                Patience = 3,
                KeepBest = true,
            },
        };
        var result = Run(recipe);
        var best = _display.Epochs.MinBy(e => e.Validation!["loss"])!;
        Assert.InRange(_display.Epochs.Count, 4, 59);
        Assert.Equal(best.Epoch + 3, _display.Epochs.Count);
        Assert.Equal(best.Validation!["loss"], result.Manifest!.Metrics["validation.loss"], 6);
    }

    [Fact]
    public void A_diverging_loss_stops_with_step_rate_and_last_good_checkpoint()
    {
        var recipe = Recipes.Tiny with
        {
            Optimizer = new OptimizerRecipe { LearningRate = 1e25 },
            Training = Recipes.Tiny.Training with { CheckpointSeconds = 0 },
        };
        var error = Assert.Throws<LatentException>(() => Run(recipe));
        Assert.Matches(
            @"NaN or infinite (at|by) step \d+ of epoch 1, at learning rate 1E\+25; the last good checkpoint is (none|.*step \d+)",
            error.Message
        );
        Assert.False(Directory.Exists(_folder.File("x")));
    }

    [Fact]
    public void A_failing_export_leaves_the_former_bundle_and_no_half_one()
    {
        Run(Recipes.Tiny);
        var before = _folder.Weights("x");
        var recipe = Recipes.Tiny with { Training = Recipes.Tiny.Training with { Seed = 9 } };
        var breaking = new RecordingDisplay(_ => File.Delete(Path.Combine(RunFolder.PathFor(_folder.File("x")), "training.jsonl")));
        Assert.Throws<LatentException>(() =>
            TrainingRun.Execute(
                recipe,
                DataLoader.Load(recipe),
                new RunOptions
                {
                    Output = _folder.File("x"),
                    Force = true,
                    Threads = 1,
                    Display = breaking,
                },
                TestContext.Current.CancellationToken
            )
        );
        BundleFolder.Open(_folder.File("x"));
        Assert.Equal(before, _folder.Weights("x"));
        Assert.Equal([".x.run", "x"], Directory.GetFileSystemEntries(_folder.Path).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void Every_kind_of_model_and_bound_can_be_trained()
    {
        foreach (
            var changes in new string[][]
            {
                ["kind=autoencoder", "objective.reconstruction=meanSquaredError", "noise.kind=gaussian", "noise.amount=0.1"],
                ["objective.bound=monteCarloElbo", "objective.samples=3"],
                ["objective.bound=iwae", "objective.samples=3", "schedule.kind=burdaStages", "schedule.scale=0.0001"],
                ["objective.bound=dreg", "objective.samples=3", "latent.head=softplus"],
                ["data.binarization=static", "objective.l2=0.01", "initialization.outputBiasFromMean=true"],
            }
        )
        {
            var recipe = RecipeFile.Parse(changes.Aggregate(RecipeFile.ToJson(Recipes.Tiny), RecipeOverrides.Apply), "a test");
            var metrics = Run(recipe).Manifest!.Metrics;
            Assert.InRange(metrics["export.max_relative_difference"], 0, 1e-4);
            Assert.True(double.IsFinite(metrics["test.loss"]));
            Assert.Equal(changes[0] == "kind=autoencoder", metrics.ContainsKey("test.denoised.psnr"));
        }
    }

    private RunResult Run(Recipe recipe, string name = "x") => _folder.Train(recipe, name, _display);
}
