using Latent.Contracts;

namespace Latent.Data.Columns;

/// <summary>Represents a table that is stored column by column, in parts of consecutive rows.</summary>
internal abstract class ColumnarTable : IDisposable
{
    /// <summary>The largest size in bytes of the columns that are read from one part.</summary>
    public const long MaxBytes = 1 << 30;

    /// <summary>The largest compression ratio of the supported formats: Zstandard puts 128 KiB into a block of four bytes.</summary>
    public const long MaxRatio = 1 << 15;

    /// <summary>The format of dates with times as text.</summary>
    public const string Moment = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF";

    /// <summary>Gets the format's name for a part.</summary>
    public abstract string PartName { get; }

    /// <summary>Gets all columns, in the file's order.</summary>
    public abstract IReadOnlyList<Column> Columns { get; }

    /// <summary>Gets the number of rows of each part, as stated by the file.</summary>
    public abstract IReadOnlyList<long> Parts { get; }

    /// <summary>
    /// Reads columns of a part; the blocks are valid until the next part is read. Parts are read in order, and may be left out.
    /// </summary>
    /// <exception cref="LatentException">The columns would take more than <see cref="MaxBytes"/>.</exception>
    public abstract ColumnBlock[] Read(int part, int[] columns);

    public abstract void Dispose();

    protected static LatentException TooLarge(string path, string part, long rows, long bytes) =>
        new(
            $"{path} has a {part} of {rows:N0} rows, which takes {bytes:N0} bytes as it is read; at most {MaxBytes:N0} are, so write it in smaller parts."
        );
}
