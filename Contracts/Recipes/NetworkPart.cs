namespace Latent.Contracts.Recipes;

/// <summary>Specifies a part of a model.</summary>
public enum NetworkPart
{
    /// <summary>Encoder and heads.</summary>
    Encoder,

    /// <summary>Decoder.</summary>
    Decoder,

    /// <summary>Both.</summary>
    All,
}
