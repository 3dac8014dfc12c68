namespace Latent;

/// <summary>Represents the options of <see cref="LatentCatalog.Interpolate(LatentBundle, InterpolateOptions)"/>.</summary>
public sealed class InterpolateOptions
{
    /// <summary>Gets or sets the code of the first row.</summary>
    public required IReadOnlyList<float> From { get; set; }

    /// <summary>Gets or sets the code of the last row.</summary>
    public required IReadOnlyList<float> To { get; set; }

    /// <summary>Gets or sets the number of rows, both ends included, at least 2.</summary>
    /// <value>The default is 8.</value>
    public int Steps { get; set; } = 8;

    /// <summary>
    /// Gets or sets whether to go along the great circle (Shoemake 1985), which keeps to the norms that a normal prior makes likely, rather
    /// than along the straight line.
    /// </summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool Spherical { get; set; }

    /// <summary>
    /// Gets or sets the label that all codes are decoded with, which a bundle whose rows are conditioned on labels needs; leave it alone
    /// for others.
    /// </summary>
    /// <value>The default is <see langword="null"/>.</value>
    public string? Label { get; set; }

    /// <summary>Gets or sets the column for the code.</summary>
    /// <value>The default is "Code".</value>
    public string CodeColumn { get; set; } = "Code";

    /// <summary>
    /// Gets or sets the column for the decoded row, in the data's own units. The columns of a table with columns of several kinds have
    /// their own names; leave this alone then.
    /// </summary>
    /// <value>The default is "Output".</value>
    public string OutputColumn { get; set; } = GenerateOptions.Output;

    /// <summary>Gets or sets the number of rows of one run of the decoder, from 1 to 65,536.</summary>
    /// <value>The default is 128.</value>
    public int BatchSize { get; set; } = 128;
}
