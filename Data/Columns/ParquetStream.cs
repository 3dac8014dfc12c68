namespace Latent.Data.Columns;

/// <summary>
/// Reads a Parquet file whose pages end where its footer begins: beyond a file's end, Parquet.Net would read numbers endlessly.
/// </summary>
internal sealed class ParquetStream(string path) : FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16)
{
    /// <summary>Gets or sets the position at which the footer begins.</summary>
    public long End { get; set; } = long.MaxValue;

    public override int ReadByte() =>
        Position < End && base.ReadByte() is >= 0 and var value ? value : throw new EndOfStreamException("its pages end too soon");
}
