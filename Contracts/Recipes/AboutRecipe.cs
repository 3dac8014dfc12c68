using System.ComponentModel.DataAnnotations;

namespace Latent.Contracts.Recipes;

/// <summary>Describes a recipe for the list of recipes. Changes no result.</summary>
public sealed record AboutRecipe
{
    /// <summary>What it is, in some eight words.</summary>
    /// <value>The default is the empty string.</value>
    public string Summary { get; init; } = "";

    /// <summary>What --data must be given, such as "folder of MNIST"; empty: nothing.</summary>
    /// <value>The default is the empty string.</value>
    public string Data { get; init; } = "";

    /// <summary>Minutes of training on two cores, roughly; null: not known.</summary>
    /// <value>The default is <see langword="null"/>.</value>
    [Range(0, double.MaxValue)]
    public double? Minutes { get; init; }

    /// <summary>The figure that whoever published the model gives for it; null: none.</summary>
    /// <value>The default is <see langword="null"/>.</value>
    public PublishedFigure? Published { get; init; }

    /// <summary>Test NLL that others obtained with the same model, in nats, such as "85.18 to 85.46"; null: not known.</summary>
    /// <value>The default is <see langword="null"/>.</value>
    public string? Others { get; init; }
}

/// <summary>Represents a published figure with which a recipe is compared.</summary>
/// <param name="Nll">Test NLL in nats a row.</param>
/// <param name="Source">Where it stands, such as "Burda et al., arXiv 1509.00519, Table 1".</param>
public sealed record PublishedFigure(double Nll, string Source);
