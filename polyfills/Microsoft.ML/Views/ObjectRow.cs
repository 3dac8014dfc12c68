namespace Microsoft.ML.Data;

/// <summary>Reads columns from the members of a user's objects.</summary>
internal sealed class ObjectRowReader<TRow>
    where TRow : class
{
    private readonly MemberColumn[] _columns;
    private readonly Delegate[] _peeks;

    public ObjectRowReader(MemberColumn[] columns)
    {
        _columns = columns;
        _peeks = [.. columns.Select(column => RowGetters.Peek(typeof(TRow), column.Member))];
        Schema = MemberColumn.Schema(columns);
    }

    public DataViewSchema Schema { get; }

    /// <summary>The getter of a column of the object that <paramref name="current"/> gives.</summary>
    public Delegate CreateGetter(int column, Func<TRow> current)
    {
        var memberType = SchemaDefinition.MemberType(_columns[column].Member);
        var peek = _peeks[column];
        if (memberType == typeof(string))
            return Text((Func<TRow, string?>)peek, current);
        if (memberType == typeof(string[]))
            return Texts((Func<TRow, string?[]?>)peek, current);
        if (memberType.IsArray)
            return (Delegate)RowGetters.Invoke(Array<int>, memberType.GetElementType()!, peek, current);
        if (_columns[column].Type is VectorDataViewType vector)
            return (Delegate)RowGetters.Invoke(Vector<int>, vector.ItemType.RawType, peek, current);
        return _columns[column].Type is KeyDataViewType key
            ? Key(key, peek, current)
            : (Delegate)RowGetters.Invoke(Scalar<int>, memberType, peek, current);
    }

    private static ValueGetter<ReadOnlyMemory<char>> Text(Func<TRow, string?> peek, Func<TRow> current) =>
        (ref ReadOnlyMemory<char> destination) => destination = peek(current()).AsMemory();

    private static ValueGetter<VBuffer<ReadOnlyMemory<char>>> Texts(Func<TRow, string?[]?> peek, Func<TRow> current) =>
        (ref VBuffer<ReadOnlyMemory<char>> destination) =>
        {
            var source = peek(current()) ?? [];
            var editor = VBufferEditor.Create(ref destination, source.Length);
            for (var i = 0; i < source.Length; i++)
                editor.Values[i] = source[i].AsMemory();
            destination = editor.Commit();
        };

    private static Delegate Array<T>(Func<TRow, T[]?> peek, Func<TRow> current) =>
        (ValueGetter<VBuffer<T>>)((ref VBuffer<T> destination) =>
        {
            var source = peek(current()) ?? [];
            VBuffer<T>.Copy(source, 0, ref destination, source.Length);
        });

    private static Delegate Vector<T>(Func<TRow, VBuffer<T>> peek, Func<TRow> current) =>
        (ValueGetter<VBuffer<T>>)((ref VBuffer<T> destination) => peek(current()).CopyTo(ref destination));

    private static Delegate Scalar<T>(Func<TRow, T> peek, Func<TRow> current) =>
        (ValueGetter<T>)((ref T destination) => destination = peek(current()));

    // Members count from 0 and keys from 1; what is out of range is a missing value.
    private static Delegate Key(KeyDataViewType key, Delegate peek, Func<TRow> current) => peek switch
    {
        Func<TRow, byte> bytes => (ValueGetter<byte>)((ref byte d) =>
            d = bytes(current()) is var v && v < key.Count ? (byte)(v + 1) : (byte)0),
        Func<TRow, ushort> shorts =>
            (ValueGetter<ushort>)((ref ushort d) => d = shorts(current()) is var v && v < key.Count ? (ushort)(v + 1) : (ushort)0),
        Func<TRow, uint> ints => (ValueGetter<uint>)((ref uint d) => d = ints(current()) is var v && v < key.Count ? v + 1 : 0),
        Func<TRow, ulong> longs => (ValueGetter<ulong>)((ref ulong d) => d = longs(current()) is var v && v < key.Count ? v + 1 : 0),
        _ => throw new InvalidOperationException($"No key can be read by {peek.GetType()}."),
    };
}

/// <summary>A row that is whichever object was put into it.</summary>
internal sealed class ObjectRow<TRow> : DataViewRow
    where TRow : class
{
    private readonly Delegate[] _getters;
    private TRow? _value;
    private long _position = -1;

    public ObjectRow(ObjectRowReader<TRow> reader)
    {
        Schema = reader.Schema;
        _getters = [.. Enumerable.Range(0, Schema.Count).Select(i => reader.CreateGetter(i, () => _value ?? throw RowGetters.NoRow()))];
    }

    public override long Position => _position;

    public override long Batch => 0;

    public override DataViewSchema Schema { get; }

    public void Put(TRow value)
    {
        _value = value ?? throw new ArgumentNullException(nameof(value));
        _position++;
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new((ulong)_position, 0);

    public override bool IsColumnActive(DataViewSchema.Column column) => column.Index < _getters.Length;

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
        RowGetters.Cast<TValue>(_getters[column.Index], column);
}
