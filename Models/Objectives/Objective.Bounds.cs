using Latent.Contracts.Recipes;
using Latent.Models.Distributions;
using static TorchSharp.torch;

namespace Latent.Models.Objectives;

// Bounds of several draws, and their gradients.
public sealed partial class Objective
{
    private (Tensor, Dictionary<string, Tensor>) MonteCarlo(
        Autoencoder model,
        Posterior posterior,
        Tensor target,
        double beta,
        Generator? generator
    )
    {
        var noise = posterior.Normal.Noise(_recipe.Samples, generator);
        var (logWeight, reconstruction, kl) = LogWeights(model, posterior, model.Prior(), noise, target, beta);
        var total = -logWeight.mean([0]).mean();
        return (total, Terms(reconstruction.mean(), kl.mean(), total));
    }

    private (Tensor Total, Dictionary<string, Tensor> Terms) Iwae(
        Autoencoder model,
        Posterior posterior,
        Tensor target,
        double beta,
        Generator? generator
    ) => ImportanceWeighted(LogWeights(model, posterior, model.Prior(), posterior.Normal.Noise(_recipe.Samples, generator), target, beta));

    private (Tensor, Dictionary<string, Tensor>) Dreg(
        Autoencoder model,
        Posterior posterior,
        Tensor target,
        double beta,
        Generator? generator
    )
    {
        var noise = posterior.Normal.Noise(_recipe.Samples, generator);
        var (gradient, draws) = DoublyReparameterized(model, posterior, noise, target, beta);
        var (total, terms) = ImportanceWeighted(draws);
        return (WithGradientOf(gradient, total), terms);
    }

    /// <summary>
    /// Computes the importance-weighted bound of K draws with an unbiased estimate of its gradient from few of them, chosen by their
    /// normalized weights w̃ (Burda et al. 2016, section 3): all are decoded, but only the chosen ones with a tape.
    /// </summary>
    private (Tensor, Dictionary<string, Tensor>) ThroughChosen(
        Autoencoder model,
        Posterior posterior,
        Tensor target,
        double beta,
        Generator? generator
    )
    {
        var noise = posterior.Normal.Noise(_recipe.Samples, generator);
        Tensor total,
            weights;
        Dictionary<string, Tensor> terms;
        using (no_grad())
        {
            var draws = LogWeights(model, posterior, model.Prior(), noise, target, beta);
            (total, terms) = ImportanceWeighted(draws);
            weights = draws.LogWeight.softmax(0);
        }

        var chosen = Choose(weights, _recipe.GradientSamples, generator);
        var chosenNoise = noise.gather(0, chosen.unsqueeze(-1).expand([.. chosen.shape, noise.shape[2]]));
        var gradient =
            _recipe.Bound == BoundKind.Dreg
                ? DoublyReparameterized(model, posterior, chosenNoise, target, beta, weights.gather(0, chosen)).Gradient
                : LogWeights(model, posterior, model.Prior(), chosenNoise, target, beta).LogWeight.mean();
        return (WithGradientOf(gradient, total), terms);
    }

    /// <summary>
    /// Computes a value with the gradient of Tucker et al. 2019: the decoder's parameters get Σ w̃ ∇ln w, and the encoder's, only through
    /// z, Σ w̃² (∂ln w/∂z)(∂z/∂φ) (eq. 8). Where the draws were chosen by w̃, their mean stands for one w̃ of each sum.
    /// </summary>
    private (Tensor Gradient, (Tensor LogWeight, Tensor Reconstruction, Tensor Kl) Draws) DoublyReparameterized(
        Autoencoder model,
        Posterior posterior,
        Tensor noise,
        Tensor target,
        double beta,
        Tensor? chosenWeights = null
    )
    {
        var z = posterior.Normal.At(noise);
        var leaf = z.detach().requires_grad_(true);
        var stopped = new DiagonalNormal(posterior.Mean.detach(), posterior.LogVariance!.detach());
        var reconstruction = ReconstructionOf(model, leaf, target);
        var kl = stopped.LogProb(leaf) - model.Prior().LogProb(leaf);
        var logWeight = -(reconstruction + (kl * beta));
        var values = logWeight.detach();
        var weights = chosenWeights ?? values.softmax(0);
        var throughDecoder = chosenWeights is null ? (weights * logWeight).sum(dim: 0).mean() : logWeight.mean();
        var gradient = autograd.grad([throughDecoder], [leaf], retain_graph: true)[0];
        var throughEncoder = (z * (weights.unsqueeze(-1) * gradient).detach()).sum();
        return (throughDecoder + throughEncoder, (values, reconstruction, kl));
    }

