using Latent.Contracts.Bundles;
using Latent.Contracts.Recipes;
using Latent.Models.Codebooks;
using Latent.Models.Priors;
using static TorchSharp.torch;

namespace Latent.Models.Objectives;

/// <summary>Computes what a recipe minimizes. Temporary tensors go to the caller's dispose scope.</summary>
public sealed partial class Objective
{
    private const double DefaultElboWeight = 0.05;
    private const double DerivativeStep = 0.01;
    private readonly ModelKind _kind;
    private readonly ObjectiveRecipe _recipe;

    private Objective(Recipe recipe)
    {
        _kind = recipe.Kind;
        _recipe = recipe.Objective;
    }

    /// <summary>Makes the objective of a recipe.</summary>
    /// <param name="recipe">A validated recipe.</param>
    public static Objective Create(Recipe recipe) => new(recipe);

    /// <summary>Gets the weight of the KL term: β, growing linearly from 0 over objective.warmUpEpochs.</summary>
    /// <param name="epoch">Epochs done, fractions of one included.</param>
    public double Beta(double epoch) =>
        _recipe.WarmUpEpochs > 0 ? _recipe.Beta * Math.Clamp(epoch / _recipe.WarmUpEpochs, 0, 1) : _recipe.Beta;

    /// <summary>Computes the objective of a minibatch, without its gradient; the importance-weighted bound if the recipe has one.</summary>
    /// <param name="model">The model.</param>
    /// <param name="input">What is encoded, in model units, [batch, …].</param>
    /// <param name="target">What is to be reconstructed, in model units, [batch, …]; from 0 to 1 where the likelihood is Bernoulli.</param>
    /// <param name="generator">Source of samples of z; null for the global one.</param>
    public Losses Evaluate(Autoencoder model, Tensor input, Tensor target, Generator? generator = null)
    {
        using var _ = no_grad();
        return Compute(model, input, target, _recipe.Beta, generator, withGradient: false);
    }

    /// <summary>Computes the objective of a minibatch, with the gradient that the recipe's bound requires.</summary>
    /// <param name="model">The model.</param>
    /// <param name="input">What is encoded, in model units, [batch, …].</param>
    /// <param name="target">What is to be reconstructed, in model units, [batch, …]; from 0 to 1 where the likelihood is Bernoulli.</param>
    /// <param name="beta">Weight of the KL term; see <see cref="Beta"/>.</param>
    /// <param name="generator">Source of samples of z; null for the global one.</param>
    public Losses Compute(Autoencoder model, Tensor input, Tensor target, double beta, Generator? generator = null) =>
        Compute(model, input, target, beta, generator, withGradient: true);

    private Losses Compute(Autoencoder model, Tensor input, Tensor target, double beta, Generator? generator, bool withGradient)
    {
        if (model.Members.Count > 1)
            return Losses.OfMembers([.. model.Members.Select(m => Compute(m, input, target, beta, generator, withGradient))]);
        if (_kind == ModelKind.Denoiser)
            return Denoised(model, input, target);
        var posterior = model.Codebook is null ? model.Encode(input) : new Posterior(model.EncodeValues(input), null);
        var (total, terms) =
            _kind == ModelKind.Autoencoder
                ? model.Codebook is { } codebook
                    ? Quantized(model, codebook, posterior.Mean, target, withGradient ? generator : null, withGradient && model.training)
                    : Plain(model, posterior, target)
                : _recipe.Bound switch
                {
                    BoundKind.Elbo when IsClosed(model, posterior) => Elbo(model, posterior, target, beta, generator),
                    BoundKind.Elbo => Estimated(MonteCarlo(model, posterior, target, beta, generator)),
                    BoundKind.MonteCarloElbo => MonteCarlo(model, posterior, target, beta, generator),
                    _ when withGradient && _recipe.GradientSamples > 0 => ThroughChosen(model, posterior, target, beta, generator),
                    BoundKind.Dreg when withGradient => Dreg(model, posterior, target, beta, generator),
                    BoundKind.Miwae => Miwae(model, posterior, target, beta, generator),
                    BoundKind.Piwae when withGradient => Piwae(model, posterior, target, beta, generator),
                    BoundKind.Ciwae => Ciwae(model, posterior, target, beta, generator),
                    _ => Iwae(model, posterior, target, beta, generator),
                };
        foreach (var (name, term) in Regularizers(model, posterior, target, generator))
        {
            terms[name] = term.detach();
            total += term;
        }

        terms["loss"] = total.detach();
        return new Losses(total, terms);
    }

