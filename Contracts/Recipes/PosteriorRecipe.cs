using System.ComponentModel.DataAnnotations;

namespace Latent.Contracts.Recipes;

/// <summary>Describes the posterior q(z|x) of a variational model.</summary>
public sealed record PosteriorRecipe
{
    /// <summary>Which distribution.</summary>
    /// <value>The default is <see cref="PosteriorKind.Normal"/>.</value>
    public PosteriorKind Kind { get; init; } = PosteriorKind.Normal;

    /// <summary>planar and iaf: number of transformations, one after the other (default 4).</summary>
    /// <value>The default is <see langword="null"/>, which stands for 4.</value>
    [Range(1, 256)]
    public int? Steps { get; init; }

    /// <summary>iaf: width of the hidden layer of each transformation's network (default 100).</summary>
    /// <value>The default is <see langword="null"/>, which stands for 100.</value>
    [Range(1, 1 << 16)]
    public int? Hidden { get; init; }
}

/// <summary>Specifies the posterior.</summary>
public enum PosteriorKind
{
    /// <summary>Normal with diagonal covariance.</summary>
    Normal,

    /// <summary>The same, transformed by planar flows whose parameters the encoder gives (Rezende and Mohamed 2015).</summary>
    Planar,

    /// <summary>The same, transformed by inverse autoregressive flows that see the encoder's last layer (Kingma et al. 2016).</summary>
    Iaf,
}
