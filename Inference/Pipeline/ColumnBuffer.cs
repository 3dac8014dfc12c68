using Microsoft.ML;
using Microsoft.ML.Data;

namespace Latent.Inference.Pipeline;

/// <summary>Holds a column's values of the rows that were read ahead.</summary>
internal abstract class ColumnBuffer
{
    public static ColumnBuffer Create(DataViewRow source, DataViewSchema.Column column, int capacity, Func<int> current)
    {
        var raw = column.Type.RawType;
        var type =
            raw.IsGenericType && raw.GetGenericTypeDefinition() == typeof(VBuffer<>)
                ? typeof(VectorBuffer<>).MakeGenericType(raw.GenericTypeArguments)
                : typeof(ValueBuffer<>).MakeGenericType(raw);
        return (ColumnBuffer)Activator.CreateInstance(type, source, column, capacity, current)!;
    }

    public abstract Delegate Getter { get; }

    public abstract void Read(int slot);
}

/// <summary>Holds a column's values of the rows that were read ahead.</summary>
internal abstract class ColumnBuffer<T>(DataViewRow source, DataViewSchema.Column column, int capacity) : ColumnBuffer
{
    private readonly ValueGetter<T> _source = source.GetGetter<T>(column);

    public T[] Values { get; } = new T[capacity];

    public override void Read(int slot) => _source(ref Values[slot]);
}

/// <summary>Holds vectors, whose arrays are reused and copied out.</summary>
internal sealed class VectorBuffer<T>(DataViewRow source, DataViewSchema.Column column, int capacity, Func<int> current)
    : ColumnBuffer<VBuffer<T>>(source, column, capacity)
{
    public override Delegate Getter => (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) => Values[current()].CopyTo(ref value));
}

/// <summary>Holds all other values.</summary>
internal sealed class ValueBuffer<T>(DataViewRow source, DataViewSchema.Column column, int capacity, Func<int> current)
    : ColumnBuffer<T>(source, column, capacity)
{
    public override Delegate Getter => (ValueGetter<T>)((ref T value) => value = Values[current()]);

    public override void Read(int slot)
    {
        // The source may dispose what it is given to replace, and the last value was handed out and may still be in use.
        Values[slot] = default!;
        base.Read(slot);
    }
}
