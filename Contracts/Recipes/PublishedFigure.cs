namespace Latent.Contracts.Recipes;

/// <summary>Represents a published figure with which a recipe is compared.</summary>
/// <param name="Nll">Test NLL in nats a row.</param>
/// <param name="Source">Where it stands, such as "Burda et al., arXiv 1509.00519, Table 1".</param>
public sealed record PublishedFigure(double Nll, string Source);
