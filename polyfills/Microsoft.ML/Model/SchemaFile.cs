namespace Microsoft.ML.Data;

/// <summary>A schema in a model's zip. Columns and annotations of types that can't be written, such as images, are left out.</summary>
internal static class SchemaFile
{
    private const byte Known = 0;
    private const byte Key = 1;
    private const byte RowId = 2;

    public static void Write(BinaryWriter writer, DataViewSchema schema) => writer.Write([.. schema.Where(CanWrite)], column =>
    {
        writer.Write(column.Name);
        WriteType(writer, column.Type);
        var annotations = column.Annotations;
        writer.Write([.. annotations.Schema.Where(HasText)], annotation =>
        {
            writer.Write(annotation.Name);
            WriteType(writer, annotation.Type);
            writer.Write((string[])RowGetters.Invoke(annotation.Type is VectorDataViewType ? Texts<int> : Text<int>,
                annotation.Type.ItemType().RawType, annotations, annotation.Name), writer.Write);
        });
    });

    public static DataViewSchema Read(BinaryReader reader)
    {
        var builder = new DataViewSchema.Builder();
        reader.Read(() =>
        {
            var (name, type) = (reader.ReadString(), ReadType(reader));
            var annotations = new DataViewSchema.Annotations.Builder();
            reader.Read(() => ReadAnnotation(reader, annotations));
            builder.AddColumn(name, type, annotations.ToAnnotations());
            return name;
        });
        return builder.ToSchema();
    }

    public static void WriteType(BinaryWriter writer, DataViewType type)
    {
        var item = type.ItemType();
        writer.Write(item is KeyDataViewType ? Key : item is RowIdDataViewType ? RowId : Known);
        if (item is not RowIdDataViewType)
            writer.Write((byte)KnownTypes.KindOf(item.RawType)!.Value);
        if (item is KeyDataViewType key)
            writer.Write(key.Count);
        writer.Write(type is VectorDataViewType vector ? [.. vector.Dimensions] : Array.Empty<int>(), writer.Write);
    }

    public static DataViewType ReadType(BinaryReader reader)
    {
        var form = reader.ReadByte();
        if (form > RowId)
            throw new FormatException($"A type is written in form {form}, and there are {Known} to {RowId}.");
        PrimitiveDataViewType item = form == RowId ? RowIdDataViewType.Instance : KnownTypes.FromKind((DataKind)reader.ReadByte());
        if (form == Key)
            item = new KeyDataViewType(item.RawType, reader.ReadUInt64());
        var dimensions = reader.Read(reader.ReadInt32);
        return dimensions.Length > 0 ? new VectorDataViewType(item, dimensions) : item;
    }

    private static bool CanWrite(DataViewSchema.Column column) =>
        column.Type.ItemType() is PrimitiveDataViewType item && (item is RowIdDataViewType || KnownTypes.KindOf(item.RawType) is not null);

    private static bool HasText(DataViewSchema.Column annotation) =>
        CanWrite(annotation) && annotation.Type.ItemType() is not RowIdDataViewType;

    private static string[] Text<T>(DataViewSchema.Annotations annotations, string kind)
    {
        T value = default!;
        annotations.GetValue(kind, ref value);
        return [ValueText.Of(value)];
    }

    private static string[] Texts<T>(DataViewSchema.Annotations annotations, string kind)
    {
        VBuffer<T> value = default;
        annotations.GetValue(kind, ref value);
        return [.. value.DenseValues().Select(ValueText.Of)];
    }

    private static string ReadAnnotation(BinaryReader reader, DataViewSchema.Annotations.Builder builder)
    {
        var (kind, type, texts) = (reader.ReadString(), ReadType(reader), reader.Read(reader.ReadString));
        if (texts.Length != type.ValueCount() || type.ItemType() is RowIdDataViewType)
            throw new FormatException($"Annotation '{ModelLoaders.Shown(kind)}' of type {type} has {texts.Length} values.");
        RowGetters.Invoke(AddAnnotation<int>, type.ItemType().RawType, builder, kind, type, texts);
        return kind;
    }

    private static bool AddAnnotation<T>(DataViewSchema.Annotations.Builder builder, string kind, DataViewType type, string[] texts)
    {
        T[] values = [.. texts.Select(ValueText.Parse<T>)];
        if (type is VectorDataViewType)
            builder.Add(kind, type, (ref VBuffer<T> destination) => VBuffer<T>.Copy(values, 0, ref destination, values.Length));
        else
            builder.Add(kind, type, (ref T destination) => destination = values[0]);
        return true;
    }
}
