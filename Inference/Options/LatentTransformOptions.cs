namespace Latent;

/// <summary>What the options of all transforms share.</summary>
public abstract class LatentTransformOptions
{
    /// <summary>The column to read: a vector of the model's length or, where the model takes images, an image. "Features" by default.</summary>
    public string InputColumn { get; set; } = "Features";

    /// <summary>Rows of one run of a graph, from 1 to 65,536; 128 by default, few enough that the rows under way stay in a processor's cache.</summary>
    public int BatchSize { get; set; } = 128;

    internal void Validate(params ReadOnlySpan<string?> outputs)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(InputColumn);
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
