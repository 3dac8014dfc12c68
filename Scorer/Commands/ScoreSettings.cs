using Latent.Data.Rows;
using Latent.Data.Tables;
using Latent.Scorer.Parts;

namespace Latent.Scorer.Commands;

/// <summary>Settings of a run, from the command line.</summary>
internal sealed record ScoreSettings
{
    public required Operation Operation { get; init; }

    public required string Model { get; init; }

    /// <summary>Gets the files, folders and patterns to read, or "-" for standard input; empty when sampling.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];

    /// <summary>Gets the file or folder to write, or "-" for standard output.</summary>
    public required string Output { get; init; }

    /// <summary>Gets whether there is an output; if not, skipped inputs are listed on standard error.</summary>
    public bool HasOutput { get; init; } = true;

    public TableOptions Table { get; init; } = new();

    /// <summary>Gets the label that all rows are conditioned on; null if it was not given.</summary>
    public string? Condition { get; init; }

    /// <summary>Gets whether an apostrophe is put before copied text that a spreadsheet would run as a formula.</summary>
    public bool ExcelSafe { get; init; }

    /// <summary>Gets whether each row of an output table begins with its position in the input.</summary>
    public bool RowNumbers { get; init; } = true;

    /// <summary>Gets the largest number of pixels of an image; null for the recipe's limit.</summary>
    public int? MaxPixels { get; init; }

    public int BatchSize { get; init; } = 256;

    public int Threads { get; init; }

    public int? Gpu { get; init; }

    /// <summary>Gets whether to run on the CPU where <see cref="Gpu"/> can't be used.</summary>
    public bool FallBackToCpu { get; init; }

    /// <summary>Gets whether graphs may have operators that Latent never exports.</summary>
    public bool AllowAnyOperator { get; init; }

    public Shard Shard { get; init; } = Shard.Whole;

    /// <summary>Gets whether a part was asked for, be it the only one.</summary>
    public bool ShardIsGiven { get; init; }

    /// <summary>Gets whether the environment says which part this is.</summary>
    public bool ShardIsAuto { get; init; }

    /// <summary>Gets the format of parts in a folder, such as "csv.gz"; null if it was not given.</summary>
    public string? Format { get; init; }

    /// <summary>Gets the part of a folder that <see cref="Output"/> is; null for other outputs.</summary>
    public PartFile? Part { get; init; }

    /// <summary>Gets the path of the list of skipped inputs.</summary>
    public string SkippedPath => Part?.SkippedPath ?? SkippedFile.PathFor(Output);

    public bool SkipErrors { get; init; }

    public long Seed { get; init; }

    public int Count { get; init; } = 16;

    /// <summary>Gets the share of normal rows that are called anomalies; null if it was not given.</summary>
    public double? AlarmRate { get; init; }

    /// <summary>Gets the share of rows like the held-out ones that are called anomalies; null if it was not given.</summary>
    public double? Contamination { get; init; }

    /// <summary>Gets the score from which on rows are anomalies; null if it was not given.</summary>
    public double? Threshold { get; init; }

    /// <summary>Gets the number of columns with the largest errors that are written for each row.</summary>
    public int Explain { get; init; }

    /// <summary>Gets whether only the anomalies are written.</summary>
    public bool OnlyAnomalies { get; init; }

    /// <summary>Gets the population stability index from which on a column has drifted.</summary>
    public double Limit { get; init; } = Reporting.Drift.UsualLimit;

    /// <summary>Gets whether all dimensions of the code are shown, rather than those that changed most.</summary>
    public bool Verbose { get; init; }

    public bool Quiet { get; init; }
}
