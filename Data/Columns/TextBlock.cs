namespace Latent.Data.Columns;

/// <summary>Holds texts that are made on demand.</summary>
internal sealed class TextBlock(Func<int, string?> texts) : ColumnBlock
{
    public override double Number(int row) => double.NaN;

    public override string? Text(int row) => texts(row);
}
