using System.Diagnostics;
using System.Globalization;
using Latent.Contracts.Bundles;
using Latent.Contracts.Recipes;
using Latent.Trainer.Checkpoints;
using Latent.Trainer.Data;
using Latent.Trainer.Progress;
using Latent.Trainer.Runs;
using Latent.Trainer.Training;
using static TorchSharp.torch;

namespace Latent.Benchmarks;

/// <summary>An epoch of mnist-vae as Trainer runs it (order, minibatches, log, checkpoint) against its optimizer steps alone.</summary>
internal static class EpochBenchmark
{
    private const int Images = 60_000;
    private const int Features = 784;
    private const int Prepared = 8;

    public static void Run(Markdown report, int rounds, int threads)
    {
        report
            .Heading("An epoch")
            .Text(
                $"Seconds of one epoch of mnist-vae over {Images:N0} random images, {Engine.Name}, {threads} threads, {rounds} rounds in alternating order. \"Steps alone\" repeats {Prepared} prepared minibatches, without the rest of the epoch."
            );
        set_num_threads(threads);
        var recipe = RecipeFile.Read(Path.Combine(AppContext.BaseDirectory, "recipes", "mnist-vae.json"));
        recipe = recipe with { Training = recipe.Training with { Epochs = 1 } };
        var random = new Random(1);
        var values = new float[Images * Features];
        for (var i = 0; i < values.Length; i++)
            values[i] = random.Next(256);
        var input = new InputDescription
        {
            Shape = [Features],
            Unit = InputUnit.Pixel,
            Image = recipe.Data.Image,
        };
        var data = new DataSplits(new DataSet(input, values), null, null, "");
        var (epochs, steps) = (new List<double>(), new List<double>());
        for (var round = -1; round < rounds; round++)
        {
            var epochFirst = round % 2 == 0;
            var epoch = epochFirst ? Epoch(recipe, data) : 0;
            var alone = Steps(recipe, data.Train);
            epoch = epochFirst ? epoch : Epoch(recipe, data);
            if (round < 0)
                continue; // the first has code to compile
            epochs.Add(epoch);
            steps.Add(alone);
        }

        var ratios = epochs.Zip(steps, (a, b) => a / b).ToList();
        report.Table(
            ["epoch, s", "steps alone, s", "ratio, median (least to greatest)"],
            [
                [
                    Number(Statistics.Median(epochs)),
                    Number(Statistics.Median(steps)),
                    $"{Number(Statistics.Median(ratios))} ({Number(ratios.Min())} to {Number(ratios.Max())})",
                ],
            ]
        );
    }

    private static double Epoch(Recipe recipe, DataSplits data)
    {
        var path = Directory.CreateTempSubdirectory("latent-bench-").FullName;
        try
        {
            using var folder = RunFolder.Open(Path.Combine(path, "bundle"));
            using var session = new TrainingSession(recipe, data.Train, CPU);
            var clock = Stopwatch.StartNew();
            TrainingRun.Train(session, data, folder, new TrainingPosition(), new QuietDisplay());
            return clock.Elapsed.TotalSeconds;
        }
        finally
        {
            Directory.Delete(path, recursive: true);
        }
    }

    private static double Steps(Recipe recipe, DataSet train)
    {
        using var session = new TrainingSession(recipe, train, CPU);
        using var rows = new Minibatches(train, session.Model, session.Device);
        using var generator = new Generator(1);
        using var outer = NewDisposeScope();
        var size = recipe.Training.BatchSize;
        var ready = Enumerable.Range(0, Prepared).Select(i => rows.Take(i * size, size, generator)).ToList();
        var clock = Stopwatch.StartNew();
        for (var step = 0; step * size < train.Count; step++)
        {
            using var scope = NewDisposeScope();
            var (input, target) = ready[step % Prepared];
            session.Step(input, target, recipe.Objective.Beta, generator);
        }

        return clock.Elapsed.TotalSeconds;
    }

    private static string Number(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);
}
