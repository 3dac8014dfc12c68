using Latent.Contracts.Recipes;
using Latent.Tests;
using Latent.Trainer.Checkpoints;
using Latent.Trainer.Data;
using Latent.Trainer.Engines;
using Latent.Trainer.Runs;
using Latent.Trainer.Tests.Helpers;
using Latent.Trainer.Training;
using static TorchSharp.torch;

namespace Latent.Trainer.Tests.Checkpoints;

/// <summary>engines/ holds unfinished runs of both engines: each engine continues both.</summary>
public sealed class EnginesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("libtorch")]
    [InlineData("managed")]
    public void A_checkpoint_of_either_engine_is_continued_to_the_same_loss(string engine)
    {
        var (recipe, data) = Load();
        var whole = Execute(recipe, data, "whole", resume: false);
        Copy(engine);
        var display = new RecordingDisplay();
        var resumed = Execute(recipe, data, engine, resume: true, display);
        Assert.StartsWith("Resuming after step", display.Said[0]);
        Assert.Equal(engine == (Engine.IsManaged ? "managed" : "libtorch") ? 1 : 2, display.Said.Count);
        Assert.InRange(resumed["train.loss"] / whole["train.loss"], 0.9, 1.1);
        Assert.InRange(resumed["validation.loss"] / whole["validation.loss"], 0.9, 1.1);
    }

    [Theory]
    [InlineData("libtorch")]
    [InlineData("managed")]
    public void Every_weight_and_moment_of_either_engine_comes_back_bit_by_bit(string engine)
    {
        var (recipe, data) = Load();
        Copy(engine);
        var saved = new CheckpointStore(_folder.File($".{engine}.run")).LoadNewest(_ => { })!.Value.Tensors;
        using var session = new TrainingSession(recipe, data.Train, CPU);
        session.FromTensors(saved, startedFrom: null, engine);
        var again = session.ToTensors();
        Assert.Equal(saved.Keys.Order(), again.Keys.Order());
        Assert.Contains("optimizer.decoder.0.weight.exp_avg_sq", again.Keys);
        Assert.All(saved, tensor => Assert.Equal(tensor.Value.Bytes, again[tensor.Key].Bytes));
        Assert.All(saved, tensor => Assert.Equal(tensor.Value.Shape, again[tensor.Key].Shape));
    }

    private static string Engines => Path.Combine(World.Root, "tests", "Trainer.Tests", "Checkpoints", "engines");

    private static (Recipe Recipe, DataSplits Data) Load()
    {
        var recipe = RecipeFile.Read(Path.Combine(Engines, "recipe.json"));
        recipe = recipe with
        {
            Data = recipe.Data with { Path = Path.Combine(Engines, "table.csv") },
            Training = recipe.Training with { CheckpointSeconds = 60 },
        };
        return (recipe, DataLoader.Load(recipe));
    }

    private void Copy(string engine)
    {
        Directory.CreateDirectory(_folder.File($".{engine}.run"));
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Engines, engine)))
            File.Copy(file, _folder.File($".{engine}.run/{Path.GetFileName(file)}"));
    }

    private IReadOnlyDictionary<string, double> Execute(
        Recipe recipe,
        DataSplits data,
        string name,
        bool resume,
        RecordingDisplay? display = null
    ) =>
        TrainingRun
            .Execute(
                recipe,
                data,
                new RunOptions
                {
                    Output = _folder.File(name),
                    Resume = resume,
                    Threads = 1,
                    Display = display ?? new RecordingDisplay(),
                },
                TestContext.Current.CancellationToken
            )
            .Manifest!.Metrics;
}
