namespace Latent;

/// <summary>Represents the options of <see cref="LatentCatalog.Decode(LatentBundle, DecodeOptions)"/>.</summary>
public sealed class DecodeOptions : LatentTransformOptions
{
    /// <summary>Initializes a new instance of the <see cref="DecodeOptions"/> class, which reads the column "Code".</summary>
    public DecodeOptions() => InputColumn = "Code";

    /// <summary>
    /// Gets or sets the column for the decoded row, in the data's own units. If the bundle is of a table with columns of several kinds, it
    /// begins the names of as many columns, such as "Output.fare": numbers (what is expected on average, of 0 and 1 the probability
    /// of 1), texts and dates.
    /// </summary>
    /// <value>The default is "Output".</value>
    public string OutputColumn { get; set; } = "Output";
}
