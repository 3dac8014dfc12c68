namespace Latent;

/// <summary>Options of <see cref="LatentCatalog.Decode(LatentBundle, DecodeOptions)"/>.</summary>
public sealed class DecodeOptions : LatentTransformOptions
{
    /// <summary>Reads codes; "Code" by default.</summary>
    public DecodeOptions() => InputColumn = "Code";

    /// <summary>Column for the decoded row, in the data's own units; "Output" by default.</summary>
    public string OutputColumn { get; set; } = "Output";
}
