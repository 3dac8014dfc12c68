namespace Latent.Data.Columns;

/// <summary>Specifies what can be read from a column.</summary>
internal enum ColumnKind
{
    /// <summary>Numbers, which can also be read as texts.</summary>
    Number,

    /// <summary>Texts, including times and dates: labels, and columns that are passed on.</summary>
    Text,

    /// <summary>Nothing: bytes that are not text, or a type that can't be read.</summary>
    Unreadable,

    /// <summary>Nothing, and the column is left out if columns aren't named: lists, maps and structures.</summary>
    Nested,
}
