using Latent.Contracts.Recipes;
using static TorchSharp.torch;

namespace Latent.Models;

/// <summary>A line of a model's layer table.</summary>
/// <param name="Part">"encoder", "mean", "spread" or "decoder".</param>
/// <param name="Name">As the recipe has it: "encoder[0] conv2d".</param>
/// <param name="OutputShape">Without the batch axis.</param>
/// <param name="Parameters">Number of trained values.</param>
public sealed record ModelSummary(string Part, string Name, IReadOnlyList<int> OutputShape, long Parameters)
{
    /// <summary>The layer table of a model, in the order that rows pass through it.</summary>
    /// <param name="model">The model.</param>
    public static IReadOnlyList<ModelSummary> Of(Autoencoder model)
    {
        var recipe = model.Recipe;
        IReadOnlyList<int> code = [recipe.Latent.Dimension];
        var rows = Stack("encoder", recipe.Encoder, model.Shapes.Encoder, model.Encoder).ToList();
        if (model.MeanHead is { } mean)
            rows.Add(new ModelSummary("mean", model.IsVariational ? "mean linear" : "code linear", code, Count(mean)));
        if (model.SpreadHead is { } spread)
            rows.Add(new ModelSummary("spread", $"{RecipeNames.Of(recipe.Latent.Head)} linear", code, Count(spread)));
        rows.AddRange(Stack("decoder", recipe.Decoder, model.Shapes.Decoder, model.Decoder));
        return rows;
    }

    private static IEnumerable<ModelSummary> Stack(
        string part, IReadOnlyList<LayerRecipe> layers, IReadOnlyList<IReadOnlyList<int>> shapes, nn.Module stack) =>
        stack.children().Select(
            (module, i) => new ModelSummary(part, $"{part}[{i}] {RecipeNames.Of(layers[i].Type)}", shapes[i], Count(module)));

    private static long Count(nn.Module module) => module.parameters().Sum(p => p.numel());
}