    private Losses Denoised(Autoencoder model, Tensor input, Tensor target)
    {
        var total = Reconstruction(model, model.Denoise(input), target);
        var terms = Terms(total);
        if (_recipe.L2 > 0)
        {
            var penalty = SquaredNorm(model) * _recipe.L2;
            terms["l2"] = penalty.detach();
            total += penalty;
        }

        terms["loss"] = total.detach();
        return new Losses(total, terms);
    }

    /// <summary>
    /// Computes the reconstruction term of every row: cross-entropy of logits in nats or squared error, summed or averaged over features;
    /// of an ensemble the mean of its members'.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="raw">Output of <see cref="Autoencoder.Decode"/>, [batch, …].</param>
    /// <param name="target">The target in model units, of the same shape.</param>
    /// <returns>[batch].</returns>
    public Tensor ReconstructionPerRow(Autoencoder model, Tensor raw, Tensor target) =>
        model.OverMembers(raw, (member, own) => Reconstructions(member, own, target, 1));

    /// <summary>
    /// Computes ln w = ln p(x|z) + β(ln p(z) - ln q(z|x)) of draws z for every row (Burda et al. 2016, eq. 7).
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="posterior">q(z|x).</param>
    /// <param name="prior">p(z).</param>
    /// <param name="noise">ε, [draws, batch, z].</param>
    /// <param name="target">[batch, …].</param>
    /// <param name="beta">β.</param>
    /// <returns>ln w, -ln p(x|z) and ln q(z|x) - ln p(z), each [draws, batch].</returns>
    internal (Tensor LogWeight, Tensor Reconstruction, Tensor Kl) LogWeights(
        Autoencoder model,
        Posterior posterior,
        ISampler prior,
        Tensor noise,
        Tensor target,
        double beta
    )
    {
        var (z, kl) = posterior.Draw(noise, prior);
        var reconstruction = ReconstructionOf(model, z, target);
        return (-(beta == 1 ? reconstruction + kl : reconstruction + (kl * beta)), reconstruction, kl);
    }

    /// <summary>Computes -ln p(x|z) of draws z, [draws, batch, z], as [draws, batch].</summary>
    private Tensor ReconstructionOf(Autoencoder model, Tensor z, Tensor target)
    {
        var raw = model.Decode(z.flatten(0, 1), target);
        long[] draws = [z.shape[0], z.shape[1]];
        return Reconstructions(model, raw.reshape([.. draws, .. raw.shape[1..]]), target.expand([.. draws, .. target.shape[1..]]), 2);
    }

    /// <summary>Computes the reconstruction term of every row; the leading dimensions count the rows.</summary>
    private Tensor Reconstructions(Autoencoder model, Tensor raw, Tensor target, int leading)
    {
        if (_recipe.Reconstruction == ReconstructionKind.Columns)
        {
            var rows = raw.shape[..leading];
            var errors = model.ColumnErrorsOf(raw.reshape(-1, raw.shape[leading]), target.reshape(-1, target.shape[leading]), true);
            return (_recipe.Reduction == ReductionKind.Sum ? errors.sum(1) : errors.mean([1])).reshape(rows);
        }

        var each = model.Term.Errors(raw, model.ValuesOf(target), model.LogSpread).flatten(leading);
        return _recipe.Reduction == ReductionKind.Sum ? each.sum(leading) : each.mean([leading]);
    }

    private (Tensor, Dictionary<string, Tensor>) Plain(Autoencoder model, Posterior posterior, Tensor target)
    {
        var reconstruction = Reconstruction(model, model.Decode(posterior.Code, target), target);
        return (reconstruction, Terms(reconstruction));
    }

