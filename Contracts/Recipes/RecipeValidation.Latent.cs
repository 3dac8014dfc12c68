using Latent.Contracts.Bundles;

namespace Latent.Contracts.Recipes;

// Rules of priors, samplers, posteriors, stochastic layers and codebooks.
public static partial class RecipeValidation
{
    private static void CheckPrior(Recipe recipe, string source)
    {
        var (latent, prior) = (recipe.Latent, recipe.Prior);
        Require(
            latent.MinLogVariance < latent.MaxLogVariance,
            "latent.minLogVariance",
            latent.MinLogVariance,
            $"below latent.maxLogVariance, {latent.MaxLogVariance}",
            source
        );
        Applies("components", prior.Components, PriorKind.Mixture);
        Applies("pseudoInputs", prior.PseudoInputs, PriorKind.VampPrior);
        Applies("steps", prior.Steps, PriorKind.RealNvp, PriorKind.Maf);
        Applies("hidden", prior.Hidden, PriorKind.RealNvp, PriorKind.Maf);
        if (prior.Kind == PriorKind.StandardNormal)
            return;
        var kind = RecipeNames.Of(prior.Kind);
        Require(recipe.Kind == ModelKind.Variational, "prior.kind", kind, "left out: a plain autoencoder has no prior", source);
        RequireOneModelOfNumbers(recipe, "prior.kind", kind, "standardNormal", source);
        Require(
            recipe.Objective.FreeBits == 0,
            "objective.freeBits",
            recipe.Objective.FreeBits,
            "0, unless prior.kind is standardNormal, from which the KL is known dimension by dimension",
            source
        );
        Require(
            recipe.Objective.Trim == 0,
            "objective.trim",
            recipe.Objective.Trim,
            "0, unless prior.kind is standardNormal, whose KL needs no draws",
            source
        );
        if (prior.Kind == PriorKind.RealNvp)
        {
            var (key, length) = latent.Upper is { } above
                ? ("latent.upper.dimension", above.Dimension)
                : ("latent.dimension", latent.Dimension);
            Require(length >= 2, key, length, "at least 2 with a realNvp prior, which transforms one half of a code by the other", source);
        }

        var (part, encoder) = latent.Upper is { } upper ? ("latent.upper.encoder", upper.Encoder) : ("encoder", recipe.Encoder);
        for (var i = 0; i < encoder.Count && prior.Kind == PriorKind.VampPrior; i++)
        {
            if (IsUneven(encoder[i]))
            {
                throw new LatentException(
                    $"{part}[{i}] is {RecipeNames.Of(encoder[i].Type)}, which encodes pseudo-inputs otherwise than rows; leave it out, or take another prior than vampPrior ({source})."
                );
            }
        }

        void Applies(string key, int? value, params PriorKind[] kinds) =>
            Require(
                value is null || kinds.Contains(prior.Kind),
                $"prior.{key}",
                value,
                $"left out, unless prior.kind is {string.Join(" or ", kinds.Select(k => RecipeNames.Of(k)))}",
                source
            );
    }

    private static void CheckSampler(Recipe recipe, string source)
    {
        if (recipe.Sampler is not { } sampler)
            return;
        var kind = RecipeNames.Of(sampler.Kind);
        Applies("components", sampler.Components, SamplerKind.Mixture);
        Applies("pseudoInputs", sampler.PseudoInputs, SamplerKind.Vamp);
        Applies("steps", sampler.Steps, SamplerKind.RealNvp, SamplerKind.Maf);
        Applies("hidden", sampler.Hidden, SamplerKind.RealNvp, SamplerKind.Maf, SamplerKind.TwoStage);
        Require(recipe.Ensemble == 1, "sampler.kind", kind, "left out in an ensemble, whose members have codes of their own", source);
        Require(
            recipe.Prior.Kind == PriorKind.StandardNormal,
            "sampler.kind",
            kind,
            $"left out, since the prior, {RecipeNames.Of(recipe.Prior.Kind)}, is learned already",
            source
        );
        Require(
            recipe.Latent.Codebook is null,
            "sampler.kind",
            kind,
            "left out with latent.codebook, whose codes are places in it",
            source
        );
        Require(recipe.Latent.Upper is null, "sampler.kind", kind, "left out with latent.upper, whose prior is learned already", source);
        Require(
            sampler.Kind != SamplerKind.RealNvp || recipe.CodeLength() >= 2,
            "latent.dimension",
            recipe.Latent.Dimension,
            "at least 2 with a realNvp sampler, which transforms one half of a code by the other",
            source
        );
        Require(
            sampler.Kind != SamplerKind.Vamp
                || (
                    recipe.Kind == ModelKind.Variational
                    && recipe.Latent.Posterior.Kind == PosteriorKind.Normal
                    && recipe.Data.Table is null
                    && !recipe.Encoder.Any(IsUneven)
                ),
            "sampler.kind",
            kind,
            "another kind, unless the encoder gives each row a normal distribution, from numbers and without dropout or batch normalization",
            source
        );

        void Applies(string key, int? value, params SamplerKind[] kinds) =>
            Require(
                value is null || kinds.Contains(sampler.Kind),
                $"sampler.{key}",
                value,
                $"left out, unless sampler.kind is {string.Join(" or ", kinds.Select(k => RecipeNames.Of(k)))}",
                source
            );
    }

