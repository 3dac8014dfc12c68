using System.Text.RegularExpressions;
using Latent.Contracts.Bundles;
using Latent.Contracts.Files;
using Latent.Contracts.Json;
using Latent.Contracts.Layers;

namespace Latent.Contracts.Recipes;

/// <summary>
/// Refuses recipes that can't be run. Ranges of single keys are attributes of the types; rules about several keys are here.
/// </summary>
public static partial class RecipeValidation
{
    /// <summary>Checks every range and every rule, and the layers' shapes if the recipe itself says how large a row is.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="source">Origin of the recipe, for messages.</param>
    /// <exception cref="LatentException">A value is invalid; the message names the key, its value and what would be right.</exception>
    public static void Check(Recipe recipe, string source)
    {
        RangeCheck.Check(recipe, "", source);
        Require(
            NamePattern().IsMatch(recipe.Name),
            "name",
            $"\"{recipe.Name}\"",
            "lower-case letters and digits with single hyphens between",
            source
        );
        CheckLayers("encoder", recipe.Encoder, source);
        CheckLayers("decoder", recipe.Decoder, source);
        CheckLayers("latent.upper.encoder", recipe.Latent.Upper?.Encoder ?? [], source);
        CheckLayers("latent.upper.decoder", recipe.Latent.Upper?.Decoder ?? [], source);
        CheckData(recipe.Data, source);
        CheckNoise(recipe, source);
        CheckObjective(recipe, source);
        CheckPrior(recipe, source);
        CheckPosterior(recipe, source);
        CheckSampler(recipe, source);
        CheckUpper(recipe, source);
        CheckCodebook(recipe, source);
        CheckLikelihood(recipe, source);
        CheckRegularizers(recipe, source);
        Require(
            (long)recipe.Latent.Dimension * recipe.Ensemble <= LatentRecipe.MaxDimension,
            "ensemble",
            recipe.Ensemble,
            $"at most {LatentRecipe.MaxDimension} divided by latent.dimension, {recipe.Latent.Dimension}",
            source
        );
        if (recipe.Latent.Activation is { } activation)
        {
            Require(
                LayerDefinition.Of(activation) is { Takes: LayerInput.Values, Keys.Length: 0 },
                "latent.activation",
                RecipeNames.Of(activation),
                "an activation without keys",
                source
            );
        }

        if (Image(recipe.Data) is { } image)
            CheckShapes(() => LayerShapes.Of(recipe, LayerShapes.RowShape(recipe, image)), source);
    }

    /// <summary>
    /// Gets the size of the images if the recipe states it: data.image, or 28 by 28 for drawn digits; null if the data decide.
    /// </summary>
    /// <param name="data">The recipe's data.</param>
    public static ImageDescription? Image(DataRecipe data) =>
        data.Image ?? (data.Source == DataSourceKind.Digits ? new ImageDescription(1, 28, 28) : null);

    /// <summary>Checks the layers' keys and ranges, and that they take a row of a shape and return the same shape.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="input">The description of a row.</param>
    /// <param name="source">Origin of the recipe, for messages.</param>
    /// <exception cref="LatentException">A key or a shape is invalid.</exception>
    internal static void CheckLayers(Recipe recipe, InputDescription input, string source)
    {
        (string, IReadOnlyList<LayerRecipe>)[] parts =
        [
            ("recipe.encoder", recipe.Encoder),
            ("recipe.decoder", recipe.Decoder),
            ("recipe.latent.upper.encoder", recipe.Latent.Upper?.Encoder ?? []),
            ("recipe.latent.upper.decoder", recipe.Latent.Upper?.Decoder ?? []),
        ];
        foreach (var (part, layers) in parts)
        {
            CheckLayers(part, layers, source);
            for (var i = 0; i < layers.Count; i++)
                RangeCheck.Check(layers[i], $"{part}[{i}]", source);
        }

        CheckShapes(() => LayerShapes.Of(recipe, input), source);
    }

    private static void CheckShapes(Func<LayerShapes> shapes, string source)
    {
        try
        {
            shapes();
        }
        catch (LatentException e)
        {
            throw new LatentException($"{FileError.Reason(e)} ({source}).", e);
        }
    }

    private static void CheckLayers(string part, IReadOnlyList<LayerRecipe> layers, string source)
    {
        for (var i = 0; i < layers.Count; i++)
        {
            var layer = layers[i];
            var (path, type, definition) = ($"{part}[{i}]", RecipeNames.Of(layer.Type), LayerDefinition.Of(layer.Type));
            string[] given = [.. LayerDefinition.GivenKeys(layer)];
            if (given.Except(definition.Keys).FirstOrDefault() is { } stray)
            {
                var hint = definition.Keys.Length == 0 ? ", which has no keys" : $"; it takes {string.Join(", ", definition.Keys)}";
                throw new LatentException($"{path}.{stray} does not apply to {type}{hint} ({source}).");
            }

            if (definition.RequiredKeys.Except(given).FirstOrDefault() is { } missing)
                throw new LatentException($"{path}.{missing} is missing; {type} needs it ({source}).");
            if (definition.Wrong(layer) is var (key, value, right))
                Require(false, $"{path}.{key}", value, right, source);
            CheckLayers($"{path}.layers", layer.Layers ?? [], source);
        }
    }

