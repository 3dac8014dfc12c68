namespace Microsoft.ML.Data;

/// <summary>A cursor that leaves out rows of another, and counts those that it shows.</summary>
internal abstract class WrappingCursor(DataViewRowCursor input, DataViewSchema schema) : DataViewRowCursor
{
    private long _position = -1;
    private bool _done;

    public override long Position => _position;

    public override long Batch => Input.Batch;

    public override DataViewSchema Schema => schema;

    protected DataViewRowCursor Input => input;

    public override bool MoveNext()
    {
        if (_done)
            return false;
        if (MoveInput())
        {
            _position++;
            return true;
        }

        Dispose();
        return false;
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() => Input.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) => Input.IsColumnActive(column);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => Input.GetGetter<TValue>(column);

    protected abstract bool MoveInput();

    protected override void Dispose(bool disposing)
    {
        if (!disposing || _done)
            return;
        _done = true;
        _position = -1;
        Input.Dispose();
    }
}
