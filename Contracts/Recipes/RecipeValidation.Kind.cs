using Latent.Contracts.Bundles;

namespace Latent.Contracts.Recipes;

// Rules of what models with a code have, and denoisers without one.
public static partial class RecipeValidation
{
    private static void CheckKind(Recipe recipe, string source)
    {
        if (recipe.Kind == ModelKind.Denoiser)
        {
            CheckDenoiser(recipe, source);
            return;
        }

        if (ReferenceEquals(recipe.Latent, LatentRecipe.None))
            throw new LatentException($"latent is missing; kind {RecipeNames.Of(recipe.Kind)} needs its dimension ({source}).");
        Require(
            recipe.Latent.Dimension >= 1,
            "latent.dimension",
            recipe.Latent.Dimension,
            $"at least 1 and at most {LatentRecipe.MaxDimension}",
            source
        );
        Require(
            recipe.Noise.Predict == NoisePrediction.Image,
            "noise.predict",
            RecipeNames.Of(recipe.Noise.Predict),
            "left out, unless kind is denoiser",
            source
        );
    }

    private static void CheckDenoiser(Recipe recipe, string source)
    {
        const string NoCode = "left out: a denoiser has no code";
        var (data, objective) = (recipe.Data, recipe.Objective);
        Require(recipe.Latent == LatentRecipe.None, "latent", "given", NoCode, source);
        Require(recipe.Decoder.Count == 0, "decoder", "given", "left out: a denoiser's layers are all in encoder", source);
        Require(recipe.Prior.Kind == PriorKind.StandardNormal, "prior.kind", RecipeNames.Of(recipe.Prior.Kind), NoCode, source);
        Require(recipe.Sampler is null, "sampler", "given", NoCode, source);
        Require(recipe.Ensemble == 1, "ensemble", recipe.Ensemble, "left out: a denoiser is a single model", source);
        Require(recipe.Likelihood is null, "likelihood", "given", "left out: a denoiser has a distance, objective.reconstruction", source);
        Require(
            objective.Reconstruction
                is ReconstructionKind.MeanSquaredError
                    or ReconstructionKind.MeanAbsoluteError
                    or ReconstructionKind.Huber,
            "objective.reconstruction",
            RecipeNames.Of(objective.Reconstruction),
            "meanSquaredError, meanAbsoluteError or huber where kind is denoiser",
            source
        );
        Require(objective.Mmd == 0, "objective.mmd", objective.Mmd, $"0: {NoCode[10..]}", source);
        Require(
            objective.L2On is NetworkPart.All or NetworkPart.Encoder,
            "objective.l2On",
            RecipeNames.Of(objective.L2On),
            "all or encoder where kind is denoiser",
            source
        );
        Require(
            recipe.Noise.Kind is not (NoiseKind.None or NoiseKind.Swap),
            "noise.kind",
            RecipeNames.Of(recipe.Noise.Kind),
            "gaussian, masking, saltAndPepper or cutout where kind is denoiser",
            source
        );
        Require(recipe.Noise.Amount > 0, "noise.amount", recipe.Noise.Amount, "above 0 where kind is denoiser", source);
        Require(
            data.Image is not null || data.Source is DataSourceKind.Digits or DataSourceKind.Idx,
            "data.image",
            "left out",
            "given where kind is denoiser, which takes images",
            source
        );
        Require(
            data is { Scaling: ScalingKind.Unit, Binarization: BinarizationKind.None },
            "data.scaling",
            data.Binarization == BinarizationKind.None
                ? RecipeNames.Of(data.Scaling)
                : $"{RecipeNames.Of(data.Scaling)} with data.binarization {RecipeNames.Of(data.Binarization)}",
            "unit, without data.binarization, where kind is denoiser",
            source
        );
    }
}
