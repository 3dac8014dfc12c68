namespace Latent.Data.Columns;

/// <summary>What can be made of a column.</summary>
internal enum ColumnKind
{
    /// <summary>Values of a row; also texts.</summary>
    Number,

    /// <summary>Texts, times and dates among them: labels, and what is passed on.</summary>
    Text,

    /// <summary>Nothing: bytes that are no text, or a type that isn't read.</summary>
    Unreadable,

    /// <summary>Nothing, and it is left out where columns aren't named: lists, maps and structures.</summary>
    Nested,
}
