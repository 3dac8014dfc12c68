namespace Latent;

/// <summary>Options of <see cref="LatentCatalog.Interpolate(LatentBundle, InterpolateOptions)"/>.</summary>
public sealed class InterpolateOptions
{
    /// <summary>The code of the first row.</summary>
    public required IReadOnlyList<float> From { get; set; }

    /// <summary>The code of the last row.</summary>
    public required IReadOnlyList<float> To { get; set; }

    /// <summary>Number of rows, both ends included, at least 2; 8 by default.</summary>
    public int Steps { get; set; } = 8;

    /// <summary>
    /// Whether to go along the great circle (Shoemake 1985), which keeps to the norms that a normal prior makes likely, rather than straight;
    /// false by default.
    /// </summary>
    public bool Spherical { get; set; }

    /// <summary>Column for the code; "Code" by default.</summary>
    public string CodeColumn { get; set; } = "Code";

    /// <summary>Column for the decoded row, in the data's own units; "Output" by default.</summary>
    public string OutputColumn { get; set; } = "Output";

    /// <summary>Rows of one run of the decoder, from 1 to 65,536; 128 by default.</summary>
    public int BatchSize { get; set; } = 128;
}
