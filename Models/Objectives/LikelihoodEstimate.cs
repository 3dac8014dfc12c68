using Latent.Models.Priors;
using static TorchSharp.torch;

namespace Latent.Models.Objectives;

/// <summary>
/// Represents estimates by importance sampling from q(z|x), row by row, each [batch] and in nats. An ensemble's p(x) is the mean of its
/// members', and its other figures are their means. With a meanSquaredError reconstruction
/// p(x|z) is exp(-term), which leaves a normal density's constant out.
/// </summary>
/// <param name="LogLikelihood">
/// ln p(x), as ln of the mean of w over S draws (Burda et al. 2016, eq. 8): a bound that tightens as S grows.
/// </param>
/// <param name="Elbo">-(Reconstruction + Kl).</param>
/// <param name="Reconstruction">-ln p(x|z), averaged over the draws.</param>
/// <param name="Kl">KL(q(z|x) || p(z)), in closed form where there is one, else averaged over the draws.</param>
public sealed record LikelihoodEstimate(Tensor LogLikelihood, Tensor Elbo, Tensor Reconstruction, Tensor Kl)
{
    /// <summary>Estimates the likelihood of rows. The model should be in eval mode.</summary>
    /// <param name="model">A variational model.</param>
    /// <param name="objective">Its objective, for the reconstruction term.</param>
    /// <param name="input">What is encoded, in model units, [batch, …].</param>
    /// <param name="target">What is scored, in model units, [batch, …].</param>
    /// <param name="samples">Draws of z per row, S.</param>
    /// <param name="chunk">Draws decoded at once: chunk · batch rows must fit memory.</param>
    /// <param name="generator">Source of the draws; null for the global one.</param>
    /// <exception cref="InvalidOperationException">The model is a plain autoencoder.</exception>
    public static LikelihoodEstimate Of(
        Autoencoder model,
        Objective objective,
        Tensor input,
        Tensor target,
        int samples,
        int chunk = 100,
        Generator? generator = null
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(chunk, 1);
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        if (model.Members.Count > 1)
            return OfMembers([.. model.Members.Select(m => Of(m, objective, input, target, samples, chunk, generator))]);
        var posterior = model.Encode(input);
        var parts = new List<Tensor>();
        var prior = model.Sampler();
        var (reconstruction, drawnKl) = (zeros(input.shape[0], device: input.device), zeros(input.shape[0], device: input.device));
        for (var done = 0; done < samples; done += chunk)
        {
            using var inner = NewDisposeScope();
            var noise = posterior.Normal.Noise(Math.Min(chunk, samples - done), generator);
            var (logWeight, error, divergence) = objective.LogWeights(model, posterior, prior, noise, target, 1);
            parts.Add(logWeight.logsumexp(0).MoveToOuterDisposeScope());
            reconstruction.add_(error.sum(dim: 0));
            drawnKl.add_(divergence.sum(dim: 0));
        }

        var logLikelihood = stack(parts).logsumexp(0) - Math.Log(samples);
        var mean = reconstruction / samples;
        var kl = prior is StandardNormal && posterior.Flow is null ? posterior.Kl() : drawnKl / samples;
        return new LikelihoodEstimate(
            logLikelihood.MoveToOuterDisposeScope(),
            (-(mean + kl)).MoveToOuterDisposeScope(),
            mean.MoveToOuterDisposeScope(),
            kl.MoveToOuterDisposeScope()
        );
    }

    // An ensemble is the mixture of its members, each as likely as the others.
    private static LikelihoodEstimate OfMembers(IReadOnlyList<LikelihoodEstimate> members)
    {
        return new LikelihoodEstimate(
            (Stacked(member => member.LogLikelihood).logsumexp(0) - Math.Log(members.Count)).MoveToOuterDisposeScope(),
            Stacked(member => member.Elbo).mean([0]).MoveToOuterDisposeScope(),
            Stacked(member => member.Reconstruction).mean([0]).MoveToOuterDisposeScope(),
            Stacked(member => member.Kl).mean([0]).MoveToOuterDisposeScope()
        );

        Tensor Stacked(Func<LikelihoodEstimate, Tensor> of) => stack(members.Select(of));
    }
}
