namespace Latent;

/// <summary>Represents the options of <see cref="LatentCatalog.Generate(LatentBundle, GenerateOptions)"/>.</summary>
public sealed class GenerateOptions
{
    internal const string Output = "Output";

    /// <summary>Gets or sets the number of rows, at least 1.</summary>
    /// <value>The default is 16.</value>
    public int Count { get; set; } = 16;

    /// <summary>Gets or sets the seed; row n is the same whatever the count or the batch size.</summary>
    /// <value>The default is 0.</value>
    public long Seed { get; set; }

    /// <summary>Gets or sets the standard deviation of the draws, above 0; smaller values give more typical rows.</summary>
    /// <value>The default is 1, the spread of the prior itself.</value>
    public float Temperature { get; set; } = 1;

    /// <summary>
    /// Gets or sets the label that all rows are drawn with, of a bundle whose rows are conditioned on labels; leave it alone for others.
    /// </summary>
    /// <value>The default is <see langword="null"/>: each label in turn.</value>
    public string? Label { get; set; }

    /// <summary>Gets or sets the column for the label, of a bundle whose rows are conditioned on labels.</summary>
    /// <value>The default is "Label".</value>
    public string LabelColumn { get; set; } = LatentTransformOptions.Label;

    /// <summary>Gets or sets the column for the code.</summary>
    /// <value>The default is "Code".</value>
    public string CodeColumn { get; set; } = "Code";

    /// <summary>
    /// Gets or sets the column for the decoded row, in the data's own units. The columns of a table with columns of several kinds have
    /// their own names; leave this alone then.
    /// </summary>
    /// <value>The default is "Output".</value>
    public string OutputColumn { get; set; } = Output;

    /// <summary>Gets or sets the number of rows of one run of the decoder, from 1 to 65,536.</summary>
    /// <value>The default is 128.</value>
    public int BatchSize { get; set; } = 128;
}
