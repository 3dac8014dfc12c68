namespace Latent.Data.Tables.Profile;

/// <summary>Reads the fields of separated values.</summary>
internal sealed class CsvFields(string input, TableOptions options) : FieldReader
{
    private readonly CsvRecords _records = new(input, options, null, null);
    private int[] _columns = [];
    private bool _quoted;

    public override string Source => _records.Source;

    public override IReadOnlyList<string>? Names => _records.Header;

    public override int Count => _records.Fields;

    public override string Place => _records.Place;

    public override bool Next(int[] columns)
    {
        _columns = columns;
        while (_records.Next())
        {
            if (_records.Problem(out _quoted) is null)
                return true;
        }

        return false;
    }

    public override ReadOnlySpan<char> Field(int index)
    {
        var field = _records.Current[_columns[index]].Span;
        return (_quoted && field.StartsWith('"') ? CsvRecords.Text(field) : field).Trim();
    }

    public override void Dispose() => _records.Dispose();
}
