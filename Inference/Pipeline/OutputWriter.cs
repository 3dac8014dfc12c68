using Latent.Inference.Scoring;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Latent.Inference.Pipeline;

/// <summary>Makes the values of the added columns out of the outputs of a run.</summary>
/// <param name="tensors">The graph's outputs, in the runner's order.</param>
/// <param name="rowId">The id of the current row.</param>
internal sealed class OutputWriter(string[] tensors, Func<DataViewRowId> rowId)
{
    /// <summary>Makes a getter of a column's value in the current row; <paramref name="current"/> throws when there is none.</summary>
    public Delegate Getter(OutputColumn column, Func<(GraphRunner Runner, int Row)> current)
    {
        var slots = column.Tensors.Select(t => Array.IndexOf(tensors, t)).Where(i => i >= 0).ToArray();
        if (column.IsScalar)
        {
            return (ValueGetter<float>)(
                (ref float value) =>
                {
                    var (runner, row) = current();
                    value = 0;
                    foreach (var slot in slots)
                        value += runner.Output(slot, row)[0];
                }
            );
        }

        var length = column.Shape.Aggregate((a, b) => a * b);
        return (ValueGetter<VBuffer<float>>)(
            (ref VBuffer<float> value) =>
            {
                var (runner, row) = current();
                var editor = VBufferEditor.Create(ref value, length);
                Write(runner, column, slots, row, editor.Values);
                value = editor.Commit();
            }
        );
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
            case OutputKind.FeatureErrors:
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
