namespace Latent.Contracts.Recipes;

/// <summary>A published figure that a recipe is held against.</summary>
/// <param name="Nll">Test NLL in nats a row.</param>
/// <param name="Source">Where it stands, such as "Burda et al., arXiv 1509.00519, Table 1".</param>
public sealed record PublishedFigure(double Nll, string Source);
