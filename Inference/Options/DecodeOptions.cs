namespace Latent;

/// <summary>Represents the options of <see cref="LatentCatalog.Decode(LatentBundle, DecodeOptions)"/>.</summary>
public sealed class DecodeOptions : LatentTransformOptions
{
    /// <summary>Initializes a new instance of the <see cref="DecodeOptions"/> class, which reads the column "Code".</summary>
    public DecodeOptions() => InputColumn = "Code";

    /// <summary>Gets or sets the column for the decoded row, in the data's own units.</summary>
    /// <value>The default is "Output".</value>
    public string OutputColumn { get; set; } = "Output";
}
