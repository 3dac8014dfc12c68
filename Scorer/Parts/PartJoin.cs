using System.Buffers;
using Latent.Contracts;
using Latent.Contracts.Files;
using Latent.Data.Arrays;
using Latent.Data.Columns;
using Latent.Data.Files;
using Latent.Data.Rows;

namespace Latent.Scorer.Parts;

/// <summary>Joins parts in order; the result has the bytes that one run would have written, for .csv.gz once unpacked.</summary>
internal static class PartJoin
{
    private const int RowsAtOnce = 1024;
    private const int BufferSize = 1 << 20;

    /// <summary>Writes all rows of the parts into one file, and all skipped inputs into the list beside it.</summary>
    /// <param name="folder">The parts.</param>
    /// <param name="output">The file, of the parts' format, or "-" for CSV on standard output.</param>
    /// <exception cref="LatentException">A part can't be joined, or the file can't be written.</exception>
    public static void Write(PartFolder folder, string output)
    {
        try
        {
            string[] parts = [.. folder.Parts.Select(part => folder.PathOf(part.File!))];
            if (folder.Format == "npy")
                Arrays(parts, output);
            else if (folder.Format is "parquet" or "arrow")
                Columns(parts, folder, output);
            else
                Texts(parts, output);
            string[] lists = [.. folder.Parts.Select(part => part.SkippedList).OfType<WholeFile>().Select(folder.PathOf)];
            if (output == "-")
                return;
            if (lists.Length > 0)
                Texts(lists, SkippedFile.PathFor(output));
            else
                File.Delete(SkippedFile.PathFor(output));
        }
        catch (Exception e) when (FileError.Is(e))
        {
            throw FileError.CannotWrite(output, e);
        }
    }

    // Of the second and later parts, the first record is the header that the first part has as well.
    private static void Texts(string[] parts, string output)
    {
        using var file = new OutputFile(output, bufferSize: 1, pack: true);
        var (buffer, header) = (new byte[BufferSize], new ArrayBufferWriter<byte>());
        foreach (var (index, path) in parts.Index())
        {
            using var stream = InputFile.Unpack(path, out _);
            var (own, inHeader, quoted) = (new ArrayBufferWriter<byte>(), true, false);
            for (int read; (read = stream.Read(buffer)) > 0; )
            {
                var bytes = buffer.AsSpan(0, read);
                var end = 0;
                for (; inHeader && end < read; end++)
                {
                    quoted ^= bytes[end] == '"';
                    inHeader = quoted || bytes[end] != '\n';
                }

                own.Write(bytes[..end]);
                if (!inHeader && end > 0)
                {
                    if (index == 0)
                        header.Write(own.WrittenSpan);
                    else if (!own.WrittenSpan.SequenceEqual(header.WrittenSpan))
                        throw new LatentException($"{path} has other columns than {parts[0]}; all parts must be made in the same way.");
                }

                file.Stream.Write(index == 0 ? bytes : bytes[end..]);
            }
        }

        file.Complete();
    }

    private static void Columns(string[] parts, PartFolder folder, string output)
    {
        ColumnarSink? sink = null;
        try
        {
            IReadOnlyList<(string Name, string Type)> columns = [];
            foreach (var path in parts)
            {
                using var table = Open(path);
                (string, string)[] own = [.. table.Columns.Select(column => (column.Name, column.Type))];
                if (sink is null)
                {
                    columns = own;
                    sink = Sink(table.Columns, folder, output);
                }
                else if (!own.SequenceEqual(columns))
                {
                    throw new LatentException($"{path} has other columns than {parts[0]}; all parts must be made in the same way.");
                }

                Copy(path, table, folder, sink);
            }

            sink!.Complete();
        }
        finally
        {
            sink?.Dispose();
        }
    }

    private static ColumnarTable Open(string path)
    {
        try
        {
            return path.EndsWith(".parquet", StringComparison.Ordinal) ? new ParquetTable(path) : new ArrowTable(path);
        }
        catch (Exception e) when (e is not LatentException)
        {
            throw ColumnarTable.Damaged(path, null, e);
        }
    }

