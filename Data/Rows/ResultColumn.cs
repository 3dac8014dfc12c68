namespace Latent.Data.Rows;

/// <summary>Describes a column of results.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="Kind">What it holds, and thus whether its values are among a batch's numbers or texts.</param>
/// <param name="Index">Place of its values among the batch's <see cref="RowBatch.Result"/> or <see cref="RowBatch.Texts"/>.</param>
internal sealed record ResultColumn(string Name, ResultKind Kind, int Index)
{
    /// <summary>Describes columns of numbers.</summary>
    public static ResultColumn[] Numbers(IEnumerable<string> names) =>
        [.. names.Select((name, i) => new ResultColumn(name, ResultKind.Number, i))];
}
