using System.Net;
using Latent.Contracts.Bundles;
using Latent.Contracts.Recipes;
using Latent.Contracts.Tables;
using Latent.Contracts.Training;
using Latent.Trainer.Data;
using Latent.Trainer.Evaluation;
using Latent.Trainer.Report.Images;
using Latent.Trainer.Training.Listeners;

namespace Latent.Trainer.Report;

/// <summary>What every section draws from, computed once.</summary>
internal sealed class ReportContext
{
    /// <summary>Rows that images and places in the plane are drawn of, at most.</summary>
    public const int MaxRows = 500;

    // A caption needs some room below a narrow image.
    private const int MinWidth = 260;

    private readonly string _pictureFolder;

    public ReportContext(string folder, BundleManifest manifest, BundleGraphs graphs, ReportData data)
    {
        Folder = folder;
        Manifest = manifest;
        Graphs = graphs;
        Data = data;
        var features = graphs.Features;
        var all = data.Rows.Length / features;
        var inputs = data.Noisy ?? data.Rows;
        (AllOutputs, var errors) = graphs.Reconstruct(inputs, data.Labels);
        var (codes, logVariances) = graphs.HasCodes ? graphs.Encode(inputs, data.Labels) : ([], []);
        if (Table is { } table)
        {
            Cells = new Cells(table);
            (FeatureErrors, Scores) = graphs.Score(data.Rows);
        }
        else
        {
            var isClosed = manifest.Recipe.Prior.Kind == PriorKind.StandardNormal && manifest.Recipe.Latent.HasNormalPosterior();
            var drawn = isClosed ? null : graphs.Kl(inputs, data.Labels);
            Scores = [.. errors.Select((error, i) => error + (drawn?[i] ?? Kl(codes, logVariances, i)))];
        }

        var positive = Table is null || data.Labels is null ? null : AnomalyLabels.Positive(data.Labels, manifest.Recipe.Data.TrainOnLabel);
        Ranking = data.Labels is null ? null : Ranking.Of(Scores, data.Labels, positive);
        LabelCount = data.Labels?.Distinct().Count() ?? 0;
        Epochs = TrainingLog.Read(folder);
        Count = Math.Min(MaxRows, all);
        int[] shown = [.. Enumerable.Range(0, Count).Select(i => (int)((long)i * all / Count))];
        Shown = shown;
        Rows = Take(data.Rows, features, shown);
        Inputs = data.Noisy is null ? Rows : Take(data.Noisy, features, shown);
        Outputs = Take(AllOutputs, features, shown);
        Codes = Take(codes, Latent, shown);
        LogVariances = Variational ? Take(logVariances, Latent, shown) : [];
        Labels = data.Labels is { } labels ? [.. shown.Select(i => labels[i])] : null;
        _pictureFolder = Path.Combine(folder, "pictures");
        Directory.CreateDirectory(_pictureFolder);
    }

    public string Folder { get; }

    public BundleManifest Manifest { get; }

    public BundleGraphs Graphs { get; }

    public ReportData Data { get; }

    /// <summary>Ends the report.</summary>
    public CancellationToken Stop { get; init; }

    /// <summary>What the rows are, held-out or training.</summary>
    public string Kind => Data.HeldOut ? "held-out" : "training";

    /// <summary>Rows shown, at most 500, evenly spread over all.</summary>
    public int Count { get; }

    /// <summary>Numbers of the rows shown among all.</summary>
    public IReadOnlyList<int> Shown { get; }

    /// <summary>A label for each row shown, or null.</summary>
    public IReadOnlyList<string>? Labels { get; }

    /// <summary>Different labels of all rows.</summary>
    public int LabelCount { get; }

    /// <summary>Every epoch of the run.</summary>
    public IReadOnlyList<EpochRecord> Epochs { get; }

    /// <summary>Outputs for all rows of <see cref="Data"/>, in data units.</summary>
    public float[] AllOutputs { get; }

    /// <summary>
    /// The score of all rows of <see cref="Data"/>: that of the graph for tables with columns of several kinds, for others the
    /// reconstruction error at the mean code and, of variational models, the KL added.
    /// </summary>
    public float[] Scores { get; }

