using System.Text.Json;
using Latent.Contracts.Bundles;
using Latent.Contracts.Recipes;
using Latent.Trainer.Data;
using Latent.Trainer.Training;

namespace Latent.Trainer.Metrics;

/// <summary>
/// Test NLL against passes, a point at the end of each of Burda's stages or after as many passes of another schedule. It is estimated
/// from few rows and samples, so that it costs seconds: it shows how training goes, and lies above what evaluate gives in the end.
/// </summary>
internal static class LikelihoodCurve
{
    /// <summary>Importance samples a row.</summary>
    public const int Samples = 100;

    private const int MostRows = 1000;

    /// <summary>Whether training by a recipe has a curve: where it goes by Burda's stages, or stands against figures of others.</summary>
    public static bool IsOf(Recipe recipe) =>
        recipe.Kind == ModelKind.Variational
        && (recipe.Schedule.Kind == ScheduleKind.BurdaStages || recipe.About is { Published: not null } or { Others: not null });

    /// <summary>Up to 1,000 test rows, evenly spread.</summary>
    public static DataSet Rows(DataSet test) => test.Count <= MostRows
        ? test
        : test.Select([.. Enumerable.Range(0, MostRows).Select(i => (int)((long)i * test.Count / MostRows))]);

    /// <summary>A point of the curve. The draws are the same every time and disturb no others.</summary>
    /// <exception cref="OperationCanceledException">It was told to stop.</exception>
    public static double Nll(TrainingSession session, DataSet rows, CancellationToken stop = default)
    {
        var training = session.Model.training;
        session.Model.eval();
        try
        {
            return TestLikelihood.Of(session, rows, Samples, null, (_, _) => stop.ThrowIfCancellationRequested()).Nll;
        }
        finally
        {
            session.Model.train(training);
        }
    }

    /// <summary>The curve that a folder's training.jsonl holds; empty where it has none.</summary>
    public static IReadOnlyList<(double Passes, double Nll)> Read(string folder)
    {
        var path = Path.Combine(folder, "training.jsonl");
        var points = new List<(double, double)>();
        foreach (var line in File.Exists(path) ? File.ReadLines(path) : [])
        {
            if (line.Length == 0)
                continue;
            using var json = JsonDocument.Parse(line);
            if (json.RootElement.TryGetProperty("test_nll", out var nll) && nll.ValueKind == JsonValueKind.Number)
                points.Add((json.RootElement.GetProperty("epoch").GetDouble(), nll.GetDouble()));
        }

        return points;
    }
}
