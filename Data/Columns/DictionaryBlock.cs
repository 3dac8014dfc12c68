namespace Latent.Data.Columns;

/// <summary>Holds values that are stored once, and the rows' positions among them.</summary>
internal sealed class DictionaryBlock(ColumnBlock places, ColumnBlock values) : ColumnBlock
{
    public override double Number(int row) => Place(row) is { } place ? values.Number(place) : double.NaN;

    public override string? Text(int row) => Place(row) is { } place ? values.Text(place) : null;

    public override DateTime? Moment(int row) => Place(row) is { } place ? values.Moment(place) : null;

    private int? Place(int row) => places.Number(row) is var place && double.IsNaN(place) ? null : (int)place;
}
