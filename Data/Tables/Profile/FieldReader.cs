using Latent.Contracts;

namespace Latent.Data.Tables.Profile;

/// <summary>Reads the fields of a table as texts, row by row; records that are no rows are left out.</summary>
internal abstract class FieldReader : IDisposable
{
    /// <summary>Opens a table.</summary>
    /// <param name="input">A file.</param>
    /// <param name="options">How the table is read; <see cref="TableOptions.Header"/> says whether a CSV names its columns.</param>
    /// <exception cref="LatentException">The table can't be read as requested.</exception>
    public static FieldReader Open(string input, TableOptions options) =>
        TableFile.Columnar(input) is { } open ? new ColumnarFields(input, open) : new CsvFields(input, options);

    /// <summary>Gets the table's name in messages.</summary>
    public abstract string Source { get; }

    /// <summary>Gets the names of all columns, without blanks around them; null if the table has none.</summary>
    public abstract IReadOnlyList<string>? Names { get; }

    /// <summary>Gets the number of all columns.</summary>
    public abstract int Count { get; }

    /// <summary>Gets where the current row is, for messages.</summary>
    public abstract string Place { get; }

    /// <summary>Tells why a column can't be read as texts, without a full stop; null if it can.</summary>
    public virtual string? Unreadable(int column) => null;

    /// <summary>Moves to the next row.</summary>
    /// <param name="columns">The columns that are read, the same for every row.</param>
    /// <returns>Whether there is one.</returns>
    public abstract bool Next(int[] columns);

    /// <summary>Gets a field of the current row without blanks around it; empty if it is missing.</summary>
    /// <param name="index">The index among the columns that are read.</param>
    public abstract ReadOnlySpan<char> Field(int index);

    public abstract void Dispose();
}
