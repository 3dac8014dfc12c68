using Latent.CommandLine;
using Latent.Contracts;
using Latent.Contracts.Tables;
using Latent.Data.Rows;
using Latent.Data.Tables;
using Latent.Scorer.Commands;
using Latent.Scorer.Reporting;

namespace Latent.Scorer.Outputs;

/// <summary>
/// Counts rows and their codes by the bins of the training rows, and writes what comes of it as a table if that is asked for.
/// </summary>
internal sealed class DriftSink : RowSink
{
    private readonly TableDescription _table;
    private readonly TrainingDistribution _training;
    private readonly CellCounter[] _columns;
    private readonly CellCounter[] _codes;
    private readonly double _limit;
    private readonly CsvSink? _output;
    private long _rows;

    public DriftSink(ScoreSettings settings, LatentBundle bundle)
    {
        _training =
            bundle.Manifest.Training
            ?? throw new LatentException(
                $"The bundle {bundle.Name} doesn't say how its training rows are distributed, so that new rows can't be compared with them; drift needs a bundle of the recipe table, trained by this version."
            );
        (_table, _limit) = (bundle.Manifest.Input.Table!, settings.Limit);
        _columns = [.. _table.Columns.Select((column, i) => new CellCounter(_training.Columns[i].Edges, column.Levels?.Count ?? 0))];
        _codes = [.. _training.Codes.Select(code => new CellCounter(code.Edges))];
        if (!settings.HasOutput)
            return;
        if (settings.Output != "-" && !Sinks.IsTable(settings.Output))
        {
            throw new UsageException(
                $"--output is {settings.Output}; it must end in .csv, .csv.gz or .csv.zst, or be - for standard output."
            );
        }

        _output = new CsvSink(settings.Output, DriftReport.KeptNames, DriftReport.Columns, numbered: false);
    }

    /// <summary>Gets what came of it; null before all rows are counted.</summary>
    public DriftReport? Report { get; private set; }

    public override void Write(RowBatch batch)
    {
        for (var row = 0; row < batch.Count; row++)
        {
            Add(_columns, batch.Row(row));
            Add(_codes, batch.Result(row));
        }

        _rows += batch.Count;

        static void Add(CellCounter[] counters, ReadOnlySpan<float> values)
        {
            for (var i = 0; i < counters.Length; i++)
                counters[i].Add(values[i]);
        }
    }

    public override void Complete()
    {
        if (_rows == 0)
            throw new LatentException("The input has no rows that could be read, so that nothing can be compared with the training rows.");
        Report = new DriftReport(
            _table,
            _training,
            [.. _columns.Select(counter => counter.Distribution())],
            [.. _codes.Select(counter => counter.Distribution())],
            _limit
        );
        _output?.Write(Report.Batch());
        _output?.Complete();
    }

    public override void Dispose() => _output?.Dispose();
}
