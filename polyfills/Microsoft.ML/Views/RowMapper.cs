namespace Microsoft.ML.Data;

/// <summary>Computes columns of a row from other columns of the same row, for one input schema.</summary>
internal abstract class RowMapper(DataViewSchema inputSchema)
{
    public DataViewSchema InputSchema { get; } = inputSchema;

    public abstract IReadOnlyList<DataViewSchema.DetachedColumn> Outputs { get; }

    /// <summary>The input columns that an output is computed from.</summary>
    public abstract IEnumerable<int> InputsOf(int output);

    /// <summary>One getter for each active output; <paramref name="owned"/> is disposed with the row.</summary>
    public abstract Delegate?[] CreateGetters(DataViewRow row, bool[] active, ICollection<IDisposable> owned);
}

/// <summary>A mapper whose every output is computed from one input.</summary>
internal abstract class OneToOneMapper(DataViewSchema inputSchema, IReadOnlyList<int> inputs) : RowMapper(inputSchema)
{
    public override IEnumerable<int> InputsOf(int output) => [inputs[output]];

    public override Delegate?[] CreateGetters(DataViewRow row, bool[] active, ICollection<IDisposable> owned) =>
        [.. active.Select((isActive, output) => isActive ? CreateGetter(row, row.Schema[inputs[output]], output) : null)];

    protected abstract Delegate CreateGetter(DataViewRow row, DataViewSchema.Column input, int output);
}
