namespace Latent;

/// <summary>Represents the options that all transforms share.</summary>
public abstract class LatentTransformOptions
{
    internal const string Features = "Features";
    internal const string Label = "Label";

    /// <summary>
    /// Gets or sets the column to read: a vector of the model's length or, if the model takes images, an image. A table with columns of
    /// several kinds is read by their names; leave this alone then.
    /// </summary>
    /// <value>The default is "Features"; in <see cref="DecodeOptions"/> it is "Code".</value>
    public string InputColumn { get; set; } = Features;

    /// <summary>
    /// Gets or sets the column with the label of each row: text, a number or a key. It is read only if the bundle's rows are conditioned
    /// on labels.
    /// </summary>
    /// <value>The default is "Label".</value>
    public string LabelColumn { get; set; } = Label;

    /// <summary>
    /// Gets or sets the number of rows of one run of a graph, from 1 to 65,536; the default keeps the rows in a processor's cache.
    /// </summary>
    /// <value>The default is 128.</value>
    public int BatchSize { get; set; } = 128;

    internal void Validate(params ReadOnlySpan<string?> outputs)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(InputColumn);
        ArgumentException.ThrowIfNullOrWhiteSpace(LabelColumn);
        ArgumentOutOfRangeException.ThrowIfLessThan(BatchSize, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(BatchSize, 65_536);
        var names = new HashSet<string>();
        foreach (var output in outputs)
        {
            if (output is not null && (string.IsNullOrWhiteSpace(output) || !names.Add(output)))
                throw new ArgumentException($"'{output}' cannot be an output column; each needs a name of its own.");
        }

        if (names.Count == 0)
            throw new ArgumentException("No output column has a name; at least one must have.");
    }
}
