namespace Latent.Contracts.Tables;

/// <summary>Describes a table of columns of several kinds: how cells become model units, and how a model's output becomes cells.</summary>
/// <remarks>
/// A cell is one 32-bit float per column: a number, or days since <see cref="TableColumn.Origin"/> for a date with time, NaN if it is
/// missing; for a column with <see cref="TableColumn.Levels"/> the position of its level, <see cref="Unseen"/> or <see cref="Missing"/>.
/// </remarks>
public sealed record TableDescription
{
    /// <summary>The cell of a level that the training rows do not have.</summary>
    public const float Unseen = -1;

    /// <summary>The cell of a missing level.</summary>
    public const float Missing = -2;

    /// <summary>Gets the columns that the model reads, in the table's order.</summary>
    public required IReadOnlyList<TableColumn> Columns { get; init; }

    /// <summary>Gets the columns of the training table that were left out.</summary>
    public IReadOnlyList<LeftOutColumn> LeftOut { get; init; } = [];

    /// <summary>Gets whether the training table named its columns; if not, columns are found by position.</summary>
    public bool HasHeader { get; init; } = true;

    /// <summary>Gets the indices of the columns of numbers, in order: those of the graph's input "numbers".</summary>
    public IReadOnlyList<int> Numbers() => [.. Columns.Index().Where(c => c.Item.Levels is null).Select(c => c.Index)];

    /// <summary>Gets the indices of the columns of words, in order: those of the graph's input "categories".</summary>
    public IReadOnlyList<int> Categories() => [.. Columns.Index().Where(c => c.Item.Levels is not null).Select(c => c.Index)];
}

/// <summary>Represents a column that was left out of the model.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="Kind">The column's kind.</param>
/// <param name="Reason">Why it was left out, without a full stop.</param>
public sealed record LeftOutColumn(string Name, TableColumnKind Kind, string Reason);
