using System.Net;
using Latent.Contracts.Bundles;
using Latent.Contracts.Recipes;
using Latent.Trainer.Evaluation;
using Latent.Trainer.Report.Pictures;

namespace Latent.Trainer.Report;

/// <summary>What every section draws from, computed once.</summary>
internal sealed class ReportContext
{
    /// <summary>Rows that a report uses at most.</summary>
    public const int MostRows = 500;

    private readonly string _pictureFolder;

    public ReportContext(string folder, BundleManifest manifest, BundleGraphs graphs, ReportData data)
    {
        Folder = folder;
        Manifest = manifest;
        Graphs = graphs;
        Data = data;
        Count = Math.Min(MostRows, data.Rows.Length / graphs.Features);
        Rows = data.Rows[..(Count * graphs.Features)];
        Inputs = (data.Noisy ?? data.Rows)[..Rows.Length];
        (Codes, LogVariances) = graphs.Encode(Inputs);
        (Outputs, Errors) = graphs.Reconstruct(Inputs);
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

    /// <summary>Rows used, at most 500.</summary>
    public int Count { get; }

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

    /// <summary>[Count].</summary>
    public float[] Errors { get; }

    public int Latent => Manifest.LatentDimension;

    public bool Variational => Manifest.Kind == ModelKind.Variational;

    public bool Bernoulli => Manifest.Recipe.Objective.Reconstruction == ReconstructionKind.Bernoulli;

    public ImageDescription? Image => Manifest.Input.Image;

    /// <summary>Numbers of up to <paramref name="n"/> rows, evenly spread: neighbours are often pictures of one thing.</summary>
    public int[] Spread(int n)
    {
        n = Math.Min(n, Count);
        return [.. Enumerable.Range(0, n).Select(i => (int)((long)i * Count / n))];
    }

    /// <summary>Some rows' values of <paramref name="width"/> each, one after the other.</summary>
    public static float[] Take(float[] values, int width, IEnumerable<int> rows) =>
        [.. rows.SelectMany(row => values.AsSpan(row * width, width).ToArray())];

    /// <summary>What the reconstruction term is measured in.</summary>
    public string ErrorUnit =>
        (Bernoulli ? "nats" : "squared error") + (Manifest.Recipe.Objective.Reduction == ReductionKind.Sum ? " per row" : " per value");

    /// <summary>Every section draws from its own numbers, so that adding one changes no other.</summary>
    public Random Random(string section) => new(HashCode(section) ^ (int)Manifest.Seed);

    /// <summary>Saves the picture as PNG beside the report and gives it as a figure that needs no other file.</summary>
    public string Figure(Picture picture, string name, string caption)
    {
        var path = Path.Combine(_pictureFolder, name + ".png");
        picture.SavePng(path);
        var text = WebUtility.HtmlEncode(caption);
        return $"<figure><img src='data:image/png;base64,{Convert.ToBase64String(File.ReadAllBytes(path))}' width='{picture.Width}' alt='{text}'><figcaption>{text}</figcaption></figure>";
    }

    /// <summary>A chart as a figure.</summary>
    public static string Figure(Charts.Plot plot, string? caption = null) =>
        $"<figure class='chart'>{plot.ToSvg()}{(caption is null ? "" : $"<figcaption>{WebUtility.HtmlEncode(caption)}</figcaption>")}</figure>";

    // string.GetHashCode differs from run to run.
    private static int HashCode(string text) => text.Aggregate(17, (hash, c) => unchecked(hash * 31 + c));
}
