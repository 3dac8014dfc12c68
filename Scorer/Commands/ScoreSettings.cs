using Latent.Data.Rows;
using Latent.Data.Tables;

namespace Latent.Scorer.Commands;

/// <summary>What the command line asks for.</summary>
internal sealed record ScoreSettings
{
    public required Operation Operation { get; init; }

    public required string Model { get; init; }

    /// <summary>Files, folders and patterns, or "-"; none when sampling.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];

    /// <summary>A file, folder or "-".</summary>
    public required string Output { get; init; }

    public TableOptions Table { get; init; } = new();

    /// <summary>Whether kept text that a spreadsheet would run as a formula begins with an apostrophe.</summary>
    public bool ExcelSafe { get; init; }

    /// <summary>Whether each row of an output table begins with its position in the input.</summary>
    public bool RowNumbers { get; init; } = true;

    /// <summary>Pixels of an image, at most; null for the recipe's limit.</summary>
    public int? MaxPixels { get; init; }

    public int BatchSize { get; init; } = 256;

    public int Threads { get; init; }

    public int? Gpu { get; init; }

    /// <summary>Whether to run on the processor where <see cref="Gpu"/> can't be used.</summary>
    public bool FallBackToCpu { get; init; }

    /// <summary>Whether graphs may have operators that Latent's export doesn't write.</summary>
    public bool AllowAnyOperator { get; init; }

    public Shard Shard { get; init; } = Shard.Whole;

    public bool SkipErrors { get; init; }

    public long Seed { get; init; }

    public int Count { get; init; } = 16;

    public bool Quiet { get; init; }
}