    /// <summary>
    /// Each cell's error as a multiple of what is usual for its column, [all rows, columns]; empty where there are no cells.
    /// </summary>
    public float[] FeatureErrors { get; } = [];

    /// <summary>Texts and numbers of cells; null where rows are not of cells.</summary>
    public Cells? Cells { get; }

    /// <summary>The description of a table with columns of several kinds; null for other rows.</summary>
    public TableDescription? Table => Manifest.Input.Table;

    /// <summary>How the scores rank all rows; null where there are not two labels.</summary>
    public Ranking? Ranking { get; }

    /// <summary>[Count, features] in data units, clean.</summary>
    public float[] Rows { get; }

    /// <summary>What the model saw: <see cref="Rows"/>, or the noisy ones.</summary>
    public float[] Inputs { get; }

    /// <summary>[Count, z].</summary>
    public float[] Codes { get; }

    /// <summary>[Count, z], or empty.</summary>
    public float[] LogVariances { get; }

    /// <summary>[Count, features].</summary>
    public float[] Outputs { get; }

    public int Latent => Manifest.LatentDimension;

    public bool Variational => Manifest.Kind == ModelKind.Variational;

    public bool Bernoulli => Manifest.Recipe.Objective.Reconstruction == ReconstructionKind.Bernoulli;

    public ImageDescription? Image => Manifest.Input.Image;

    /// <summary>Names of a table's columns, or their numbers from 0.</summary>
    public IReadOnlyList<string> Columns => Manifest.Input.Columns ?? [.. Enumerable.Range(0, Graphs.Features).Select(i => $"column {i}")];

    /// <summary>Numbers of up to <paramref name="n"/> rows, evenly spread: neighbors are often images of one thing.</summary>
    public int[] Spread(int n) => DataSet.EvenlySpread(Math.Min(n, Count), Count);

    /// <summary>Some rows' values of <paramref name="width"/> each, one after the other.</summary>
    public static float[] Take(float[] values, int width, IEnumerable<int> rows) =>
        [.. rows.SelectMany(row => values.AsSpan(row * width, width).ToArray())];

    /// <summary>What the reconstruction term is measured in.</summary>
    public string ErrorUnit => MetricNames.ErrorUnit(Manifest.Recipe);

    /// <summary>Every section draws from its own numbers, so that adding one changes no other.</summary>
    public Random Random(string section) => new(HashCode(section) ^ (int)Manifest.Seed);

    /// <summary>Saves the image as PNG beside the report, enlarged, and gives it as a figure that holds and enlarges it.</summary>
    public string Figure(Raster image, string name, string caption)
    {
        image.SavePng(Path.Combine(_pictureFolder, name + ".png"));
        var text = WebUtility.HtmlEncode(caption);
        var (wide, high) = (image.Width * image.Zoom, image.Height * image.Zoom);
        var source = $"data:image/png;base64,{Convert.ToBase64String(image.ToPng())}";
        return $"<figure style='width:{Math.Max(MinWidth, wide)}px'><img src='{source}' width='{wide}' height='{high}' alt='{text}'/>"
            + $"<figcaption>{text}</figcaption></figure>";
    }

    /// <summary>A chart as a figure.</summary>
    public static string Figure(Charts.Plot plot, string? caption = null) =>
        $"<figure>{plot.ToSvg()}{(caption is null ? "" : $"<figcaption>{WebUtility.HtmlEncode(caption)}</figcaption>")}</figure>";

    private float Kl(float[] codes, float[] logVariances, int row)
    {
        var sum = 0.0;
        for (var i = row * Latent; Variational && i < (row + 1) * Latent; i++)
        {
            sum += 0.5 * (Math.Exp(logVariances[i]) + ((double)codes[i] * codes[i]) - 1 - logVariances[i]);
        }

        return (float)(sum / Manifest.Recipe.Ensemble);
    }

    // string.GetHashCode differs from run to run.
    private static int HashCode(string text) => text.Aggregate(17, (hash, c) => unchecked(hash * 31 + c));
}
