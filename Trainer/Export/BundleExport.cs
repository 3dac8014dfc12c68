using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Contracts.Files;
using Latent.Contracts.Tables;
using Latent.Contracts.Training;
using Latent.Models.Onnx;
using Latent.Trainer.Checkpoints;
using Latent.Trainer.Data;
using Latent.Trainer.Engines;
using Latent.Trainer.Evaluation;
using Latent.Trainer.Report;
using Latent.Trainer.Training;
using TorchSharp;

namespace Latent.Trainer.Export;

/// <summary>Makes a bundle of a finished session.</summary>
internal static class BundleExport
{
    /// <summary>Evaluates the test rows, writes the bundle, compares its graphs with the model, and gives the bundle its name.</summary>
    /// <param name="session">The trained session.</param>
    /// <param name="position">The position at which training ended.</param>
    /// <param name="data">The rows.</param>
    /// <param name="run">The run's folder, with its log and the bundle's lock.</param>
    /// <param name="output">The future folder of the bundle.</param>
    /// <param name="say">Is told how the fit of a sampler goes.</param>
    /// <param name="stop">Cancels the export.</param>
    /// <returns>The manifest as written.</returns>
    /// <exception cref="LatentException">A graph differs from the model, or the disk is full; a former bundle is unchanged.</exception>
    /// <exception cref="OperationCanceledException">The export was cancelled; a former bundle is unchanged.</exception>
    public static BundleManifest Write(
        TrainingSession session,
        TrainingPosition position,
        DataSplits data,
        RunFolder run,
        string output,
        Action<string> say,
        CancellationToken stop
    )
    {
        try
        {
            return Make(session, position, data, run, output, say, stop);
        }
        catch (Exception e) when (FileError.Is(e))
        {
            throw FileError.CannotWrite($"The bundle {output}", e);
        }
    }

    private static BundleManifest Make(
        TrainingSession session,
        TrainingPosition position,
        DataSplits data,
        RunFolder run,
        string output,
        Action<string> say,
        CancellationToken stop
    )
    {
        session.RestoreBest();
        session.Model.eval();
        var trained = Metrics(session, position, data, run, stop);
        if (session.Recipe.Sampler is not null)
        {
            foreach (var (name, value) in SamplerFit.Run(session, data, say, stop))
                trained[name] = value;
        }

        var manifest = Manifest(session, data, trained);
        session.Model.to(torch.CPU);
        using var writer = BundleWriter.Begin(output, run.Lock);
        var score = session.Model.Table is null ? null : ScoreFit.Of(session.Model, data, stop);
        OnnxExport.Write(session.Model, manifest, writer.Folder, score);
        var metrics = manifest.Metrics.ToDictionary();
        metrics["export.max_relative_difference"] = GraphCheck.Run(
            session.Model,
            session.Objective,
            data.HeldOut,
            writer.Folder,
            score,
            stop
        );
        if (score is not null)
        {
            manifest = manifest with
            {
                Scores = HeldOutScores.Of(session.Model, score, data, stop),
                Training = TrainingDistribution.Of(
                    data.Train.Input.Table!,
                    data.Train.Values,
                    ScoreFit.Codes(session.Model, data.Train, stop)
                ),
            };
        }

        foreach (var (name, value) in HeldOutMetrics.Of(session.Model, data, stop).Concat(CodeMetrics.Of(session.Model, data, stop: stop)))
            metrics[name] = value;
        manifest = manifest with { Metrics = new SortedDictionary<string, double>(metrics, StringComparer.Ordinal) };
        File.Copy(run.LogPath, Path.Combine(writer.Folder, BundleFile.NameOf(BundleRole.Log)));
        Describe(writer.Folder, session, data, manifest, stop);
        stop.ThrowIfCancellationRequested();
        return writer.Complete(manifest);
    }

    /// <summary>Writes what describes a bundle: its checkpoint, its card and its report.</summary>
    /// <param name="folder">The bundle's folder, with its graphs.</param>
    /// <param name="session">The trained session.</param>
    /// <param name="data">The rows.</param>
    /// <param name="manifest">The manifest.</param>
    /// <param name="stop">Cancels the report.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static void Describe(string folder, TrainingSession session, DataSplits data, BundleManifest manifest, CancellationToken stop)
    {
        var weights = session.Weights();
        using (var file = File.Create(Path.Combine(folder, BundleFile.NameOf(BundleRole.Checkpoint))))
        {
            SafeTensorsFile.Write(
                file,
                weights,
                new Dictionary<string, string>
                {
                    ["format"] = "latent-weights",
                    ["recipe"] = manifest.Recipe.Name,
                    ["engine"] = manifest.Engine,
                }
            );
        }

        File.WriteAllText(Path.Combine(folder, BundleFile.NameOf(BundleRole.Card)), ModelCard.Of(manifest));
        var rows = ReportRows.Of(session.Model, data, weights);
        Interruptible.Run(() => ReportWriter.Write(folder, manifest, rows, stop), stop);
    }

    private static SortedDictionary<string, double> Metrics(
        TrainingSession session,
        TrainingPosition position,
        DataSplits data,
        RunFolder run,
        CancellationToken stop
    )
    {
        var metrics = new SortedDictionary<string, double>(StringComparer.Ordinal)
        {
            ["epochs"] = position.Epoch,
            ["steps"] = position.Step,
            ["seconds"] = Math.Round(position.Seconds, 3),
            ["parameters"] = session.Model.parameters().Sum(p => p.numel()),
        };
        foreach (var (name, value) in EpochRecord.Parse(File.ReadLines(run.LogPath).Last()).Train)
            metrics[$"train.{name}"] = value;
        foreach (var (part, rows) in new[] { ("validation", data.Validation), ("test", data.Test) })
        {
            if (rows is null)
                continue;
            using var batches = new Minibatches(rows, session.Model, session.Device);
            foreach (var (name, value) in Evaluator.Evaluate(session, batches, stop))
                metrics[$"{part}.{name}"] = value;
        }

        return metrics;
    }

    private static BundleManifest Manifest(TrainingSession session, DataSplits data, SortedDictionary<string, double> metrics)
    {
        var recipe = session.Recipe;
        using var scope = torch.NewDisposeScope();
        var prior = session.Model.IsVariational || recipe.Sampler is not null ? session.Model.Sampler() : null;
        return new BundleManifest
        {
            Name = recipe.Name,
            Description = recipe.Description,
            Kind = recipe.Kind,
            Input = data.Train.Input,
            LatentDimension = recipe.CodeLength(),
            Reconstruction = new ReconstructionDescription(recipe.Objective.Reconstruction, recipe.Objective.Reduction),
            Prior = prior?.Description,
            PriorNoise = prior?.Noise,
            Recipe = recipe,
            Seed = recipe.Training.Seed,
            StartedFrom = session.StartedFrom,
            Engine = Engine.Name,
            Machine = Machine.Name,
            DataFingerprint = data.Fingerprint,
            Created = DateTimeOffset.UtcNow,
            Metrics = metrics,
            Files = [],
        };
    }
}
