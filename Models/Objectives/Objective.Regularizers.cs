using Latent.Contracts.Recipes;
using Latent.Models.Distributions;
using static TorchSharp.torch;

namespace Latent.Models.Objectives;

// What is added to a bound.
public sealed partial class Objective
{
    /// <summary>Computes the weighted terms that the recipe adds to its bound, by name.</summary>
    private IEnumerable<(string Name, Tensor Term)> Regularizers(
        Autoencoder model,
        Posterior posterior,
        Tensor target,
        Generator? generator
    )
    {
        if (_recipe.L2 > 0)
            yield return ("l2", SquaredNorm(model) * _recipe.L2);
        if (_recipe.TotalCorrelation > 0)
        {
            var correlation = TotalCorrelation.Of(posterior.Normal, posterior.Sample(generator));
            yield return ("totalCorrelation", correlation * _recipe.TotalCorrelation);
        }

        if (_recipe.Mmd > 0 && posterior.Mean.shape[0] > 1)
        {
            var draws = SliceGenerator.Normal(generator, posterior.Mean);
            var discrepancy = Mmd.Of(posterior.Sample(generator), draws);
            yield return ("mmd", discrepancy * _recipe.Mmd);
        }

        if (_recipe.CodeNorm > 0)
            yield return ("codeNorm", posterior.Mean.square().sum(1).mean() * (0.5 * _recipe.CodeNorm));
        if (_recipe.GradientPenalty > 0)
            yield return ("gradientPenalty", SquaredDerivative(model, posterior.Mean, target, generator) * _recipe.GradientPenalty);
    }

    /// <summary>
    /// Estimates ‖∂D(z)/∂z‖² (Ghosh et al. 2020, eq. 8), averaged over rows, as the squared change of the output along a direction drawn
    /// from N(0, I), whose expectation it is.
    /// </summary>
    private static Tensor SquaredDerivative(Autoencoder model, Tensor z, Tensor rows, Generator? generator)
    {
        var direction = SliceGenerator.Normal(generator, z);
        var change = model.Decode(z + (direction * DerivativeStep), rows) - model.Decode(z, rows);
        return (change * (1 / DerivativeStep)).square().flatten(1).sum(1).mean();
    }

    private Tensor SquaredNorm(Autoencoder model) =>
        model
            .named_parameters()
            .Where(p =>
                _recipe.L2On == NetworkPart.All
                || _recipe.L2On
                    == (
                        p.name.StartsWith("decoder.", StringComparison.Ordinal) || p.name == "logSpread" ? NetworkPart.Decoder
                        : p.name.StartsWith("prior.", StringComparison.Ordinal)
                        || p.name.StartsWith("conditional.", StringComparison.Ordinal)
                            ? NetworkPart.Prior
                        : NetworkPart.Encoder
                    )
            )
            .Select(p => p.parameter.square().sum())
            .Aggregate((a, b) => a + b);
}
