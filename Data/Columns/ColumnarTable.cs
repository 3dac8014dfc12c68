using Latent.Contracts;

namespace Latent.Data.Columns;

/// <summary>A table that is stored column by column, in parts of consecutive rows.</summary>
internal abstract class ColumnarTable : IDisposable
{
    /// <summary>What the columns that are read may take of one part, in bytes.</summary>
    public const long MostBytes = 1 << 30;

    /// <summary>How far a compressor that is read here can pack, at most: Zstandard puts 128 KiB into a block of four bytes.</summary>
    public const long MostRatio = 1 << 15;

    /// <summary>How dates with times are written as text.</summary>
    public const string Moment = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF";

    /// <summary>What the format calls a part.</summary>
    public abstract string PartName { get; }

    /// <summary>All columns, in the file's order.</summary>
    public abstract IReadOnlyList<Column> Columns { get; }

    /// <summary>Number of rows of each part, from the file's own description.</summary>
    public abstract IReadOnlyList<long> Parts { get; }

    /// <summary>Reads columns of a part; the blocks are good until the next is read. Parts are read in order, some left out.</summary>
    /// <exception cref="LatentException">They would take more than <see cref="MostBytes"/>.</exception>
    public abstract ColumnBlock[] Read(int part, int[] columns);

    public abstract void Dispose();

    protected static LatentException TooLarge(string path, string part, long rows, long bytes) =>
        new(
            $"{path} has a {part} of {rows:N0} rows, which takes {bytes:N0} bytes as it is read; at most {MostBytes:N0} are, so write it in smaller parts."
        );
}
