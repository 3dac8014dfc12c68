using Latent.Contracts;
using Latent.Contracts.Files;

namespace Latent.Data.Columns;

/// <summary>Represents a table that is stored column by column, in parts of consecutive rows.</summary>
internal abstract class ColumnarTable : IDisposable
{
    /// <summary>The largest size in bytes of the columns that are read from one part.</summary>
    public const long MaxBytes = 1 << 30;

    /// <summary>The largest compression ratio of the supported formats: Zstandard puts 128 KiB into a block of four bytes.</summary>
    public const long MaxRatio = 1 << 15;

    /// <summary>The format of dates without times as text.</summary>
    public const string Day = "yyyy-MM-dd";

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

    /// <summary>Makes the exception for damage, which the packages report by exceptions of many types.</summary>
    /// <param name="source">Name of the table in messages.</param>
    /// <param name="part">The part that was read; null if none was.</param>
    /// <param name="cause">What the package threw.</param>
    public static LatentException Damaged(string source, string? part, Exception cause)
    {
        var where = part is null ? "" : $" in {part} (counted from 0)";
        return new LatentException($"{source} is damaged, or is none that can be read{where}: {FileError.Reason(cause)}.", cause);
    }

    protected static LatentException TooLarge(string path, string part, long rows, long bytes) =>
        new(
            $"{path} has a {part} of {rows:N0} rows, which takes {bytes:N0} bytes as it is read; at most {MaxBytes:N0} are, so write it in smaller parts."
        );
}
