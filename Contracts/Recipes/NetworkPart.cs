namespace Latent.Contracts.Recipes;

/// <summary>Parts of a model.</summary>
public enum NetworkPart
{
    /// <summary>Encoder and heads.</summary>
    Encoder,

    /// <summary>Decoder.</summary>
    Decoder,

    /// <summary>Both.</summary>
    All,
}
