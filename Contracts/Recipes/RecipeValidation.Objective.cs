using Latent.Contracts.Bundles;
using Latent.Contracts.Layers;

namespace Latent.Contracts.Recipes;

// Rules of likelihoods, bounds, regularizers and scores.
public static partial class RecipeValidation
{
    private static void CheckLikelihood(Recipe recipe, string source)
    {
        if (recipe.Likelihood is { Kind: LikelihoodKind.Bernoulli } bernoulli)
        {
            const string Right = "left out: a bernoulli likelihood has no spread";
            Require(bernoulli.Scale == SpreadKind.Fixed, "likelihood.scale", RecipeNames.Of(bernoulli.Scale), Right, source);
            Require(bernoulli.Spread is null, "likelihood.spread", bernoulli.Spread, Right, source);
        }

        if (recipe.Objective.Reconstruction == ReconstructionKind.DiscretizedLogistic)
        {
            Require(
                recipe.Data is { Scaling: ScalingKind.Unit, Binarization: BinarizationKind.None, Source: not DataSourceKind.Csv },
                "likelihood.kind",
                "discretizedLogistic",
                "another one, unless rows are pixels with data.scaling unit and without data.binarization",
                source
            );
        }
    }

    private static void CheckRegularizers(Recipe recipe, string source)
    {
        var objective = recipe.Objective;
        var isPlain = recipe.Kind == ModelKind.Autoencoder;
        Require(
            objective.L2 == 0
                || objective.L2On != NetworkPart.Prior
                || recipe.Prior.Kind != PriorKind.StandardNormal
                || recipe.Latent.Upper is not null,
            "objective.l2On",
            "prior",
            "another part, unless prior.kind is one that is learned",
            source
        );
        Require(
            objective.OuterSamples is null || objective.Bound is BoundKind.Miwae or BoundKind.Piwae,
            "objective.outerSamples",
            objective.OuterSamples,
            "left out, unless objective.bound is miwae or piwae",
            source
        );
        Require(
            objective.ElboWeight is null || objective.Bound == BoundKind.Ciwae,
            "objective.elboWeight",
            objective.ElboWeight,
            "left out, unless objective.bound is ciwae",
            source
        );
        Require(
            objective.Bound != BoundKind.Piwae || recipe.Prior.Kind != PriorKind.VampPrior,
            "objective.bound",
            "piwae",
            "another one with a vampPrior, which shares the encoder's parameters, that piwae trains by a bound of their own",
            source
        );
        Require(
            objective.TotalCorrelation == 0 || (!isPlain && recipe.Latent.Posterior.Kind == PosteriorKind.Normal),
            "objective.totalCorrelation",
            objective.TotalCorrelation,
            "0, unless kind is variational and latent.posterior.kind is normal",
            source
        );
        Require(
            objective.Mmd == 0 || recipe.Prior.Kind == PriorKind.StandardNormal,
            "objective.mmd",
            objective.Mmd,
            "0, unless prior.kind is standardNormal, whose draws do not depend on what is learned",
            source
        );
        Require(objective.CodeNorm == 0 || isPlain, "objective.codeNorm", objective.CodeNorm, "0, unless kind is autoencoder", source);
        Require(
            objective.GradientPenalty == 0 || isPlain,
            "objective.gradientPenalty",
            objective.GradientPenalty,
            "0, unless kind is autoencoder",
            source
        );
        for (var i = 0; i < recipe.Decoder.Count && objective.GradientPenalty > 0; i++)
        {
            if (IsUneven(recipe.Decoder[i]))
            {
                throw new LatentException(
                    $"decoder[{i}] is {RecipeNames.Of(recipe.Decoder[i].Type)}, whose output has no derivative by one code; leave it or objective.gradientPenalty out ({source})."
                );
            }
        }
    }

    /// <summary>Tells whether a layer treats rows otherwise from one pass to the next, or by the other rows, while training.</summary>
    private static bool IsUneven(LayerRecipe layer) =>
        LayerDefinition.Flatten([layer]).Any(part => LayerDefinition.Of(part.Type) is { IsRandom: true } or { MixesRows: true });

