using System.Globalization;
using System.Numerics;
using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

public sealed class TypeConvertingEstimator : TrivialEstimator<TypeConvertingTransformer>
{
    internal TypeConvertingEstimator(TypeConvertingTransformer transformer)
        : base(transformer)
    {
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return inputSchema.With(Transformer.Columns.Select(column =>
        {
            var input = inputSchema.Input(column.Input);
            if (!TypeConvertingTransformer.CanConvert(input.ItemType, Transformer.Kind))
                throw new ArgumentOutOfRangeException(nameof(inputSchema),
                    $"Column '{input.Name}' of type {input.TypeString} can't be converted to {Transformer.Kind}.");
            return new SchemaShape.Column(column.Output, input.Kind, KnownTypes.FromKind(Transformer.Kind), false, input.Annotations);
        }));
    }
}

public sealed class TypeConvertingTransformer : RowToRowTransformerBase
{
    internal const string Signature = "TypeConvertTransform";

    internal TypeConvertingTransformer((string Output, string Input)[] columns, DataKind kind)
    {
        Columns = columns;
        Kind = kind;
    }

    internal (string Output, string Input)[] Columns { get; }

    internal DataKind Kind { get; }

    internal static ITransformer Load(ModelLoadContext ctx)
    {
        var (columns, kind) = (ctx.ReadPairs(), (DataKind)ctx.Reader.ReadByte());
        return Enum.IsDefined(kind)
            ? new TypeConvertingTransformer(columns, kind)
            : throw new FormatException($"There is no data kind {kind} to convert to.");
    }

    // ML.NET's own table: no real becomes whole, and no signed number unsigned or the other way.
    internal static bool CanConvert(DataViewType source, DataKind kind)
    {
        var target = KnownTypes.FromKind(kind);
        var to = FamilyOf(target);
        return source is KeyDataViewType key
            ? to is Family.Unsigned && key.Count <= KeyDataViewType.MaxCount(target.RawType)
            : FamilyOf(source) switch
            {
                Family.Signed or Family.Flag => to is Family.Signed or Family.Real or Family.Flag or Family.Text,
                Family.Unsigned => to is Family.Unsigned or Family.Real or Family.Flag or Family.Text,
                Family.Real => to is Family.Real or Family.Flag or Family.Text,
                Family.Time => to is Family.Real or Family.Text || kind is DataKind.Int64
                    || (kind is DataKind.DateTime && source is DateTimeDataViewType),
                Family.Text => true,
                _ => false,
            };
    }

    private static Family FamilyOf(DataViewType item) => Type.GetTypeCode(item.RawType) switch
    {
        TypeCode.SByte or TypeCode.Int16 or TypeCode.Int32 or TypeCode.Int64 => Family.Signed,
        TypeCode.Byte or TypeCode.UInt16 or TypeCode.UInt32 or TypeCode.UInt64 => Family.Unsigned,
        TypeCode.Single or TypeCode.Double => Family.Real,
        TypeCode.Boolean => Family.Flag,
        _ => item switch
        {
            TextDataViewType => Family.Text,
            TimeSpanDataViewType or DateTimeDataViewType or DateTimeOffsetDataViewType => Family.Time,
            _ => Family.Other,
        },
    };

    private enum Family
    {
        Signed,
        Unsigned,
        Real,
        Flag,
        Text,
        Time,
        Other,
    }

