using Latent.Contracts;
using Latent.Data.Arrays;
using Latent.Data.Files;
using Latent.Data.Rows;

namespace Latent.Data.Tables;

/// <summary>
/// Reads several tables, one after the other: for each row, the first value that is passed on is its file, and its position is the one in
/// that file.
/// </summary>
internal sealed class TableList : RowSource
{
    private static readonly string[] s_endings = [".csv", ".tsv", ".txt", ".parquet", ".arrow", ".arrows", ".feather"];
    private readonly string[] _files;
    private readonly long[] _bytes;
    private readonly Func<string, IReadOnlyList<string>?, RowSource> _open;
    private readonly IReadOnlyList<string>? _columns;
    private RowSource? _table;
    private int _next;

    private TableList(
        string[] files,
        SkippedInput[] leftOut,
        Shard shard,
        IReadOnlyList<string>? modelColumns,
        Func<string, IReadOnlyList<string>?, RowSource> open
    )
    {
        _open = open;
        using (var first = open(files[0], modelColumns))
        {
            (RowLength, Note) = (first.RowLength, first.Note);
            KeptNames = ["file", .. first.KeptNames];
            _columns = modelColumns ?? first.ColumnNames;
            ColumnNames = first.ColumnNames;
        }
        // A table belongs to the part in which its middle lies.
        var (bytes, before) = (files.ToDictionary(file => file, file => new FileInfo(file).Length), (Int128)0);
        var all = (Int128)bytes.Values.Sum();
        _files = [.. files.Where(file => ((before += bytes[file]) * 2 - bytes[file]) * shard.Count / (2 * all) == shard.Index - 1)];
        _bytes = [.. _files.Select(file => bytes[file])];
        LeftOut = shard.IsFirst ? leftOut : [];
    }

    /// <summary>Opens one or several tables: files, folders with all their subfolders, and patterns.</summary>
    /// <param name="inputs">At least one input; "-" is standard input and can't be combined with others.</param>
    /// <param name="options">How the tables are read.</param>
    /// <param name="modelColumns">The columns that a model requires by name; null if it names none.</param>
    /// <param name="length">Number of columns that the model takes; null when training, where the first table decides.</param>
    /// <param name="shard">The part that is read: of the rows of one table, of the files where there are several.</param>
    /// <param name="batchSize">Rows of a batch, between which shards are cut.</param>
    /// <exception cref="LatentException">There is no table, or the first can't be read as requested.</exception>
    public static RowSource Open(
        IReadOnlyList<string> inputs,
        TableOptions options,
        IReadOnlyList<string>? modelColumns,
        int? length,
        Shard shard,
        int batchSize
    )
    {
        if (IsOne(inputs))
            return OpenOne(inputs[0], modelColumns, shard);
        var (files, leftOut) = Find(inputs);
        return new TableList(files, leftOut, shard, modelColumns, (file, columns) => OpenOne(file, columns, Shard.Whole));

        RowSource OpenOne(string file, IReadOnlyList<string>? columns, Shard part) =>
            TableFile.Open(file, options, columns, length, part, batchSize);
    }

