using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Microsoft.ML.Transforms.Onnx;

/// <summary>One Run a row, whose outputs all getters of the row share.</summary>
internal sealed class OnnxRowMapper : RowMapper
{
    private const string OutputSuffix = ".output";
    private readonly OnnxTransformer _transformer;
    private readonly DataViewSchema.Column[] _inputs;

    public OnnxRowMapper(DataViewSchema inputSchema, OnnxTransformer transformer)
        : base(inputSchema)
    {
        _transformer = transformer;
        _inputs = [.. transformer.Inputs.Select(variable => Bind(inputSchema, variable))];
        Outputs = [.. transformer.Outputs.Select(variable => new DataViewSchema.DetachedColumn(
            variable.Name.EndsWith(OutputSuffix, StringComparison.Ordinal) ? variable.Name[..^OutputSuffix.Length] : variable.Name,
            variable.Type))];
    }

    public override IReadOnlyList<DataViewSchema.DetachedColumn> Outputs { get; }

    public override IEnumerable<int> InputsOf(int output) => _inputs.Select(column => column.Index);

    public override Delegate?[] CreateGetters(DataViewRow row, bool[] active, ICollection<IDisposable> owned)
    {
        var inputs = _inputs.Select((column, i) => (Func<NamedOnnxValue>)RowGetters.Invoke(
            column.Type is VectorDataViewType ? CreateVector<int> : CreateScalar<int>,
            column.Type.ItemType().RawType, row, row.Schema[column.Index], _transformer.Inputs[i])).ToArray();
        var names = _transformer.Outputs.Where((_, i) => active[i]).Select(variable => variable.Name).ToArray();
        var run = new RowRun(row, _transformer.Model.Session, inputs, names);
        owned.Add(run);
        return [.. _transformer.Outputs.Select((variable, i) => active[i] ? CreateGetter(run, variable) : null)];
    }

    private static DataViewSchema.Column Bind(DataViewSchema schema, OnnxVariable variable)
    {
        if (variable.Shape.Count(d => d == 0) > 1)
            throw new ArgumentOutOfRangeException(variable.Name,
                $"Input '{variable.Name}' of the ONNX model has more than one unknown dimension besides the batch.");
        var column = ColumnPairs.Input(schema, variable.Name);
        if (column.Type.ItemType().RawType != variable.ItemType.RawType)
            throw SchemaErrors.Mismatch("inputSchema", "input", column.Name, variable.ItemType.ToString()!, column.Type.ToString()!);
        var size = variable.Shape.Aggregate(1, (product, d) => product * d);
        if (size > 0 && column.Type.ValueCount() % size != 0)
        {
            throw new InvalidOperationException(
                $"Input '{variable.Name}' of the ONNX model has shape {string.Join(",", variable.Shape)}, but column '{column.Name}' has {column.Type.ValueCount()} values.");
        }

        return column;
    }

    private static Func<NamedOnnxValue> CreateScalar<T>(DataViewRow row, DataViewSchema.Column column, OnnxVariable variable)
    {
        var getter = row.GetGetter<T>(column);
        return () =>
        {
            T value = default!;
            getter(ref value);
            return Tensor(variable.Name, [value], [1, 1]);
        };
    }

    private static Func<NamedOnnxValue> CreateVector<T>(DataViewRow row, DataViewSchema.Column column, OnnxVariable variable)
    {
        var getter = row.GetGetter<VBuffer<T>>(column);
        var known = variable.Shape.Where(d => d > 0).Aggregate(1, (product, d) => product * d);
        VBuffer<T> value = default;
        return () =>
        {
            getter(ref value);
            var dense = new T[value.Length];
            value.CopyTo(dense);
            return Tensor(variable.Name, dense, [.. variable.Shape.Select(d => d > 0 ? d : dense.Length / known)]);
        };
    }

    private static NamedOnnxValue Tensor<T>(string name, T[] values, int[] shape) => values is ReadOnlyMemory<char>[] texts
        ? NamedOnnxValue.CreateFromTensor(name, new DenseTensor<string>(texts.Select(text => text.ToString()).ToArray(), shape))
        : NamedOnnxValue.CreateFromTensor(name, new DenseTensor<T>(values, shape));

    private static Delegate CreateGetter(RowRun run, OnnxVariable variable)
    {
        if (variable.ItemType is not TextDataViewType)
        {
            return (Delegate)RowGetters.Invoke(
                variable.Type is VectorDataViewType ? VectorGetter<int> : ScalarGetter<int>, variable.ItemType.RawType, run, variable.Name);
        }

        return (ValueGetter<VBuffer<ReadOnlyMemory<char>>>)((ref VBuffer<ReadOnlyMemory<char>> destination) =>
        {
            var texts = run.Output<string>(variable.Name);
            var editor = VBufferEditor.Create(ref destination, texts.Length);
            for (var i = 0; i < texts.Length; i++)
                editor.Values[i] = texts[i].AsMemory();
            destination = editor.Commit();
        });
    }

    private static Delegate VectorGetter<T>(RowRun run, string name) => (ValueGetter<VBuffer<T>>)((ref VBuffer<T> destination) =>
    {
        var values = run.Output<T>(name);
        var editor = VBufferEditor.Create(ref destination, values.Length);
        values.CopyTo(editor.Values);
        destination = editor.Commit();
    });

    private static Delegate ScalarGetter<T>(RowRun run, string name) =>
        (ValueGetter<T>)((ref T destination) => destination = run.Output<T>(name)[0]);

    private sealed class RowRun(DataViewRow row, InferenceSession session, Func<NamedOnnxValue>[] inputs, string[] outputs) : IDisposable
    {
        private long _position = -1;
        private IDisposableReadOnlyCollection<DisposableNamedOnnxValue>? _results;

        public ReadOnlySpan<T> Output<T>(string name)
        {
            if (_results is null || _position != row.Position)
            {
                _results?.Dispose();
                _results = session.Run([.. inputs.Select(input => input())], outputs);
                _position = row.Position;
            }

            return ((DenseTensor<T>)_results.First(result => result.Name == name).AsTensor<T>()).Buffer.Span;
        }

        public void Dispose() => _results?.Dispose();
    }
}
