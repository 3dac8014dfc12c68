using Latent.Inference.Scoring;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Latent.Inference.Pipeline;

/// <summary>Makes the values of the added columns out of the outputs of a run.</summary>
/// <param name="tensors">The graph's outputs, in the runner's order.</param>
/// <param name="rowId">The id of the current row.</param>
/// <param name="words">The words of the current row that no training row has, by column of a table.</param>
internal sealed class OutputWriter(string[] tensors, Func<DataViewRowId> rowId, Func<Span<string?>> words)
{
    /// <summary>Makes a getter of a column's value in the current row; <paramref name="current"/> throws when there is none.</summary>
    public Delegate Getter(OutputColumn column, Func<(GraphRunner Runner, int Row)> current)
    {
        var slots = column.Tensors.Select(t => Array.IndexOf(tensors, t)).Where(i => i >= 0).ToArray();
        return column.Kind switch
        {
            // Without a score a row is an anomaly: it is not known to be normal.
            OutputKind.IsAnomaly => (ValueGetter<bool>)(
                (ref bool value) => value = !(Sum(current(), slots) is var score && float.IsFinite(score) && score < column.Threshold)
            ),
            OutputKind.PValue => (ValueGetter<float>)((ref float value) => value = (float)column.Scores!.PValue(Sum(current(), slots))),
            OutputKind.Explanation => Explanations(column, slots, current),
            OutputKind.Cell => Cells(column, slots[0], current),
            _ when column.IsScalar => (ValueGetter<float>)((ref float value) => value = Sum(current(), slots)),
            _ => Vectors(column, slots, current),
        };
    }

    private static float Sum((GraphRunner Runner, int Row) current, int[] slots)
    {
        var sum = 0f;
        foreach (var slot in slots)
            sum += current.Runner.Output(slot, current.Row)[0];
        return sum;
    }

    private ValueGetter<ReadOnlyMemory<char>> Explanations(OutputColumn column, int[] slots, Func<(GraphRunner Runner, int Row)> current)
    {
        var explanation = new Explanation(column.Table!, column.Explanations);
        return (ref ReadOnlyMemory<char> value) =>
        {
            var (runner, row) = current();
            value = explanation.Of(runner.InputRow(row), runner.Output(slots[0], row), runner.Output(slots[1], row), words()).AsMemory();
        };
    }

    private static Delegate Cells(OutputColumn column, int slot, Func<(GraphRunner Runner, int Row)> current)
    {
        var (index, cells) = (column.Column, new CellValues(column.Table!.Columns[column.Column], column.IsDrawn));
        return column.Type switch
        {
            TextDataViewType => (ValueGetter<ReadOnlyMemory<char>>)((ref ReadOnlyMemory<char> value) => value = cells.Word(Cell())),
            DateTimeDataViewType => (ValueGetter<DateTime>)((ref DateTime value) => value = cells.Moment(Cell())),
            _ => (ValueGetter<float>)((ref float value) => value = cells.Number(Cell())),
        };

        float Cell()
        {
            var (runner, row) = current();
            return runner.Output(slot, row)[index];
        }
    }

    private ValueGetter<VBuffer<float>> Vectors(OutputColumn column, int[] slots, Func<(GraphRunner Runner, int Row)> current)
    {
        var length = column.Shape.Aggregate((a, b) => a * b);
        return (ref VBuffer<float> value) =>
        {
            var (runner, row) = current();
            var editor = VBufferEditor.Create(ref value, length);
            Write(runner, column, slots, row, editor.Values);
            value = editor.Commit();
        };
    }

    private void Write(GraphRunner runner, OutputColumn column, int[] slots, int row, Span<float> values)
    {
        var first = runner.Output(slots[0], row);
        switch (column.Kind)
        {
            case OutputKind.Sample:
                var id = rowId();
                Philox.Normal(column.Seed, id.Low, id.High, values);
                var logVariance = runner.Output(slots[1], row);
                for (var i = 0; i < values.Length; i++)
                    values[i] = first[i] + MathF.Exp(0.5f * logVariance[i]) * values[i];
                break;
            case OutputKind.FeatureErrors when column.Table is null:
                var input = runner.InputRow(row);
                for (var i = 0; i < values.Length; i++)
                    values[i] = (input[i] - first[i]) * (input[i] - first[i]);
                break;
            default:
                first.CopyTo(values);
                break;
        }
    }
}