    /// <summary>
    /// Computes the reconstruction by the nearest vectors, whose derivative goes on to the encoder as it is, and the encoder's distance
    /// from them (van den Oord et al. 2017, eq. 3); the codebook learns by moving averages.
    /// </summary>
    private (Tensor, Dictionary<string, Tensor>) Quantized(
        Autoencoder model,
        Codebook codebook,
        Tensor values,
        Tensor target,
        Generator? generator,
        bool learns
    )
    {
        var places = codebook.Nearest(values);
        var nearest = codebook.At(places).detach();
        var reconstruction = Reconstruction(model, model.DecodeValues(values + (nearest - values).detach()), target);
        var distance = (values - nearest).square();
        var commitment = _recipe.Reduction == ReductionKind.Sum ? distance.sum() / values.shape[0] : distance.mean();
        var terms = Terms(reconstruction);
        terms["commitment"] = commitment.detach();
        terms["perplexity"] = codebook.Perplexity(places);
        if (learns)
            codebook.Learn(values.detach(), places, generator);
        return (reconstruction + (commitment * model.Recipe.Latent.Codebook!.Commitment), terms);
    }

    private (Tensor, Dictionary<string, Tensor>) Elbo(
        Autoencoder model,
        Posterior posterior,
        Tensor target,
        double beta,
        Generator? generator
    )
    {
        Tensor reconstruction;
        if (_recipe.Samples == 1)
        {
            reconstruction = Reconstruction(model, model.Decode(posterior.Sample(generator), target), target);
        }
        else
        {
            var z = posterior.Normal.Sample(_recipe.Samples, generator);
            var raw = model.Decode(z.reshape(-1, z.shape[2]), target);
            var repeated = target.unsqueeze(0).expand([_recipe.Samples, .. target.shape]).reshape([raw.shape[0], .. target.shape[1..]]);
            reconstruction = Reconstruction(model, raw, repeated);
        }

        var (kl, penalizedKl) = KlTerm.Of(posterior, target.shape[0], _recipe.FreeBits);
        return (beta == 1 ? reconstruction + penalizedKl : reconstruction + (penalizedKl * beta), Terms(reconstruction, kl));
    }

    /// <summary>Tells whether the KL is known in closed form.</summary>
    internal static bool IsClosed(Autoencoder model, Posterior posterior) =>
        model.Recipe.Prior.Kind == PriorKind.StandardNormal && posterior.Flow is null;

    // The ELBO's own terms, whether its KL is drawn or not.
    private static (Tensor, Dictionary<string, Tensor>) Estimated((Tensor Total, Dictionary<string, Tensor> Terms) drawn)
    {
        drawn.Terms.Remove("bound");
        return drawn;
    }

    private Tensor Reconstruction(Autoencoder model, Tensor raw, Tensor target)
    {
        if (_recipe.Trim > 0)
            return Trimmed(Reconstructions(model, raw, target, 1));
        var reduction = _recipe.Reduction == ReductionKind.Sum ? nn.Reduction.Sum : nn.Reduction.Mean;
        var term = _recipe.Reconstruction switch
        {
            ReconstructionKind.Bernoulli => nn.functional.binary_cross_entropy_with_logits(
                raw,
                model.ValuesOf(target),
                reduction: reduction
            ),
            ReconstructionKind.MeanSquaredError => nn.functional.mse_loss(raw, model.ValuesOf(target), reduction),
            _ => null,
        };
        return term is null ? Reconstructions(model, raw, target, 1).mean()
            : reduction == nn.Reduction.Sum ? term / raw.shape[0]
            : term;
    }

    // The rows that fit worst, which may be anomalies, have no gradient.
    private Tensor Trimmed(Tensor errors)
    {
        var sorted = errors.detach().cpu().contiguous().data<float>().ToArray();
        Array.Sort(sorted);
        var kept = Math.Max(1, (int)Math.Ceiling(sorted.Length * (1 - _recipe.Trim)));
        var isKept = (errors.detach() <= sorted[kept - 1]).to(errors.dtype);
        return (errors * isKept).sum() / isKept.sum();
    }

    private static Dictionary<string, Tensor> Terms(Tensor reconstruction, Tensor? kl = null, Tensor? negativeBound = null)
    {
        var terms = new Dictionary<string, Tensor>(StringComparer.Ordinal) { ["reconstruction"] = reconstruction.detach() };
        if (kl is not null)
            terms["kl"] = kl.detach();
        if (negativeBound is not null)
            terms["bound"] = -negativeBound.detach();
        return terms;
    }
}
