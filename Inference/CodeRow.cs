namespace Latent;

/// <summary>A row of generated codes.</summary>
internal sealed class CodeRow
{
    public float[] Code { get; set; } = [];
}