    private static void CheckPosterior(Recipe recipe, string source)
    {
        var (posterior, objective) = (recipe.Latent.Posterior, recipe.Objective);
        var kind = RecipeNames.Of(posterior.Kind);
        Require(
            posterior.Steps is null || posterior.Kind != PosteriorKind.Normal,
            "latent.posterior.steps",
            posterior.Steps,
            "left out, unless latent.posterior.kind is planar or iaf",
            source
        );
        Require(
            posterior.Hidden is null || posterior.Kind == PosteriorKind.Iaf,
            "latent.posterior.hidden",
            posterior.Hidden,
            "left out, unless latent.posterior.kind is iaf",
            source
        );
        if (posterior.Kind == PosteriorKind.Normal)
            return;
        const string Path = "latent.posterior.kind";
        Require(recipe.Kind == ModelKind.Variational, Path, kind, "left out: a plain autoencoder has no posterior", source);
        RequireOneModelOfNumbers(recipe, Path, kind, "normal", source);
        Require(
            recipe.Prior.Kind != PriorKind.VampPrior,
            Path,
            kind,
            "normal with a vampPrior, which is a mixture of the posteriors of pseudo-inputs",
            source
        );
        Require(
            objective.Bound != BoundKind.Dreg,
            "objective.bound",
            "dreg",
            "another one, unless latent.posterior.kind is normal, whose density is known at any code",
            source
        );
        Require(objective.FreeBits == 0, "objective.freeBits", objective.FreeBits, $"0 with latent.posterior.kind {kind}", source);
        Require(objective.Trim == 0, "objective.trim", objective.Trim, $"0 with latent.posterior.kind {kind}", source);
    }

    private static void CheckUpper(Recipe recipe, string source)
    {
        if (recipe.Latent.Upper is not { } upper)
            return;
        const string Path = "latent.upper";
        var objective = recipe.Objective;
        Require(recipe.Kind == ModelKind.Variational, Path, "given", "left out: a plain autoencoder has no stochastic layers", source);
        RequireOneModelOfNumbers(recipe, Path, "given", "left out", source);
        Require(
            recipe.CodeLength() is > 0 and <= LatentRecipe.MaxDimension,
            Path,
            "too long",
            "at most 1048576 with latent.dimension",
            source
        );
        Require(
            recipe.Latent.Posterior.Kind == PosteriorKind.Normal,
            "latent.posterior.kind",
            RecipeNames.Of(recipe.Latent.Posterior.Kind),
            "normal with latent.upper, whose both layers are normal",
            source
        );
        Require(
            recipe.Prior.Kind != PriorKind.VampPrior || upper.Inference == InferenceOrder.TopDown,
            "latent.upper.inference",
            RecipeNames.Of(upper.Inference),
            "topDown with a vampPrior, a mixture of q(z₂|x) of pseudo-inputs",
            source
        );
        const string Known = "with latent.upper, whose KL is drawn";
        Require(objective.Bound != BoundKind.Dreg, "objective.bound", "dreg", $"another one {Known}", source);
        Require(objective.FreeBits == 0, "objective.freeBits", objective.FreeBits, $"0 {Known}", source);
        Require(objective.Trim == 0, "objective.trim", objective.Trim, $"0 {Known}", source);
        Require(objective.Mmd == 0, "objective.mmd", objective.Mmd, "0 with latent.upper, whose prior is learned", source);
        Require(objective.TotalCorrelation == 0, "objective.totalCorrelation", objective.TotalCorrelation, $"0 {Known}", source);
    }

    private static void CheckCodebook(Recipe recipe, string source)
    {
        if (recipe.Latent.Codebook is not { } codebook)
            return;
        const string Path = "latent.codebook";
        var objective = recipe.Objective;
        Require(recipe.Kind == ModelKind.Autoencoder, Path, "given", "left out, unless kind is autoencoder", source);
        RequireOneModelOfNumbers(recipe, Path, "given", "left out", source);
        Require(
            recipe.Latent.Dimension % codebook.Width == 0,
            "latent.codebook.width",
            codebook.Width,
            $"a divisor of latent.dimension, {recipe.Latent.Dimension}",
            source
        );
        const string Right = "0 with latent.codebook, whose codes are places in it";
        Require(objective.CodeNorm == 0, "objective.codeNorm", objective.CodeNorm, Right, source);
        Require(objective.GradientPenalty == 0, "objective.gradientPenalty", objective.GradientPenalty, Right, source);
        Require(objective.Mmd == 0, "objective.mmd", objective.Mmd, Right, source);
    }

    private static void CheckCondition(Recipe recipe, string source)
    {
        if (recipe.Condition is null)
            return;
        const string Path = "condition";
        RequireOneModelOfNumbers(recipe, Path, "given", "left out", source);
        Require(recipe.Latent.Upper is null, Path, "given", "left out with latent.upper", source);
        Require(recipe.Latent.Codebook is null, Path, "given", "left out with latent.codebook", source);
        Require(
            recipe.Prior.Kind != PriorKind.VampPrior && recipe.Sampler is not { Kind: SamplerKind.Vamp },
            Path,
            "given",
            "left out with pseudo-inputs, which have no label",
            source
        );
        Require(recipe.Noise.Kind == NoiseKind.None, Path, "given", "left out where noise.kind is given", source);
        Require(!recipe.Data.Mirror, Path, "given", "left out where data.mirror is true", source);
    }

    private static void RequireOneModelOfNumbers(Recipe recipe, string path, string value, string right, string source)
    {
        Require(recipe.Data.Table is null, path, value, $"{right} where data.table is given", source);
        Require(recipe.Ensemble == 1, path, value, $"{right} in an ensemble", source);
    }
}
