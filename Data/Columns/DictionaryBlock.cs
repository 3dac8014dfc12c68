namespace Latent.Data.Columns;

/// <summary>Values that are stored once, and places among them.</summary>
internal sealed class DictionaryBlock(ColumnBlock places, ColumnBlock values) : ColumnBlock
{
    public override double Number(int row) => places.Number(row) is var place && double.IsNaN(place) ? double.NaN : values.Number((int)place);

    public override string? Text(int row) => places.Number(row) is var place && double.IsNaN(place) ? null : values.Text((int)place);
}
