using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Contracts.Tables;
using Latent.Data.Rows;
using Latent.Data.Tables;
using Latent.Scorer.Commands;

namespace Latent.Scorer.Outputs;

/// <summary>
/// Takes rows of a table with columns of several kinds: words, dates, whole numbers where the column has those, and other numbers as the
/// model expects them. Samples stay between the least and the largest number of the training rows.
/// </summary>
internal sealed class CellResults : RowResults
{
    private readonly TableDescription _table;
    private readonly CellText _texts;
    private readonly ResultColumn[] _columns;
    private readonly bool _isSample;

    public CellResults(TableDescription table, Operation operation)
        : base(operation == Operation.Sample ? BundleRole.Decoder : BundleRole.Autoencoder, TensorNames.Output)
    {
        (_table, _texts, _isSample) = (table, new CellText(table), operation == Operation.Sample);
        _columns = new ResultColumn[table.Columns.Count];
        foreach (var (i, column) in table.Columns.Index())
        {
            var kind = KindOf(column);
            _columns[i] = new ResultColumn(column.Name, kind, kind == ResultKind.Text ? Texts++ : Numbers++);
        }
    }

    public override int Numbers { get; }

    public override int Texts { get; }

    public override IReadOnlyList<ResultColumn> Columns(RowSource source) => _columns;

    public override void Take(GraphRunner runner, int row, RowBatch batch)
    {
        var cells = runner.Output(0, row);
        var numbers = batch.Result(row);
        var texts = batch.Texts(row);
        for (var i = 0; i < _columns.Length; i++)
        {
            var (cell, column) = (cells[i], _table.Columns[i]);
            if (_isSample && column is { Min: { } min, Max: { } max })
                cell = Math.Clamp(cell, (float)min, (float)max);
            switch (_columns[i].Kind)
            {
                case ResultKind.Text:
                    texts[_columns[i].Index] = _texts.Text(i, cell);
                    break;
                // Adding 0 makes -0 the 0 that it is.
                case ResultKind.Whole:
                    numbers[_columns[i].Index] = MathF.Round(cell, MidpointRounding.AwayFromZero) + 0f;
                    break;
                default:
                    numbers[_columns[i].Index] = cell;
                    break;
            }
        }
    }

    private static ResultKind KindOf(TableColumn column) =>
        column.Levels is not null
            ? ResultKind.Text
            : column.Kind switch
            {
                TableColumnKind.DateTime => ResultKind.Text,
                TableColumnKind.Integer or TableColumnKind.Boolean => ResultKind.Whole,
                _ => ResultKind.Number,
            };
}
