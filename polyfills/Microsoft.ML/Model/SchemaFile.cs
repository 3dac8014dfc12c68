namespace Microsoft.ML.Data;

/// <summary>A schema in a model's zip: names, types and the annotations whose values are text or a flag.</summary>
internal static class SchemaFile
{
    private const byte Known = 0;
    private const byte Key = 1;
    private const byte RowId = 2;

    public static void Write(BinaryWriter writer, DataViewSchema schema) => writer.Write([.. schema], column =>
    {
        writer.Write(column.Name);
        WriteType(writer, column.Type);
        writer.Write(column.HasSlotNames());
        if (column.HasSlotNames())
        {
            VBuffer<ReadOnlyMemory<char>> names = default;
            column.GetSlotNames(ref names);
            writer.Write([.. names.DenseValues()], name => writer.Write(name.ToString()));
        }

        writer.Write(column.IsNormalized());
    });

    public static DataViewSchema Read(BinaryReader reader)
    {
        var builder = new DataViewSchema.Builder();
        foreach (var column in reader.Read(() => ReadColumn(reader)))
            builder.AddColumn(column.Name, column.Type, column.Annotations);
        return builder.ToSchema();
    }

    private static DataViewSchema.DetachedColumn ReadColumn(BinaryReader reader)
    {
        var (name, type) = (reader.ReadString(), ReadType(reader));
        var slots = reader.ReadBoolean() ? reader.Read(reader.ReadString) : null;
        var normalized = reader.ReadBoolean();
        return new(name, type, AnnotationKinds.Build(builder =>
        {
            if (slots is not null)
                builder.AddSlotNames(slots);
            if (normalized)
                builder.AddIsNormalized();
        }));
    }

    public static void WriteType(BinaryWriter writer, DataViewType type)
    {
        var item = type.ItemType();
        writer.Write(item is KeyDataViewType ? Key : item is RowIdDataViewType ? RowId : Known);
        if (item is not RowIdDataViewType)
        {
            writer.Write((byte)(KnownTypes.KindOf(item.RawType)
                ?? throw new InvalidOperationException($"A column of type {type} can't be written into a model's schema.")));
        }

        if (item is KeyDataViewType key)
            writer.Write(key.Count);
        writer.Write(type is VectorDataViewType vector ? [.. vector.Dimensions] : Array.Empty<int>(), writer.Write);
    }

    public static DataViewType ReadType(BinaryReader reader)
    {
        var form = reader.ReadByte();
        PrimitiveDataViewType item = form == RowId ? RowIdDataViewType.Instance : KnownTypes.FromKind((DataKind)reader.ReadByte());
        if (form == Key)
            item = new KeyDataViewType(item.RawType, reader.ReadUInt64());
        var dimensions = reader.Read(reader.ReadInt32);
        return dimensions.Length > 0 ? new VectorDataViewType(item, dimensions) : item;
    }
}