    private (Tensor Total, Dictionary<string, Tensor> Terms) ImportanceWeighted((Tensor LogWeight, Tensor Reconstruction, Tensor Kl) draws)
    {
        var total = -(draws.LogWeight.logsumexp(0) - Math.Log(draws.LogWeight.shape[0])).mean();
        return (total, Terms(draws.Reconstruction.mean(), draws.Kl.mean(), total));
    }

    private static Tensor WithGradientOf(Tensor ascent, Tensor total) => total.detach() - (ascent - ascent.detach());

    /// <summary>Chooses draws by systematic resampling: draw k is chosen count · w̃ₖ times on average, rounded up or down.</summary>
    /// <param name="weights">w̃, [K, batch], of sum 1 for every row.</param>
    /// <param name="count">Number of draws that are chosen.</param>
    /// <param name="generator">Source of randomness; null for the global one.</param>
    /// <returns>Their places among the K, [count, batch].</returns>
    private static Tensor Choose(Tensor weights, int count, Generator? generator)
    {
        var (draws, rows) = (weights.shape[0], weights.shape[1]);
        var shift = SliceGenerator.Draw(generator, rows, 1, all => rand([1, all], device: weights.device, generator: generator));
        var at = (arange(count, float32, weights.device).unsqueeze(1) + shift) / count;
        return (weights.cumsum(0).unsqueeze(0) <= at.unsqueeze(1)).sum(1).clamp_max(draws - 1);
    }

    private int Draws => _recipe.Samples * (_recipe.OuterSamples ?? 1);

    /// <summary>Computes the mean of M bounds of K draws each, -E [1/M Σ ln 1/K Σ w] (Rainforth et al. 2018, eq. 13).</summary>
    private (Tensor Total, Dictionary<string, Tensor> Terms) Miwae(
        Autoencoder model,
        Posterior posterior,
        Tensor target,
        double beta,
        Generator? generator
    )
    {
        var noise = posterior.Normal.Noise(Draws, generator);
        var (logWeight, reconstruction, kl) = LogWeights(model, posterior, model.Prior(), noise, target, beta);
        var total = -(logWeight.unflatten(0, -1, _recipe.Samples).logsumexp(1) - Math.Log(_recipe.Samples)).mean([0]).mean();
        return (total, Terms(reconstruction.mean(), kl.mean(), total));
    }

    /// <summary>
    /// Computes the bound of all M·K draws, with its gradient for decoder and prior and that of <see cref="Miwae"/> for the encoder
    /// (Rainforth et al. 2018, eq. 15): each draw's weights differ, and its derivative by the code is taken once.
    /// </summary>
    private (Tensor Total, Dictionary<string, Tensor> Terms) Piwae(
        Autoencoder model,
        Posterior posterior,
        Tensor target,
        double beta,
        Generator? generator
    )
    {
        var (z, logDensity) = posterior.DrawWithDensity(posterior.Normal.Noise(Draws, generator));
        var leaf = z.detach().requires_grad_(true);
        var reconstruction = ReconstructionOf(model, leaf, target);
        var logPrior = model.Prior().LogProb(leaf);
        var generative = (logPrior * beta) - reconstruction;
        var values = (generative - (logDensity * beta)).detach();
        var gradient = autograd.grad([generative.sum()], [leaf], retain_graph: true)[0];
        var outer = values.shape[0] / _recipe.Samples;
        var groupWeights = values.unflatten(0, -1, _recipe.Samples).softmax(1).reshape(values.shape) / outer;
        var throughDecoder = (values.softmax(0) * generative).sum(dim: 0).mean();
        var throughEncoder = (groupWeights * ((z * gradient).sum(-1) - (logDensity * beta))).sum(dim: 0).mean();
        var (total, terms) = ImportanceWeighted((values, reconstruction, logDensity - logPrior));
        return (WithGradientOf(throughDecoder + throughEncoder, total), terms);
    }

    /// <summary>Computes a combination of the ELBO and the importance-weighted bound (Rainforth et al. 2018, eq. 14).</summary>
    private (Tensor Total, Dictionary<string, Tensor> Terms) Ciwae(
        Autoencoder model,
        Posterior posterior,
        Tensor target,
        double beta,
        Generator? generator
    )
    {
        var share = _recipe.ElboWeight ?? DefaultElboWeight;
        var draws = LogWeights(model, posterior, model.Prior(), posterior.Normal.Noise(Draws, generator), target, beta);
        var elbo = draws.LogWeight.mean([0]).mean();
        var (negativeBound, _) = ImportanceWeighted(draws);
        var total = (negativeBound * (1 - share)) - (elbo * share);
        return (total, Terms(draws.Reconstruction.mean(), draws.Kl.mean(), total));
    }
}