    private static ColumnarSink Sink(IReadOnlyList<Column> columns, PartFolder folder, string output)
    {
        var numbered = IsNumbered(columns);
        var kept = folder.Parts[0].Kept;
        string[] names = [.. columns.Skip(numbered ? 1 : 0).Select(column => column.Name)];
        var results = Results(columns, kept);
        return folder.Format == "parquet"
            ? new ParquetSink(output, names[..kept], results, numbered)
            : new ArrowSink(output, names[..kept], results, numbered);
    }

    // Rows' positions are the only integers that are written.
    private static bool IsNumbered(IReadOnlyList<Column> columns) =>
        columns.Count > 0 && columns[0].Kind == ColumnKind.Number && columns[0].Type is "integer" or "int64";

    private static ResultColumn[] Results(IReadOnlyList<Column> columns, int kept)
    {
        var (numbers, texts) = (0, 0);
        return
        [
            .. columns
                .Skip((IsNumbered(columns) ? 1 : 0) + kept)
                .Select(column =>
                    column.Kind == ColumnKind.Text
                        ? new ResultColumn(column.Name, ResultKind.Text, texts++)
                        : new ResultColumn(column.Name, column.IsBoolean ? ResultKind.Boolean : ResultKind.Number, numbers++)
                ),
        ];
    }

    private static void Copy(string path, ColumnarTable table, PartFolder folder, ColumnarSink sink)
    {
        var kept = folder.Parts[0].Kept;
        var first = IsNumbered(table.Columns) ? 1 : 0;
        var results = Results(table.Columns, kept);
        var texts = results.Count(column => column.Kind == ResultKind.Text);
        var batch = new RowBatch(RowsAtOnce, 0, results.Length - texts, texts);
        int[] all = [.. Enumerable.Range(0, table.Columns.Count)];
        for (var part = 0; part < table.Parts.Count; part++)
        {
            ColumnBlock[] blocks;
            try
            {
                blocks = table.Read(part, all);
            }
            catch (Exception e) when (e is not LatentException)
            {
                throw ColumnarTable.Damaged(path, $"{table.PartName} {part}", e);
            }

            for (var from = 0; from < table.Parts[part]; from += RowsAtOnce)
            {
                batch.Clear();
                batch.Count = (int)Math.Min(RowsAtOnce, table.Parts[part] - from);
                for (var row = 0; row < batch.Count; row++)
                {
                    if (first == 1)
                        batch.Positions[row] = (long)blocks[0].Number(from + row);
                    batch.Kept[row] = [.. Enumerable.Range(first, kept).Select(column => blocks[column].Text(from + row)!)];
                    for (var i = 0; i < results.Length; i++)
                    {
                        var block = blocks[first + kept + i];
                        if (results[i].Kind == ResultKind.Text)
                            batch.Texts(row)[results[i].Index] = block.Text(from + row)!;
                        else
                            batch.Result(row)[results[i].Index] = (float)block.Number(from + row);
                    }
                }

                sink.Write(batch);
            }
        }
    }

    private static void Arrays(string[] parts, string output)
    {
        var headers = parts.Select(Header).ToList();
        using var file = new OutputFile(output);
        file.Stream.Write(NpySink.Header(headers.Sum(header => header.Shape[0]), headers[0].Shape[1]));
        foreach (var (index, path) in parts.Index())
        {
            if (headers[index].Shape[1] != headers[0].Shape[1])
                throw new LatentException($"{path} has other columns than {parts[0]}; all parts must be made in the same way.");
            using var stream = InputFile.Open(path);
            ArrayHeader.Read(stream, path);
            stream.CopyTo(file.Stream, BufferSize);
        }

        file.Complete();

        static ArrayHeader Header(string path)
        {
            using var stream = InputFile.Open(path);
            return ArrayHeader.Read(stream, path);
        }
    }
}
