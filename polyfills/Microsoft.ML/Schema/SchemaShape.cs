using System.Collections;
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>What is known of a schema before the data is: names, kinds and item types, but no sizes.</summary>
public sealed class SchemaShape : IReadOnlyList<SchemaShape.Column>
{
    private static readonly SchemaShape s_empty = new([]);
    private readonly Column[] _columns;

    public SchemaShape(IEnumerable<Column> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        _columns = [.. columns];
        if (_columns.Any(column => column.Name is null))
            throw new ArgumentOutOfRangeException(nameof(columns), "A column of the shape is a default value that nobody made.");
    }

    public int Count => _columns.Length;

    public Column this[int index] => _columns[index];

    public IEnumerator<Column> GetEnumerator() => ((IEnumerable<Column>)_columns).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal static SchemaShape Create(DataViewSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        return new(schema.Where(column => !column.IsHidden)
            .Select(column => ColumnOf(column.Name, column.Type, AnnotationsOf(column.Annotations))));
    }

    internal static Column ColumnOf(string name, DataViewType type, SchemaShape? annotations = null)
    {
        var kind = type is not VectorDataViewType vector ? Column.VectorKind.Scalar
            : vector.IsKnownSize ? Column.VectorKind.Vector : Column.VectorKind.VariableVector;
        return type.ItemType() is KeyDataViewType key
            ? new(name, kind, KnownTypes.Find(key.RawType)!, true, annotations)
            : new(name, kind, type.ItemType(), false, annotations);
    }

    internal static SchemaShape AnnotationsOf(DataViewSchema.Annotations annotations) =>
        annotations.Schema.Count == 0 ? s_empty : new(annotations.Schema.Select(column => ColumnOf(column.Name, column.Type)));

    internal Column? Find(string name)
    {
        foreach (var column in _columns)
        {
            if (column.Name == name)
                return column;
        }

        return null;
    }

    /// <summary>The input column of an estimator, or what ML.NET throws where it is missing.</summary>
    internal Column Input(string name) => Find(name) ?? throw SchemaErrors.Missing("inputSchema", "input", name);

    /// <summary>This shape with some columns replaced or added.</summary>
    internal SchemaShape With(params IEnumerable<Column> columns)
    {
        var byName = _columns.ToDictionary(column => column.Name);
        foreach (var column in columns)
            byName[column.Name] = column;
        return new(byName.Values);
    }

    public struct Column
    {
        public readonly string Name;

        public readonly VectorKind Kind;

        public readonly DataViewType ItemType;

        public readonly bool IsKey;

        public readonly SchemaShape Annotations;

        internal Column(string name, VectorKind kind, DataViewType itemType, bool isKey, SchemaShape? annotations = null)
        {
            Name = name;
            Kind = kind;
            ItemType = itemType;
            IsKey = isKey;
            Annotations = annotations ?? s_empty;
        }

        public enum VectorKind
        {
            Scalar,
            Vector,
            VariableVector,
        }

        internal readonly string TypeString
        {
            get
            {
                var item = IsKey ? $"Key<{ItemType}>" : $"{ItemType}";
                return Kind switch { VectorKind.Vector => $"Vector<{item}>", VectorKind.VariableVector => $"VarVector<{item}>", _ => item };
            }
        }

        internal readonly Column Named(string name) => new(name, Kind, ItemType, IsKey, Annotations);
    }
}
