using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Contracts.Recipes;
using Latent.Trainer.Checkpoints;
using Latent.Trainer.Data;
using Latent.Trainer.Runs;
using Latent.Trainer.Tests.Helpers;
using Latent.Trainer.Training;

namespace Latent.Trainer.Tests.Runs;

public sealed class RefusedRunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RecordingDisplay _display = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Weights_of_another_model_or_of_no_bundle_are_refused_and_an_unfinished_run_stays()
    {
        Run(Recipes.Tiny, "first");
        var recipe = Recipes.Tiny with
        {
            Latent = Recipes.Tiny.Latent with { Dimension = 4 },
            Training = Recipes.Tiny.Training with { CheckpointSeconds = 0 },
        };
        using (var stop = new CancellationTokenSource())
        {
            var stopping = new RecordingDisplay(_ => stop.Cancel());
            Assert.Null(
                TrainingRun
                    .Execute(
                        recipe,
                        DataLoader.Load(recipe),
                        new RunOptions
                        {
                            Output = _folder.File("x"),
                            Threads = 1,
                            Display = stopping,
                        },
                        stop.Token
                    )
                    .Bundle
            );
        }

        var before = TestRuns.Contents(RunFolder.PathFor(_folder.File("x")));
        var another = Assert.Throws<LatentException>(() =>
            Run(recipe with { Initialization = new InitializationRecipe { Bundle = _folder.File("first") } })
        );
        Assert.Matches(@"first.checkpoint\.safetensors has no tensor \S+ of shape \[.*\]; it belongs to another model\.$", another.Message);
        var none = Assert.Throws<LatentException>(() =>
            Run(recipe with { Initialization = new InitializationRecipe { Bundle = _folder.File("none") } })
        );
        Assert.Contains("There is no bundle", none.Message);
        Assert.Equal(before, TestRuns.Contents(RunFolder.PathFor(_folder.File("x"))));
    }

    [Fact]
    public void A_finished_bundle_is_trained_over_only_when_told_to()
    {
        Run(Recipes.Tiny);
        var before = _folder.Weights("x");
        var options = new RunOptions
        {
            Output = _folder.File("x"),
            Threads = 1,
            Display = _display,
        };
        var other = Recipes.Tiny with { Training = Recipes.Tiny.Training with { Seed = 2 } };
        foreach (var resume in new[] { false, true })
        {
            var refusal = Assert.Throws<LatentException>(() =>
                TrainingRun.Execute(other, DataLoader.Load(other), options with { Resume = resume }, TestContext.Current.CancellationToken)
            );
            Assert.Equal(
                $"{_folder.File("x")} holds a finished bundle; --force (RunOptions.Force) trains over it, and another --out beside it.",
                refusal.Message
            );
        }

        Assert.Equal(before, _folder.Weights("x"));
        Assert.Equal(["x"], Directory.GetFileSystemEntries(_folder.Path).Select(Path.GetFileName));
        TrainingRun.Execute(other, DataLoader.Load(other), options with { Force = true }, TestContext.Current.CancellationToken);
        Assert.NotEqual(before, _folder.Weights("x"));
    }

    [Fact]
    public void More_threads_than_processors_can_use_are_refused()
    {
        var most = 4 * Environment.ProcessorCount;
        var refusal = Assert.Throws<LatentException>(() =>
            TrainingRun.Execute(
                Recipes.Tiny,
                DataLoader.Load(Recipes.Tiny),
                new RunOptions { Output = _folder.File("x"), Threads = most + 1 },
                TestContext.Current.CancellationToken
            )
        );
        Assert.Equal($"{most + 1} threads are asked for; it must be from 1 to {most}, four for each processor.", refusal.Message);
    }

    [Theory]
    [InlineData(
        1 << 20,
        1 << 20,
        1,
        @"^tiny needs [0-9,]+\.\d GB of memory for its weights, their gradients and what the optimizer remembers, but this process may have \d+\.\d GB\.$"
    )]
    [InlineData(
        1 << 18,
        16,
        1,
        @"^tiny would make checkpoints of 2\.5 GB, more than the 2\.1 GB that one may have; make its layers smaller\.$"
    )]
    [InlineData(
        16,
        16,
        1 << 20,
        @"^tiny needs [0-9,]+\.\d GB of memory for a minibatch of 32 rows and its gradients, which a smaller training\.batchSize makes less, but "
    )]
    public void What_would_not_fit_the_memory_is_refused_with_its_size(int first, int second, int samples, string message)
    {
        LayerRecipe[] encoder = [new() { Type = LayerType.Linear, Out = first }, new() { Type = LayerType.Linear, Out = second }];
        var objective = Recipes.Tiny.Objective with { Samples = samples, Bound = samples > 1 ? BoundKind.Iwae : BoundKind.Elbo };
        var recipe = Recipes.Tiny with { Encoder = encoder, Objective = objective };
        var input = new InputDescription { Shape = [784], Unit = InputUnit.Pixel };
        var allocated = GC.GetTotalAllocatedBytes();
        Assert.Matches(message, Assert.Throws<LatentException>(() => MemoryNeed.RefuseTraining(recipe, input, 120)).Message);
        Assert.InRange(GC.GetTotalAllocatedBytes() - allocated, 0, 10_000_000);
    }

    [Theory]
    [InlineData(LayerType.Residual)]
    [InlineData(LayerType.Skip)]
    public void What_layers_within_a_layer_make_counts_too(LayerType type)
    {
        LayerRecipe[] inner =
        [
            new()
            {
                Type = LayerType.Conv2d,
                Out = 1 << 18,
                Kernel = 1,
            },
            new()
            {
                Type = LayerType.Conv2d,
                Out = 1,
                Kernel = 1,
            },
        ];
        LayerRecipe[] encoder = [new() { Type = type, Layers = inner }, new() { Type = LayerType.Flatten }];
        var recipe = Recipes.Tiny with { Encoder = encoder, Training = Recipes.Tiny.Training with { BatchSize = 1 << 14 } };
        var input = new InputDescription { Shape = [1, 28, 28], Unit = InputUnit.Pixel };
        var decoder = recipe.Decoder.Append(new LayerRecipe { Type = LayerType.Unflatten, Shape = [1, 28, 28] });
        recipe = recipe with { Decoder = [.. decoder] };
        Assert.Matches(
            @"^tiny needs [0-9,]+\.\d GB of memory for a minibatch of 16384 rows",
            Assert.Throws<LatentException>(() => MemoryNeed.RefuseTraining(recipe, input, 1 << 14)).Message
        );
    }

    [Fact]
    public void A_refused_run_leaves_no_folder_behind()
    {
        var recipe = Recipes.Tiny with { Initialization = new InitializationRecipe { Bundle = _folder.File("none") } };
        Assert.Throws<LatentException>(() => Run(recipe));
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Theory]
    [InlineData(
        20,
        "encoder[1] is batchNorm1d, which needs two rows at least, but training.batchSize 20 makes a minibatch of a single one of the 121 training rows"
    )]
    [InlineData(1, "training.batchSize 1 makes a minibatch of a single one")]
    [InlineData(18, null)]
    public void A_minibatch_of_one_row_is_refused_where_rows_are_normalised_together(int batchSize, string? message)
    {
        var recipe = Recipes.Tiny with
        {
            Encoder = [Recipes.Tiny.Encoder[0], new LayerRecipe { Type = LayerType.BatchNorm1d }],
            Training = Recipes.Tiny.Training with { BatchSize = batchSize, Epochs = 1 },
        };
        if (message is null)
            Assert.NotNull(Run(recipe).Bundle);
        else
            Assert.Contains(message, Assert.Throws<LatentException>(() => Run(recipe)).Message);
    }

    [Fact]
    public void Patience_without_validation_rows_is_refused()
    {
        var recipe = Recipes.Tiny with
        {
            Data = Recipes.Tiny.Data with { Validation = 0 },
            Training = Recipes.Tiny.Training with { Patience = 3 },
        };
        Assert.Contains("data.validation", Assert.Throws<LatentException>(() => Run(recipe)).Message);
    }

    [Fact]
    public void A_folder_of_something_else_is_refused_before_training_and_stays_as_it_was()
    {
        Directory.CreateDirectory(_folder.File("x"));
        _folder.Write("x/thesis.txt", "precious");
        Assert.Contains("something else owns", Assert.Throws<LatentException>(() => Run(Recipes.Tiny)).Message);
        Assert.Empty(_display.Epochs);
        Assert.Equal("precious", File.ReadAllText(_folder.File("x/thesis.txt")));
    }

    [Fact]
    public void An_output_that_can_not_be_written_is_refused_before_training()
    {
        _folder.Write("file", "text");
        Assert.Throws<LatentException>(() => Run(Recipes.Tiny, "file/x"));
        Assert.Empty(_display.Epochs);
    }

    private RunResult Run(Recipe recipe, string name = "x") => _folder.Train(recipe, name, _display);
}