    private static void CheckData(DataRecipe data, string source)
    {
        var image = Image(data);
        Require(
            data.Validation + data.Test < 1,
            "data.validation + data.test",
            data.Validation + data.Test,
            "below 1, so that rows are left to train on",
            source
        );
        if (data.Image is { } size)
        {
            Require(size.Channels is 1 or 3, "data.image.channels", size.Channels, "1 (grey) or 3 (red, green, blue)", source);
            Require(size.Height is >= 1 and <= 8192, "data.image.height", size.Height, "from 1 to 8192 pixels", source);
            Require(size.Width is >= 1 and <= 8192, "data.image.width", size.Width, "from 1 to 8192 pixels", source);
        }

        if (data.Source == DataSourceKind.Digits)
        {
            Require(
                data.Image is null or { Channels: 1, Height: 28, Width: 28 },
                "data.image",
                "another size",
                "28 by 28 in grey, as digits are drawn",
                source
            );
        }

        if (data.Source == DataSourceKind.Images && data.Image is null)
            throw new LatentException($"data.image is missing; a folder of images needs the size that they are brought to ({source}).");
        if (data.Source == DataSourceKind.Images && data.Label is { } label)
            Require(label == "folder", "data.label", $"\"{label}\"", "\"folder\", the folder that an image lies in", source);
        if (data.Mirror && image is null && data.Source != DataSourceKind.Idx)
            throw new LatentException($"data.mirror is true, but the rows are no images; give data.image ({source}).");
        Require(
            data.Binarization == BinarizationKind.None || data.Scaling is ScalingKind.Unit or ScalingKind.MinMax,
            "data.binarization",
            RecipeNames.Of(data.Binarization),
            "none, unless data.scaling is unit or minMax",
            source
        );
        if (data.Separator is { } separator)
        {
            Require(
                separator.Length == 1 && !"\"\r\n".Contains(separator),
                "data.separator",
                $"\"{separator}\"",
                "one character, no quote and no line end",
                source
            );
        }

        if (data.Table is { } table)
        {
            Require(
                data.Source == DataSourceKind.Csv && data.Image is null,
                "data.table",
                "given",
                "left out, unless data.source is csv and the rows are no images",
                source
            );
            Require(
                data.Scaling == ScalingKind.None,
                "data.scaling",
                RecipeNames.Of(data.Scaling),
                "none with data.table, whose data.table.scaling brings numbers to one unit",
                source
            );
            Require(
                table.EmbeddingWidth is null
                    || table.Categories == WordEncoding.Embedding
                    || table.Encodings?.Values.Contains(WordEncoding.Embedding) == true,
                "data.table.embeddingWidth",
                table.EmbeddingWidth,
                "left out, unless data.table.categories, or data.table.encodings of a column, is embedding",
                source
            );
        }

        if (data.Columns is { } columns)
        {
            Require(
                data.Source == DataSourceKind.Csv && columns.Count > 0,
                "data.columns",
                $"[{string.Join(", ", columns)}]",
                "a list of columns of a csv source",
                source
            );
        }
    }

    private static void CheckNoise(Recipe recipe, string source)
    {
        var noise = recipe.Noise;
        if (noise.Kind is NoiseKind.Masking or NoiseKind.SaltAndPepper or NoiseKind.Cutout or NoiseKind.Swap)
            Require(noise.Amount <= 1, "noise.amount", noise.Amount, $"a fraction from 0 to 1 for {RecipeNames.Of(noise.Kind)}", source);
        if (noise.Kind == NoiseKind.Swap && recipe.Data.Table is null)
            throw new LatentException($"noise.kind is swap, but data.table is not given; it is for tables ({source}).");
        if (noise.Kind == NoiseKind.Cutout && Image(recipe.Data) is null && recipe.Data.Source == DataSourceKind.Csv)
            throw new LatentException($"noise.kind is cutout, but the rows are no images ({source}).");
    }

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
        Require(recipe.Data.Table is null, "prior.kind", kind, "standardNormal where data.table is given", source);
        Require(recipe.Ensemble == 1, "prior.kind", kind, "standardNormal in an ensemble", source);
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
        Require(recipe.Data.Table is null, Path, kind, "normal where data.table is given", source);
        Require(recipe.Ensemble == 1, Path, kind, "normal in an ensemble", source);
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
        Require(recipe.Data.Table is null, Path, "given", "left out where data.table is given", source);
        Require(recipe.Ensemble == 1, Path, "given", "left out in an ensemble", source);
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
        Require(recipe.Data.Table is null, Path, "given", "left out where data.table is given", source);
        Require(recipe.Ensemble == 1, Path, "given", "left out in an ensemble", source);
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
        if (recipe.Kind == ModelKind.Autoencoder)
        {
            Require(objective.Bound == BoundKind.Elbo, "objective.bound", bound, "left out: a plain autoencoder has no bound", source);
            Require(
                objective.Samples == 1,
                "objective.samples",
                objective.Samples,
                "left out: a plain autoencoder draws no samples",
                source
            );
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

    private static void Require(bool holds, string path, object? value, string right, string source)
    {
        if (!holds)
            throw new LatentException(FormattableString.Invariant($"{path} is {value}; it must be {right} ({source})."));
    }

    [GeneratedRegex(@"^[a-z0-9]+(-[a-z0-9]+)*\z")]
    private static partial Regex NamePattern();
}
