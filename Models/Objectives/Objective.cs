using Latent.Contracts.Bundles;
using Latent.Contracts.Recipes;
using Latent.Models.Codebooks;
using Latent.Models.Distributions;
using Latent.Models.Priors;
using static TorchSharp.torch;

namespace Latent.Models.Objectives;

/// <summary>Computes what a recipe minimizes. Temporary tensors go to the caller's dispose scope.</summary>
public sealed class Objective
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
        foreach (var (name, term) in Regularizers(model, posterior, generator))
        {
            terms[name] = term.detach();
            total += term;
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
        var raw = model.Decode(z.flatten(0, 1));
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

        var each = model.Term.Errors(raw, target, model.LogSpread).flatten(leading);
        return _recipe.Reduction == ReductionKind.Sum ? each.sum(leading) : each.mean([leading]);
    }

    private (Tensor, Dictionary<string, Tensor>) Plain(Autoencoder model, Posterior posterior, Tensor target)
    {
        var reconstruction = Reconstruction(model, model.Decode(posterior.Code), target);
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
            reconstruction = Reconstruction(model, model.Decode(posterior.Sample(generator)), target);
        }
        else
        {
            var z = posterior.Normal.Sample(_recipe.Samples, generator);
            var raw = model.Decode(z.reshape(-1, z.shape[2]));
            var repeated = target.unsqueeze(0).expand([_recipe.Samples, .. target.shape]).reshape([raw.shape[0], .. target.shape[1..]]);
            reconstruction = Reconstruction(model, raw, repeated);
        }

        var rows = target.shape[0];
        Tensor kl,
            penalizedKl;
        if (_recipe.FreeBits > 0)
        {
            // Free bits (Kingma et al. 2016, eq. 15): below the threshold a dimension costs the threshold, without a gradient.
            var each = posterior.KlPerDimension().mean([0]);
            kl = each.sum();
            penalizedKl = each.clamp_min(_recipe.FreeBits).sum();
        }
        else
        {
            penalizedKl = kl = posterior.KlPerDimension().sum() / rows;
        }

        return (beta == 1 ? reconstruction + penalizedKl : reconstruction + (penalizedKl * beta), Terms(reconstruction, kl));
    }

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

    /// <summary>Tells whether the KL is known in closed form.</summary>
    internal static bool IsClosed(Autoencoder model, Posterior posterior) =>
        model.Recipe.Prior.Kind == PriorKind.StandardNormal && posterior.Flow is null;

    // The ELBO's own terms, whether its KL is drawn or not.
    private static (Tensor, Dictionary<string, Tensor>) Estimated((Tensor Total, Dictionary<string, Tensor> Terms) drawn)
    {
        drawn.Terms.Remove("bound");
        return drawn;
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

    private Tensor Reconstruction(Autoencoder model, Tensor raw, Tensor target)
    {
        if (_recipe.Trim > 0)
            return Trimmed(Reconstructions(model, raw, target, 1));
        var reduction = _recipe.Reduction == ReductionKind.Sum ? nn.Reduction.Sum : nn.Reduction.Mean;
        var term = _recipe.Reconstruction switch
        {
            ReconstructionKind.Bernoulli => nn.functional.binary_cross_entropy_with_logits(raw, target, reduction: reduction),
            ReconstructionKind.MeanSquaredError => nn.functional.mse_loss(raw, target, reduction),
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

    /// <summary>Computes the weighted terms that the recipe adds to its bound, by name.</summary>
    private IEnumerable<(string Name, Tensor Term)> Regularizers(Autoencoder model, Posterior posterior, Generator? generator)
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
            var draws = NoiseLike(posterior.Mean, generator);
            var discrepancy = Mmd.Of(posterior.Sample(generator), draws);
            yield return ("mmd", discrepancy * _recipe.Mmd);
        }

        if (_recipe.CodeNorm > 0)
            yield return ("codeNorm", posterior.Mean.square().sum(1).mean() * (0.5 * _recipe.CodeNorm));
        if (_recipe.GradientPenalty > 0)
            yield return ("gradientPenalty", SquaredDerivative(model, posterior.Mean, generator) * _recipe.GradientPenalty);
    }

    /// <summary>
    /// Estimates ‖∂D(z)/∂z‖² (Ghosh et al. 2020, eq. 8), averaged over rows, as the squared change of the output along a direction drawn
    /// from N(0, I), whose expectation it is.
    /// </summary>
    private static Tensor SquaredDerivative(Autoencoder model, Tensor z, Generator? generator)
    {
        var direction = NoiseLike(z, generator);
        var change = model.Decode(z + (direction * DerivativeStep)) - model.Decode(z);
        return (change * (1 / DerivativeStep)).square().flatten(1).sum(1).mean();
    }

    private static Tensor NoiseLike(Tensor z, Generator? generator) =>
        SliceGenerator.Draw(generator, z.shape[0], 0, rows => randn([rows, .. z.shape[1..]], device: z.device, generator: generator));

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
