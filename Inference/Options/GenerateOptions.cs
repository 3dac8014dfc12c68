namespace Latent;

/// <summary>Options of <see cref="LatentCatalog.Generate(LatentBundle, GenerateOptions)"/>.</summary>
public sealed class GenerateOptions
{
    /// <summary>Number of rows; 16 by default.</summary>
    public int Count { get; set; } = 16;

    /// <summary>Seed; row n is the same whatever the count or the batch size. 0 by default.</summary>
    public long Seed { get; set; }

    /// <summary>Standard deviation of the draws, above 0; 1 (the prior's own) by default, less gives more typical rows.</summary>
    public float Temperature { get; set; } = 1;

    /// <summary>Column for the code; "Code" by default.</summary>
    public string CodeColumn { get; set; } = "Code";

    /// <summary>Column for the decoded row, in the data's own units; "Output" by default.</summary>
    public string OutputColumn { get; set; } = "Output";

    /// <summary>Rows of one run of the decoder, from 1 to 65,536; 128 by default.</summary>
    public int BatchSize { get; set; } = 128;
}
