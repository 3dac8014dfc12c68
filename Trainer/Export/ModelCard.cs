using System.Globalization;
using System.Text;
using Latent.Contracts.Bundles;
using Latent.Contracts.Layers;
using Latent.Contracts.Recipes;

namespace Latent.Trainer.Export;

/// <summary>Writes card.md, which describes a bundle in a page for people.</summary>
internal static class ModelCard
{
    public static string Of(BundleManifest manifest)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# {manifest.Name}\n\n{manifest.Description}\n\n");
        text.Append(
            CultureInfo.InvariantCulture,
            $"""
            - Kind: {RecipeNames.Of(manifest.Kind)}, {(
                manifest.Kind == ModelKind.Denoiser
                    ? $"without a code, of {RecipeNames.Of(manifest.Recipe.Noise.Kind)} noise of {manifest.Recipe.Noise.Amount.ToString(CultureInfo.InvariantCulture)}"
                : manifest.Recipe.Ensemble == 1
                    ? $"code of {manifest.LatentDimension}"
                    : $"{manifest.Recipe.Ensemble} members with a code of {manifest.Recipe.Latent.Dimension} each"
            )}
            - Input: [{string.Join(", ", manifest.Input.Shape)}], {(
                manifest.Input.Unit == InputUnit.Pixel ? "pixels 0 to 255" : "a table's columns in their own units"
            )}
            - Trained by {manifest.Engine}, seed {manifest.Seed}, {manifest.Created:yyyy-MM-dd}{(
                manifest.Machine is { } machine ? $", on {machine}" : ""
            )}
            - Started from: {manifest.StartedFrom?.ToString() ?? "weights drawn at random"}
            - Data: {RecipeNames.Of(manifest.Recipe.Data.Source)}, SHA-256 {manifest.DataFingerprint}

            ## Layers{(manifest.Recipe.Ensemble == 1 ? "" : " of each member")}

            | layer | output shape | parameters |
            |---|---|---:|

            """
        );
        foreach (var layer in LayerSummary.Of(manifest.Recipe, manifest.Input))
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {layer.Name} | [{string.Join(", ", layer.OutputShape)}] | {layer.Parameters:N0} |\n"
            );
        }

        text.Append("\n## Figures\n\n| figure | value |\n|---|---:|\n");
        foreach (var (name, value) in manifest.Metrics)
            text.Append(CultureInfo.InvariantCulture, $"| {name} | {value:G6} |\n");
        return text.ToString();
    }
}
