namespace Latent.Data.Columns;

/// <summary>Texts, made when they are asked for.</summary>
internal sealed class TextBlock(Func<int, string?> texts) : ColumnBlock
{
    public override double Number(int row) => double.NaN;

    public override string? Text(int row) => texts(row);
}