    private static void CheckObjective(Recipe recipe, string source)
    {
        var objective = recipe.Objective;
        var bound = RecipeNames.Of(objective.Bound);
        if (recipe.Kind != ModelKind.Variational)
        {
            var plain = recipe.Kind == ModelKind.Denoiser ? "a denoiser" : "a plain autoencoder";
            Require(objective.Bound == BoundKind.Elbo, "objective.bound", bound, $"left out: {plain} has no bound", source);
            Require(objective.Samples == 1, "objective.samples", objective.Samples, $"left out: {plain} draws no samples", source);
        }

        if (objective.GradientSamples > 0)
        {
            Require(
                recipe.Kind == ModelKind.Variational && objective.Bound is BoundKind.Iwae or BoundKind.Dreg,
                "objective.gradientSamples",
                objective.GradientSamples,
                "0, unless objective.bound is iwae or dreg, whose samples have weights to choose by",
                source
            );
            Require(
                objective.GradientSamples <= objective.Samples,
                "objective.gradientSamples",
                objective.GradientSamples,
                $"at most objective.samples, {objective.Samples}",
                source
            );
            for (var i = 0; i < recipe.Decoder.Count; i++)
            {
                if (IsUneven(recipe.Decoder[i]))
                {
                    throw new LatentException(
                        $"decoder[{i}] is {RecipeNames.Of(recipe.Decoder[i].Type)}, which decodes chosen samples otherwise than all of them; leave it or objective.gradientSamples out ({source})."
                    );
                }
            }
        }

        if (objective.FreeBits > 0)
        {
            Require(
                recipe.Kind == ModelKind.Variational && objective.Bound == BoundKind.Elbo,
                "objective.freeBits",
                objective.FreeBits,
                "0, unless objective.bound is elbo, whose KL is known dimension by dimension",
                source
            );
        }

        Require(
            (objective.Reconstruction == ReconstructionKind.Columns) == (recipe.Data.Table is not null),
            "objective.reconstruction",
            RecipeNames.Of(objective.Reconstruction),
            "columns where data.table is given, and only there",
            source
        );
        Require(
            recipe.Score.Density == DensityKind.None || recipe.Data.Table is not null,
            "score.density",
            RecipeNames.Of(recipe.Score.Density),
            "none, unless data.table is given",
            source
        );
        Require(
            recipe.Score.ReconstructionWeight + (recipe.Score.Density == DensityKind.None ? 0 : recipe.Score.DensityWeight) > 0,
            "score.reconstructionWeight",
            recipe.Score.ReconstructionWeight,
            "above 0, unless a density has a weight",
            source
        );
        if (objective.Trim > 0)
        {
            Require(
                objective is { Bound: BoundKind.Elbo, Samples: 1 },
                "objective.trim",
                objective.Trim,
                "0, unless objective.bound is elbo with one sample",
                source
            );
        }

        if (objective.Reconstruction == ReconstructionKind.Bernoulli)
        {
            Require(
                recipe.Data.Scaling is ScalingKind.Unit or ScalingKind.MinMax,
                "data.scaling",
                RecipeNames.Of(recipe.Data.Scaling),
                "unit or minMax: a Bernoulli likelihood needs values from 0 to 1",
                source
            );
            if (recipe.Decoder.Count > 0 && recipe.Decoder[^1].Type == LayerType.Sigmoid)
            {
                throw new LatentException(
                    $"decoder[{recipe.Decoder.Count - 1}] is sigmoid; leave it out, since a bernoulli reconstruction works on logits ({source})."
                );
            }
        }

        if (recipe.Initialization.OutputBiasFromMean)
        {
            Require(
                objective.Reconstruction == ReconstructionKind.Bernoulli
                    || (recipe.Decoder.Count > 0 && recipe.Decoder[^1].Type == LayerType.Sigmoid),
                "initialization.outputBiasFromMean",
                "true",
                "false, unless objective.reconstruction is bernoulli or the decoder ends in sigmoid",
                source
            );
        }
    }
}
