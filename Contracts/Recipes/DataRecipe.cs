using System.ComponentModel.DataAnnotations;
using Latent.Contracts.Bundles;

namespace Latent.Contracts.Recipes;

/// <summary>Describes where rows come from and how they are prepared.</summary>
public sealed record DataRecipe
{
    /// <summary>The kind of source.</summary>
    public required DataSourceKind Source { get; init; }

    /// <summary>File or folder; --data sets it. Not used by drawn digits.</summary>
    /// <value>The default is <see langword="null"/>.</value>
    public string? Path { get; init; }

    /// <summary>Rows to draw (digits) or to read at most; null: 6000 for digits, all for the others.</summary>
    /// <value>The default is <see langword="null"/>.</value>
    [Range(1, int.MaxValue)]
    public int? Count { get; init; }

    /// <summary>
    /// Image size that a source is resized to (images), or that rows have (others, where they are images). Null for tables.
    /// </summary>
    /// <value>The default is <see langword="null"/>.</value>
    public ImageDescription? Image { get; init; }

    /// <summary>What the source's values are multiplied by to be pixels 0 to 255: 255 for arrays in [0, 1].</summary>
    /// <value>The default is 1.</value>
    [Range(0d, 1e12, MinimumIsExclusive = true)]
    public double PixelScale { get; init; } = 1;

    /// <summary>
    /// Columns of a table to use: names, positions from 0 and ranges such as first..last; null: all but <see cref="Label"/>.
    /// </summary>
    /// <value>The default is <see langword="null"/>.</value>
    public IReadOnlyList<string>? Columns { get; init; }

    /// <summary>Reads a table's columns by their kinds: numbers, words, dates, with missing cells; null: all must be numbers.</summary>
    /// <value>The default is <see langword="null"/>.</value>
    public TableRecipe? Table { get; init; }

    /// <summary>
    /// Column of a table, or second file of NPY, that labels rows for the report; of images "folder", the folder that each lies in, which
    /// is also what null means there. IDX finds its label file by name.
    /// </summary>
    /// <value>The default is <see langword="null"/>.</value>
    public string? Label { get; init; }

    /// <summary>Character between CSV columns, "\t" for tabs; null: one of comma, semicolon, tab and bar, found out.</summary>
    /// <value>The default is <see langword="null"/>.</value>
    public string? Separator { get; init; }

    /// <summary>Whether a CSV's first line names the columns; null: it must.</summary>
    /// <value>The default is <see langword="null"/>.</value>
    public bool? Header { get; init; }

    /// <summary>What a CSV is encoded in, such as windows-1252; null: UTF-8.</summary>
    /// <value>The default is <see langword="null"/>.</value>
    public string? Encoding { get; init; }

    /// <summary>Whether a CSV's numbers are written 1,5 rather than 1.5.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool DecimalComma { get; init; }

    /// <summary>Pixels of an image, at most: one whose header declares more is refused before it is decoded.</summary>
    /// <value>The default is 100,000,000.</value>
    [Range(1, 500_000_000)]
    public int MaxPixels { get; init; } = 100_000_000;

    /// <summary>
    /// Leaves out rows and images that can't be read, and says how many, rather than refusing all; --on-error skip sets it.
    /// </summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool SkipErrors { get; init; }

    /// <summary>Rows with this label alone are trained on (the normal rows of an anomaly table); null: all.</summary>
    /// <value>The default is <see langword="null"/>.</value>
    public string? TrainOnLabel { get; init; }

    /// <summary>From raw values to model units; written into the graphs.</summary>
    /// <value>The default is <see cref="ScalingKind.Unit"/>.</value>
    public ScalingKind Scaling { get; init; } = ScalingKind.Unit;

    /// <summary>Whether pixels are made 0 or 1.</summary>
    /// <value>The default is <see cref="BinarizationKind.None"/>.</value>
    public BinarizationKind Binarization { get; init; } = BinarizationKind.None;

    /// <summary>Adds each training image mirrored left to right.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool Mirror { get; init; }

    /// <summary>Fraction of the training rows kept for validation, [0, 1).</summary>
    /// <value>The default is 0.1.</value>
    [Range(0d, 1d, MaximumIsExclusive = true)]
    public double Validation { get; init; } = 0.1;

    /// <summary>Fraction of the rows kept for testing, [0, 1), where the source has no test set of its own.</summary>
    /// <value>The default is 0.1.</value>
    [Range(0d, 1d, MaximumIsExclusive = true)]
    public double Test { get; init; } = 0.1;

    /// <summary>Splits whole groups of consecutive rows (10: the ten images of one person) rather than single rows.</summary>
    /// <value>The default is 1.</value>
    [Range(1, int.MaxValue)]
    public int GroupSize { get; init; } = 1;
}

/// <summary>Specifies whether pixels are made 0 or 1.</summary>
public enum BinarizationKind
{
    /// <summary>Grey stays grey.</summary>
    None,

    /// <summary>1 where the scaled pixel is at least 0.5.</summary>
    Static,

    /// <summary>1 with probability equal to the scaled pixel, drawn anew at every minibatch; the test set once from the seed.</summary>
    Dynamic,
}

/// <summary>Specifies the conversion from raw values to model units.</summary>
public enum ScalingKind
{
    /// <summary>Pixels 0–255 to [0, 1].</summary>
    Unit,

    /// <summary>Each column less its mean, divided by its standard deviation (training rows').</summary>
    Standard,

    /// <summary>Each column from its least and greatest training value to [0, 1].</summary>
    MinMax,

    /// <summary>As they are.</summary>
    None,
}

/// <summary>Specifies the kind of a data source.</summary>
public enum DataSourceKind
{
    /// <summary>Handwriting-like digits, 28 by 28, that the program draws.</summary>
    Digits,

    /// <summary>MNIST's format, a folder with train and t10k files, or one file; gzip or plain.</summary>
    Idx,

    /// <summary>A NumPy array file, first axis rows.</summary>
    Npy,

    /// <summary>A table: comma-separated values with a header, Parquet, or Arrow.</summary>
    Csv,

    /// <summary>A folder of images, read recursively.</summary>
    Images,
}