    private protected override RowMapper CreateMapper(DataViewSchema inputSchema) =>
        new Mapper(inputSchema, Columns, KnownTypes.FromKind(Kind));

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.Sign(Signature);
        ctx.WritePairs(Columns);
        ctx.Writer.Write((byte)Kind);
    }

    private sealed class Mapper : ItemMapper
    {
        private readonly PrimitiveDataViewType _item;

        public Mapper(DataViewSchema inputSchema, (string Output, string Input)[] columns, PrimitiveDataViewType item)
            : base(inputSchema, columns)
        {
            _item = item;
            foreach (var column in columns)
            {
                if (!CanConvert(inputSchema[column.Input].Type.ItemType(), KnownTypes.KindOf(item.RawType)!.Value))
                    throw SchemaErrors.Mismatch(nameof(inputSchema), "input", column.Input, $"a type that {item} can be made of",
                        inputSchema[column.Input].Type.ToString()!);
            }

            Outputs = [.. columns.Select(column =>
                OutputOf(column.Output, inputSchema[column.Input], item))];
        }

        public override IReadOnlyList<DataViewSchema.DetachedColumn> Outputs { get; }

        protected override Delegate CreateGetter(DataViewRow row, DataViewSchema.Column input, int output)
        {
            var source = input.Type.ItemType();
            if (source.RawType == _item.RawType)
                return RowGetters.Untyped(row, input);
            return (source, _item) switch
            {
                (TextDataViewType, _) => (Delegate)RowGetters.Invoke(FromText<int>, _item.RawType, row, input),
                (BooleanDataViewType, TextDataViewType) =>
                    Getter<bool, ReadOnlyMemory<char>>(row, input, flag => (flag ? "True" : "False").AsMemory()),
                (BooleanDataViewType, _) => (Delegate)RowGetters.Invoke(FromFlag<int>, _item.RawType, row, input),
                _ when FamilyOf(source) is Family.Time => (Delegate)RowGetters.Invoke(FromTime<TimeSpan>, source.RawType, row, input),
                (_, TextDataViewType) => (Delegate)RowGetters.Invoke(ToText<int>, source.RawType, row, input),
                (_, BooleanDataViewType) => (Delegate)RowGetters.Invoke(ToFlag<int>, source.RawType, row, input),
                _ => (Delegate)RowGetters.Invoke(FromNumber<int>, source.RawType, row, input),
            };
        }

        private static DataViewSchema.DetachedColumn OutputOf(string name, DataViewSchema.Column input, PrimitiveDataViewType item)
        {
            var source = input.Type.ItemType();
            if (source is KeyDataViewType key)
                item = new KeyDataViewType(item.RawType, key.Count);
            return new(name, WithItems(input.Type, item), AnnotationKinds.Build(builder =>
            {
                builder.Add(input.Annotations, kind => kind switch
                {
                    AnnotationKinds.SlotNames => input.Type is VectorDataViewType { IsKnownSize: true },
                    AnnotationKinds.KeyValues => item is KeyDataViewType,
                    AnnotationKinds.IsNormalized => source is NumberDataViewType && item is NumberDataViewType,
                    _ => false,
                });
                if (input.Type is BooleanDataViewType && item is NumberDataViewType)
                    builder.AddIsNormalized();
            }));
        }

        private Delegate FromText<T>(DataViewRow row, DataViewSchema.Column input)
        {
            var parse = FieldParsers.Of<T>(_item, new TextLoader.Options());
            var mustRead = FamilyOf(_item) is Family.Signed;
            return Getter<ReadOnlyMemory<char>, T>(row, input, text => parse(text, out var value) || !mustRead ? value
                : throw new InvalidOperationException($"Column '{input.Name}' has the text '{text}', which is no {_item}."));
        }

        private static Delegate FromFlag<T>(DataViewRow row, DataViewSchema.Column input)
            where T : INumberBase<T> =>
            Getter<bool, T>(row, input, flag => flag ? T.One : T.Zero);

        private static Delegate ToText<T>(DataViewRow row, DataViewSchema.Column input)
            where T : INumberBase<T>
        {
            // ML.NET's digits: a text may stand for a number nearby.
            var format = typeof(T) == typeof(float) ? "G7" : typeof(T) == typeof(double) ? "G17" : null;
            return Getter<T, ReadOnlyMemory<char>>(row, input, number => number.ToString(format, CultureInfo.InvariantCulture).AsMemory());
        }

        private Delegate FromTime<T>(DataViewRow row, DataViewSchema.Column input)
            where T : notnull => Type.GetTypeCode(_item.RawType) switch
            {
                TypeCode.Int64 => Getter<T, long>(row, input, Ticks),
                TypeCode.Single => Getter<T, float>(row, input, time => Ticks(time)),
                TypeCode.Double => Getter<T, double>(row, input, time => Ticks(time)),
                _ => Getter<T, ReadOnlyMemory<char>>(row, input, time => ValueText.Of(time).AsMemory()),
            };

        private static long Ticks<T>(T time) => time switch
        {
            TimeSpan span => span.Ticks,
            DateTime date => date.Ticks,
            DateTimeOffset date => date.UtcTicks,
            _ => throw new InvalidOperationException($"{typeof(T)} is no time."),
        };

        private static Delegate ToFlag<T>(DataViewRow row, DataViewSchema.Column input)
            where T : INumberBase<T> =>
            Getter<T, bool>(row, input, number => !T.IsZero(number));

        private Delegate FromNumber<TIn>(DataViewRow row, DataViewSchema.Column input)
            where TIn : INumberBase<TIn> =>
            Type.GetTypeCode(_item.RawType) switch
            {
                TypeCode.SByte => ToNumber<TIn, sbyte>(row, input),
                TypeCode.Byte => ToNumber<TIn, byte>(row, input),
                TypeCode.Int16 => ToNumber<TIn, short>(row, input),
                TypeCode.UInt16 => ToNumber<TIn, ushort>(row, input),
                TypeCode.Int32 => ToNumber<TIn, int>(row, input),
                TypeCode.UInt32 => ToNumber<TIn, uint>(row, input),
                TypeCode.Int64 => ToNumber<TIn, long>(row, input),
                TypeCode.UInt64 => ToNumber<TIn, ulong>(row, input),
                TypeCode.Single => ToNumber<TIn, float>(row, input),
                _ => ToNumber<TIn, double>(row, input),
            };

        // Unsigned numbers too large are 0, the missing value of keys; signed ones lose their upper bits.
        private static Delegate ToNumber<TIn, TOut>(DataViewRow row, DataViewSchema.Column input)
            where TIn : INumberBase<TIn>
            where TOut : INumberBase<TOut> =>
            FamilyOf(KnownTypes.Find(typeof(TOut))!) is Family.Unsigned
                ? Getter<TIn, TOut>(row, input, number =>
                    TOut.CreateTruncating(number) is var value && TIn.CreateTruncating(value) == number ? value : TOut.Zero)
                : Getter<TIn, TOut>(row, input, TOut.CreateTruncating);
    }
}
