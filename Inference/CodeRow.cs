namespace Latent;

/// <summary>Represents a row of generated codes.</summary>
internal sealed class CodeRow
{
    public float[] Code { get; set; } = [];

    public string Label { get; set; } = "";
}
