namespace Microsoft.ML.Data;

/// <summary>Writes columns of a row into the members of a user's objects.</summary>
internal sealed class ObjectFiller<TRow>
    where TRow : class
{
    private readonly (DataViewSchema.Column Source, MemberColumn Target, Delegate? Peek, Delegate Poke)[] _columns;

    public ObjectFiller(DataViewSchema schema, bool ignoreMissingColumns, SchemaDefinition? definition)
    {
        var columns = new List<(DataViewSchema.Column, MemberColumn, Delegate?, Delegate)>();
        foreach (var target in MemberColumn.Of(typeof(TRow), definition, SchemaDefinition.Direction.Write))
        {
            if (schema.GetColumnOrNull(target.Name) is not { } source)
            {
                if (ignoreMissingColumns)
                    continue;
                throw SchemaErrors.Missing("Schema", "", target.Name);
            }

            var (item, isVector) = SchemaDefinition.ItemTypeOf(target.Member);
            if (isVector != source.Type is VectorDataViewType || source.Type.ItemType().RawType != item)
            {
                throw new InvalidOperationException(
                    $"Column '{source.Name}' of type {source.Type} can't be bound to member {target.Member.Name} of type {SchemaDefinition.MemberType(target.Member)}.");
            }

            // Vectors are written into the memory that the member has, so only they need be read.
            var peek = isVector ? RowGetters.Peek(typeof(TRow), target.Member) : null;
            columns.Add((source, target, peek, RowGetters.Poke(typeof(TRow), target.Member)));
        }

        _columns = [.. columns];
    }

    public IEnumerable<DataViewSchema.Column> Needed => _columns.Select(column => column.Source);

    /// <summary>What fills an object from the row's present values.</summary>
    public Action<TRow> CreateFill(DataViewRow row)
    {
        Action<TRow>[] setters = [.. _columns.Select(column => CreateSetter(row, column.Source, column.Target, column.Peek, column.Poke))];
        return target =>
        {
            foreach (var setter in setters)
                setter(target);
        };
    }

    private static Action<TRow> CreateSetter(DataViewRow row, DataViewSchema.Column source, MemberColumn target, Delegate? peek,
        Delegate poke)
    {
        var memberType = SchemaDefinition.MemberType(target.Member);
        if (memberType == typeof(string))
            return Text(row.GetGetter<ReadOnlyMemory<char>>(source), (Action<TRow, string>)poke);
        if (memberType == typeof(string[]))
            return Texts(row.GetGetter<VBuffer<ReadOnlyMemory<char>>>(source), (Func<TRow, string[]?>)peek!, (Action<TRow, string[]>)poke);
        if (memberType.IsArray)
            return (Action<TRow>)RowGetters.Invoke(Array<int>, memberType.GetElementType()!, row, source, peek, poke);
        return source.Type is VectorDataViewType vector
            ? (Action<TRow>)RowGetters.Invoke(Vector<int>, vector.ItemType.RawType, row, source, peek, poke)
            : (Action<TRow>)RowGetters.Invoke(Scalar<int>, memberType, row, source, poke);
    }

    private static Action<TRow> Text(ValueGetter<ReadOnlyMemory<char>> getter, Action<TRow, string> poke)
    {
        ReadOnlyMemory<char> value = default;
        return target =>
        {
            getter(ref value);
            poke(target, value.ToString());
        };
    }

    private static Action<TRow> Texts(ValueGetter<VBuffer<ReadOnlyMemory<char>>> getter, Func<TRow, string[]?> peek,
        Action<TRow, string[]> poke)
    {
        VBuffer<ReadOnlyMemory<char>> value = default;
        return target =>
        {
            getter(ref value);
            if (value.Length > 0 || peek(target) is { Length: > 0 })
                poke(target, [.. value.DenseValues().Select(text => text.ToString())]);
        };
    }

    private static Action<TRow> Array<T>(DataViewRow row, DataViewSchema.Column source, Func<TRow, T[]?> peek, Action<TRow, T[]> poke)
    {
        var getter = row.GetGetter<VBuffer<T>>(source);
        VBuffer<T> value = default;
        return target =>
        {
            getter(ref value);
            // A member that is null stays so where the vector is empty.
            var array = peek(target);
            if ((array?.Length ?? 0) != value.Length)
                poke(target, array = new T[value.Length]);
            value.CopyTo(array);
        };
    }

    private static Action<TRow> Vector<T>(DataViewRow row, DataViewSchema.Column source, Func<TRow, VBuffer<T>> peek,
        Action<TRow, VBuffer<T>> poke)
    {
        var getter = row.GetGetter<VBuffer<T>>(source);
        return target =>
        {
            var value = peek(target);
            getter(ref value);
            poke(target, value);
        };
    }

    private static Action<TRow> Scalar<T>(DataViewRow row, DataViewSchema.Column source, Action<TRow, T> poke)
    {
        var getter = row.GetGetter<T>(source);
        return target =>
        {
            T value = default!;
            getter(ref value);
            poke(target, value);
        };
    }
}
