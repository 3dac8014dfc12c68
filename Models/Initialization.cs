using Latent.Contracts.Recipes;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Latent.Models;

/// <summary>Initializes weights. The layers' constructors have already drawn PyTorch's own.</summary>
internal static class Initialization
{
    public static void Apply(Autoencoder model, InitializationRecipe recipe, Tensor? trainingMean)
    {
        using var _ = no_grad();
        if (recipe.Kind != InitializationKind.Default)
        {
            foreach (
                var module in (nn.Module?[])
                    [
                        .. model.Encoder.children(),
                        model.MeanHead,
                        model.VarianceHead,
                        .. model.Decoder.children(),
                        model.UpperLayer,
                        model.LowerPriorModule,
                    ]
            )
            {
                foreach (var part in WithParts(module))
                    Draw(part, recipe.Kind);
            }
        }

        // A word's values have a length of about 1, as the units in their place have.
        foreach (var embedding in model.Embeddings.OfType<Linear>())
            nn.init.normal_(embedding.weight!, 0, 1 / Math.Sqrt(embedding.weight!.shape[0]));
        if (recipe.OutputBiasFromMean && trainingMean is not null)
            SetOutputBias(model, trainingMean);
    }

    private static IEnumerable<nn.Module?> WithParts(nn.Module? module) => (module?.children() ?? []).SelectMany(WithParts).Prepend(module);

    private static void Draw(nn.Module? module, InitializationKind kind)
    {
        var (weight, bias) = Parameters(module);
        if (weight is null)
            return;
        if (kind == InitializationKind.GlorotUniform)
            nn.init.xavier_uniform_(weight);
        else
            nn.init.normal_(weight, 0, (kind == InitializationKind.HeNormal ? Math.Sqrt(2) : 2) / Math.Sqrt(FanIn(module, weight)));
        if (bias is not null)
            nn.init.zeros_(bias);
    }

    /// <summary>
    /// Counts the inputs of one output: a transposed convolution's weight is [in, out, height, width], where torch's own fan counts
    /// outputs.
    /// </summary>
    private static double FanIn(nn.Module? module, Tensor weight) =>
        (double)weight.numel() / weight.shape[module is ConvTranspose2d ? 1 : 0];

    private static void SetOutputBias(Autoencoder model, Tensor trainingMean)
    {
        var features = model.Input.Shape.Aggregate((a, b) => a * b);
        if (trainingMean.numel() != features)
        {
            throw new ArgumentException(
                $"The training mean has {trainingMean.numel()} values, but a row has {features}.",
                nameof(trainingMean)
            );
        }

        var (_, bias) = Parameters(model.Decoder.children().LastOrDefault(m => m is Linear or Conv2d or ConvTranspose2d));
        if (bias is null)
            return;
        var mean = bias.numel() == features ? trainingMean.reshape(-1) : trainingMean.reshape(bias.numel(), -1).mean([1]);
        var clipped = mean.clamp(0.001, 0.999);
        bias.copy_((clipped / (1 - clipped)).log());
    }

    private static (Tensor? Weight, Tensor? Bias) Parameters(nn.Module? module) =>
        module switch
        {
            Linear linear => (linear.weight, linear.bias),
            Conv2d convolution => (convolution.weight, convolution.bias),
            ConvTranspose2d transposed => (transposed.weight, transposed.bias),
            _ => (null, null),
        };
}
