namespace Latent.Data.Rows;

/// <summary>Specifies what a column of results holds.</summary>
internal enum ResultKind
{
    /// <summary>32-bit floats.</summary>
    Number,

    /// <summary>Whole numbers, kept as 32-bit floats.</summary>
    Whole,

    /// <summary>True or false, kept as 1 and 0.</summary>
    Boolean,

    /// <summary>Texts.</summary>
    Text,
}
