using System.Numerics;
using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>(x - A) * B of each slot; or the normal distribution's cumulative probability of x with mean A and deviation B.</summary>
internal sealed record NormalizedColumn(string Output, string Input, bool IsCdf, double[] A, double[] B);

public sealed class NormalizingTransformer : RowToRowTransformerBase
{
    internal const string Signature = "Normalizer";
    private readonly NormalizedColumn[] _columns;

    internal NormalizingTransformer(NormalizedColumn[] columns) => _columns = columns;

    internal static ITransformer Load(ModelLoadContext ctx)
    {
        var reader = ctx.Reader;
        var columns = reader.Read(() => new NormalizedColumn(
            reader.ReadName(), reader.ReadName(), reader.ReadBoolean(), reader.Read(reader.ReadDouble), reader.Read(reader.ReadDouble)));
        return Array.Find(columns, column => column.A.Length == 0 || column.A.Length != column.B.Length) is { } odd
            ? throw new FormatException($"Column '{ModelLoaders.Shown(odd.Output)}' is normalized by {odd.A.Length} offsets and {odd.B.Length} factors.")
            : new NormalizingTransformer(columns);
    }

    private protected override RowMapper CreateMapper(DataViewSchema inputSchema) => new Mapper(inputSchema, _columns);

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.Sign(Signature);
        ctx.Writer.Write(_columns, column =>
        {
            ctx.Writer.Write(column.Output);
            ctx.Writer.Write(column.Input);
            ctx.Writer.Write(column.IsCdf);
            ctx.Writer.Write(column.A, ctx.Writer.Write);
            ctx.Writer.Write(column.B, ctx.Writer.Write);
        });
    }

    private sealed class Mapper(DataViewSchema inputSchema, NormalizedColumn[] columns)
        : OneToOneMapper(inputSchema, [.. columns.Select(column => Bind(inputSchema, column).Index)])
    {
        public override IReadOnlyList<DataViewSchema.DetachedColumn> Outputs { get; } = [.. columns
            .Select(column => OutputOf(inputSchema[column.Input], column.Output))];

        protected override Delegate CreateGetter(DataViewRow row, DataViewSchema.Column input, int output) => (Delegate)RowGetters.Invoke(
            input.Type is VectorDataViewType ? Vector<float> : Scalar<float>, input.Type.ItemType().RawType, row, input, columns[output]);

        private static DataViewSchema.Column Bind(DataViewSchema schema, NormalizedColumn column)
        {
            var input = ColumnPairs.Input(schema, column.Input);
            var isReal = input.Type.ItemType() == NumberDataViewType.Single || input.Type.ItemType() == NumberDataViewType.Double;
            if (!isReal || input.Type.ValueCount() != column.A.Length)
                throw SchemaErrors.Mismatch("inputSchema", "input", column.Input, $"{column.A.Length} values of Single or Double",
                    input.Type.ToString()!);
            return input;
        }

        private static DataViewSchema.DetachedColumn OutputOf(DataViewSchema.Column input, string name) =>
            new(name, input.Type, AnnotationKinds.Build(builder =>
        {
            builder.Add(input.Annotations, kind => kind == AnnotationKinds.SlotNames);
            builder.AddIsNormalized();
        }));

        private static ValueGetter<T> Scalar<T>(DataViewRow row, DataViewSchema.Column input, NormalizedColumn column)
            where T : IFloatingPointIeee754<T>
        {
            var getter = row.GetGetter<T>(input);
            return (ref T destination) =>
            {
                getter(ref destination);
                destination = Normalize(destination, column, 0);
            };
        }

        private static ValueGetter<VBuffer<T>> Vector<T>(DataViewRow row, DataViewSchema.Column input, NormalizedColumn column)
            where T : IFloatingPointIeee754<T>
        {
            var getter = row.GetGetter<VBuffer<T>>(input);
            VBuffer<T> source = default;
            return (ref VBuffer<T> destination) =>
            {
                getter(ref source);
                source.CopyToDense(ref destination);
                var editor = VBufferEditor.CreateFromBuffer(ref destination);
                for (var slot = 0; slot < editor.Values.Length; slot++)
                    editor.Values[slot] = Normalize(editor.Values[slot], column, slot);
                destination = editor.Commit();
            };
        }

        private static T Normalize<T>(T value, NormalizedColumn column, int slot)
            where T : IFloatingPointIeee754<T>
        {
            if (!column.IsCdf)
                return (value - T.CreateChecked(column.A[slot])) * T.CreateChecked(column.B[slot]);
            if (column.B[slot] == 0 || !T.IsFinite(value))
                return T.Zero;
            // Winitzki's approximation of erf, as ML.NET has it.
            const double A = 0.147;
            var x = (double.CreateChecked(value) - column.A[slot]) / column.B[slot];
            var half = x * x / 2;
            return T.CreateChecked(0.5 + (Math.CopySign(0.5, x) * Math
                .Sqrt(1 - Math.Exp(-half * ((4 / Math.PI) + (A * half)) / (1 + (A * half))))));
        }
    }
}
