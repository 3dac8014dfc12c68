namespace Latent.Data.Columns;

/// <summary>Represents a column of a table that is stored column by column.</summary>
/// <param name="Name">Name of the column in the file.</param>
/// <param name="Type">Type of the column, as shown in messages.</param>
/// <param name="Kind">What can be read from the column.</param>
internal sealed record Column(string Name, string Type, ColumnKind Kind)
{
    /// <summary>Gets whether the column is of booleans, which are read as the numbers 0 and 1 where words aren't asked for.</summary>
    public bool IsBoolean => Kind == ColumnKind.Number && Type is "boolean" or "bool";
}