    /// <summary>Finds the tables of one or several inputs: files, folders with all their subfolders, and patterns.</summary>
    /// <param name="inputs">At least one input; "-" is standard input and can't be combined with others.</param>
    /// <exception cref="LatentException">There is no table.</exception>
    public static (string[] Files, SkippedInput[] LeftOut) Find(IReadOnlyList<string> inputs)
    {
        if (IsOne(inputs))
            return ([inputs[0]], []);
        var (found, leftOut) = (new List<(string File, string Real, bool IsLink)>(), new List<SkippedInput>());
        foreach (var input in inputs)
        {
            if (!IsSeveral(input))
            {
                found.Add(
                    input != "-"
                        ? (input, RealPath.Of(input), false)
                        : throw new LatentException("Standard input cannot be one of several inputs; it must be the only one.")
                );
                continue;
            }

            var folder = InputFolder.Find(
                input,
                path =>
                    InputFolder.IsPattern(input) || IsTable(path)
                        ? null
                        : $"{path} does not end as a table does: in .csv, .tsv or .txt (.gz and .zst too), .parquet, .arrow, .arrows or .feather."
            );
            if (folder.Files.Length == 0)
            {
                throw new LatentException(
                    $"{input} holds no table{(folder.LeftOut.Length > 0 ? $" among its {folder.LeftOut.Length} files" : "")}; it must hold files whose names end in .csv, .parquet or .arrow, for instance."
                );
            }

            var root = RealPath.Of(folder.Path);
            foreach (var name in folder.Files)
            {
                var file = Path.Combine(folder.Path, name);
                var real = RealPath.Of(file);
                found.Add((file, real, !RealPath.AreSame(real, Path.GetFullPath(name, root))));
            }

            leftOut.AddRange(folder.LeftOut);
        }

        // Links that folders hold to a table give way to the table, or to the first of them.
        var read = found.GroupBy(table => table.Real).ToDictionary(group => group.Key, group => group.MinBy(table => table.IsLink).File);
        foreach (var (file, real, _) in found.Where(table => table.IsLink && table.File != read[table.Real]))
            leftOut.Add(new SkippedInput(file, $"{file} leads to the table {read[real]}; each table is read once."));
        var files = found.Where(table => !table.IsLink || table.File == read[table.Real]).ToArray();
        if (files.GroupBy(table => table.Real).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new LatentException(
                $"{twice.First().File} is said twice, as {string.Join(" and ", twice.Select(table => table.File))}; each table is read once."
            );
        }

        if (files.Select(table => table.File).FirstOrDefault(ArraySource.IsArray) is { } array)
            throw new LatentException($"{array} is an array, and several inputs must be tables.");
        return ([.. files.Select(table => table.File)], [.. leftOut]);
    }

    public override int RowLength { get; }

    public override IReadOnlyList<string> KeptNames { get; }

    public override IReadOnlyList<string>? ColumnNames { get; }

    public override IReadOnlyList<SkippedInput> LeftOut { get; }

    public override string? Note { get; }

    public override double? Progress =>
        _next == 0 ? 0 : (_bytes.Take(_next - 1).Sum() + (_bytes[_next - 1] * (_table?.Progress ?? 1))) / Math.Max(1, _bytes.Sum());

    public override bool Read(RowBatch batch, CancellationToken cancellation)
    {
        while (batch.Consumed < batch.Capacity && (_table is not null || _next < _files.Length))
        {
            try
            {
                _table ??= OpenNext();
                if (ReadTable(_table, _files[_next - 1], batch, cancellation))
                    continue;
            }
            catch (LatentException e)
            {
                // The rest of a table that can't be read, or can't be read further, counts as one input.
                batch.Skipped.Add(new SkippedInput(_files[_next - 1], e.Message));
                batch.Consumed++;
                Close();
                continue;
            }

            _table.CheckPrecision();
            Close();
        }

        return batch.Consumed > 0;
    }

    public override void Dispose() => Close();

    private static bool IsOne(IReadOnlyList<string> inputs) => inputs is [var only] && (only == "-" || !IsSeveral(only));

    private static bool IsSeveral(string input) => Directory.Exists(input) || InputFolder.IsPattern(input);

    private static bool IsTable(string path)
    {
        var name = InputFile.WithoutPacking(path);
        return s_endings.Any(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase));
    }

    private RowSource OpenNext()
    {
        var file = _files[_next++];
        var table = _open(file, _columns);
        if (table.RowLength == RowLength)
            return table;
        table.Dispose();
        throw new LatentException($"{file} has {table.RowLength} columns to read, but the first table has {RowLength}.");
    }

    private static bool ReadTable(RowSource table, string file, RowBatch batch, CancellationToken cancellation)
    {
        var (rows, inputs) = (batch.Count, batch.Consumed);
        table.Read(batch, cancellation);
        for (; rows < batch.Count; rows++)
            batch.Kept[rows] = [file, .. batch.Kept[rows] ?? []];
        return batch.Consumed > inputs;
    }

    private void Close()
    {
        _table?.Dispose();
        _table = null;
    }
}
