using System.Buffers.Binary;
using Latent.Contracts;
using Latent.Data.Columns;
using Latent.Data.Files;
using Latent.Data.Rows;

namespace Latent.Data.Tables;

/// <summary>Opens tables by their format: Parquet, Arrow, or separated values.</summary>
internal static class TableFile
{
    private static readonly string[] s_columnar = [".parquet", ".arrow", ".arrows", ".feather"];

    /// <summary>Opens a table.</summary>
    /// <param name="input">A file, or "-" for separated values on standard input.</param>
    /// <param name="options">How the table is read.</param>
    /// <param name="modelColumns">The columns that a model requires by name; null if it names none.</param>
    /// <param name="length">Number of columns that the model takes; null when training, where the table decides.</param>
    /// <param name="shard">The part of the rows that is read.</param>
    /// <param name="batchSize">Rows of a batch, between which shards are cut.</param>
    /// <exception cref="LatentException">The table can't be read as requested.</exception>
    public static RowSource Open(
        string input,
        TableOptions options,
        IReadOnlyList<string>? modelColumns,
        int? length,
        Shard shard,
        int batchSize
    )
    {
        return Columnar(input) is { } open
            ? new ColumnarSource(input, open, options, modelColumns, length, shard, batchSize)
            : new CsvSource(input, options, modelColumns, length, shard, batchSize);
    }

    /// <summary>Finds what opens a table that is stored column by column; null for separated values.</summary>
    /// <param name="input">A file, or "-" for standard input.</param>
    /// <exception cref="LatentException">The file can't be read, or is not what its name says.</exception>
    public static Func<ColumnarTable>? Columnar(string input)
    {
        var start = new byte[8];
        if (input != "-")
        {
            using var file = InputFile.Open(input);
            file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        }

        if (start.AsSpan().StartsWith("PAR1"u8))
            return () => new ParquetTable(input);
        if (start.AsSpan().StartsWith("ARROW1"u8) || BinaryPrimitives.ReadInt32LittleEndian(start) == -1)
            return () => new ArrowTable(input);
        return s_columnar.Any(ending => input.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
            ? throw new LatentException(
                $"{input} begins with 0x{Convert.ToHexStringLower(start)}, which is neither Parquet (PAR1) nor Arrow (ARROW1, or 0xffffffff for a stream)."
            )
            : null;
    }
}
