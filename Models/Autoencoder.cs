using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Contracts.Recipes;
using Latent.Contracts.Tables;
using Latent.Models.Codebooks;
using Latent.Models.Distributions;
using Latent.Models.Layers;
using Latent.Models.Likelihoods;
using Latent.Models.Posteriors;
using Latent.Models.Priors;
using Latent.Models.Tables;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Latent.Models;

/// <summary>
/// Represents the encoder, heads and decoder of a recipe. In its state_dict they are encoder.N.…, mean.…, spread.… and decoder.N.…, N
/// counting layers as the recipe does, posterior.… of flows or of a second stochastic layer, conditional.… of p(z₁|z₂), prior.…,
/// codebook.…, and offset and factor, the scaling; logSpread is ln of a likelihood's learned spread, columnLogVariance ln σ² of a table's
/// columns that learn it, and embeddingN.weight what a table's Nth column of words gives to the encoder. An ensemble has nothing but its
/// members, each a whole model: memberN.encoder.N.… and so on.
/// </summary>
public sealed class Autoencoder : nn.Module
{
    /// <summary>Bounds of the logarithm of a variance, so that neither it nor its inverse overflows.</summary>
    internal const double MinLogVariance = -30,
        MaxLogVariance = 20;

    private static readonly double MaxLogSpread = Math.Log(1000);

    private readonly Sequential? encoder;
    private readonly Linear? mean;
    private readonly Linear? spread;
    private readonly Sequential? decoder;
    private readonly nn.Module<Tensor, Tensor>? _activation;
    private readonly Parameter? columnLogVariance;
    private readonly nn.Module? posterior;
    private readonly Parameter? logSpread;
    private readonly nn.Module? prior;
    private nn.Module? sampler;
    private readonly ConditionalNormal? conditional;
    private readonly Codebook? codebook;
    private readonly VarianceHead _varianceHead;
    private readonly TableCodec? _codec;
    private readonly Linear?[] _embeddings = [];
    private Tensor? offset;
    private Tensor? factor;

    private Autoencoder(Recipe recipe, InputDescription input, Scaling scaling, Tensor? trainingMean)
        : base(nameof(Autoencoder))
    {
        Recipe = recipe;
        Input = input;
        Shapes = LayerShapes.Of(recipe, input);
        Term = ReconstructionTerm.Of(recipe.Objective.Reconstruction);
        _varianceHead = new VarianceHead(recipe.Latent);
        if (input.Table is { } table)
        {
            Table = new TableLayout(table);
            _codec = new TableCodec(Table);
        }

        if (recipe.Ensemble > 1)
        {
            var alone = recipe with { Ensemble = 1 };
            Members = [.. Enumerable.Range(0, recipe.Ensemble).Select(_ => Create(alone, input, scaling, trainingMean))];
            foreach (var (i, member) in Members.Index())
                register_module($"member{i}", member);
            RegisterComponents();
            return;
        }

        Members = [this];
        if (Table is not null)
            _embeddings = [.. Table.Categories.Select((column, i) => Embedding(i, Table.Table.Columns[column].EmbeddingWidth))];
        encoder = LayerKind.Stack(recipe.Encoder, Shapes.EncoderInput, Shapes.Encoder);
        if (recipe.Kind == ModelKind.Variational || (recipe.Kind == ModelKind.Autoencoder && recipe.Latent.Linear))
            mean = nn.Linear(Shapes.EncoderFeatures, recipe.Latent.Dimension);
        if (recipe.Kind == ModelKind.Variational)
            spread = nn.Linear(Shapes.EncoderFeatures, recipe.Latent.Dimension);
        else if (recipe.Latent.Activation is { } activation)
            _activation = LayerKind.Of(activation).Create(new LayerRecipe { Type = activation }, [recipe.Latent.Dimension]);
        decoder = LayerKind.Stack(recipe.Decoder, Shapes.DecoderInput, Shapes.Decoder);
        if (Table?.Groups.FirstOrDefault(group => group.Likelihood == ColumnLikelihood.LearnedGaussian) is { Count: > 0 } learned)
            columnLogVariance = new Parameter(zeros(learned.Count));
        posterior = recipe.Latent.Upper is null ? FlowPosterior() : UpperPosterior(recipe.Latent.Upper);
        conditional = recipe.Latent.Upper is null ? null : LowerPrior(recipe.Latent.Upper);
        logSpread = LearnedSpread();
        prior = Distribution(recipe.Prior.Kind, recipe.Prior, recipe.Latent.Upper?.Dimension ?? recipe.Latent.Dimension);
        codebook = recipe.Latent.Codebook is null ? null : new Codebook(recipe.Latent.Codebook, recipe.Latent.Dimension);
        offset = Buffer(scaling.Offset);
        factor = Buffer(scaling.Factor);
        RegisterComponents();
    }

    /// <summary>Gets the recipe.</summary>
    public Recipe Recipe { get; }

    /// <summary>Gets the description of a row.</summary>
    public InputDescription Input { get; }

    /// <summary>Gets the output shape of every layer.</summary>
    public LayerShapes Shapes { get; }

    /// <summary>Gets whether codes are distributions.</summary>
    public bool IsVariational => Recipe.Kind == ModelKind.Variational;

    /// <summary>Gets whether the model has no codes, but makes clean images of noisy ones.</summary>
    public bool IsDenoiser => Recipe.Kind == ModelKind.Denoiser;

    /// <summary>Gets the members of an ensemble; the model itself if it is a single one.</summary>
    internal IReadOnlyList<Autoencoder> Members { get; }

    /// <summary>Gets the layout of a table with columns of several kinds; null for other rows.</summary>
    internal TableLayout? Table { get; }

    /// <summary>Gets the shape of a row in model units.</summary>
    internal IReadOnlyList<int> UnitShape =>
        _codec is not null ? [_codec.RowLength]
        : Classes == 0 ? Input.Shape
        : [Features + Classes];

    /// <summary>Gets the number of labels that rows are conditioned on; 0 without a condition.</summary>
    internal int Classes => Input.Classes?.Count ?? 0;

    private int Features => Input.Shape.Aggregate(1, (a, b) => a * b);

    internal Sequential Encoder => encoder!;

    internal Linear? MeanHead => mean;

    internal Linear? VarianceHead => spread;

    internal nn.Module<Tensor, Tensor>? CodeActivation => _activation;

    internal Sequential Decoder => decoder!;

    /// <summary>Gets, for each of a table's columns of words, its embedding, which has no bias; null for units as they are.</summary>
    internal IReadOnlyList<Linear?> Embeddings => _embeddings;

    internal nn.Module? PriorModule => prior;

    internal nn.Module? PosteriorModule => posterior;

    /// <summary>Gets what makes q of the second stochastic layer; null without one.</summary>
    internal ConditionalNormal? UpperLayer => posterior as ConditionalNormal;

    /// <summary>Gets what makes p(z₁|z₂) of two stochastic layers; null without a second one.</summary>
    internal ConditionalNormal? LowerPriorModule => conditional;

    /// <summary>Gets the codebook that codes are taken from; null without one.</summary>
    internal Codebook? Codebook => codebook;

    internal bool IsTopDown => Recipe.Latent.Upper is { Inference: InferenceOrder.TopDown };

    internal VarianceHead VarianceOf => _varianceHead;

    /// <summary>Gets the reconstruction term of single values; not for tables, whose columns have their own.</summary>
    internal ReconstructionTerm Term { get; }

    /// <summary>
    /// Gets ln of the likelihood's spread, [1] or of a row's shape, from ln 0.001 to ln 1000; null where the term has none.
    /// </summary>
    internal Tensor? LogSpread =>
        logSpread?.clamp(-MaxLogSpread, MaxLogSpread)
        ?? (Term.HasSpread ? tensor([(float)Math.Log(Spread)], [1], device: offset!.device) : null);

    private double Spread =>
        Recipe.Likelihood?.Spread ?? (Recipe.Objective.Reconstruction == ReconstructionKind.DiscretizedLogistic ? 0.05 : 1);

    internal Tensor Offset => Members[0].offset!;

    internal Tensor Factor => Members[0].factor!;

    internal bool Binarizes => Recipe.Data.Binarization == BinarizationKind.Static;

    internal bool IsBernoulli => Recipe.Objective.Reconstruction == ReconstructionKind.Bernoulli;

    /// <summary>Makes a model with fresh weights, the same from the same seed given to torch.manual_seed.</summary>
    /// <param name="recipe">A validated recipe.</param>
    /// <param name="input">Description of a row.</param>
    /// <param name="scaling">Conversion from raw values to model units; of length 1, or one value per feature.</param>
    /// <param name="trainingMean">
    /// Mean of the training rows in model units, as many values as a row has; needed only for
    /// initialization.outputBiasFromMean, and not when weights are loaded afterwards.
    /// </param>
    /// <exception cref="LatentException">A layer doesn't fit the one before it.</exception>
    /// <exception cref="ArgumentException">The length of the scaling or of the mean differs from a row's.</exception>
    public static Autoencoder Create(Recipe recipe, InputDescription input, Scaling scaling, Tensor? trainingMean = null)
    {
        var features = input.Shape.Aggregate((a, b) => a * b);
        if (scaling.Factor.Length != 1 && scaling.Factor.Length != features)
        {
            throw new ArgumentException(
                $"The scaling has {scaling.Factor.Length} factors, but a row has {features} values.",
                nameof(scaling)
            );
        }

        var model = new Autoencoder(recipe, input, scaling, trainingMean);
        if (model.Members.Count == 1)
            Initialization.Apply(model, recipe.Initialization, trainingMean);
        return model;
    }

    /// <summary>Removes the noise of images by the layers of a denoiser: f(x), or x - f(x) where they give the noise.</summary>
    /// <param name="x">Images in model units, [batch, …input shape].</param>
    /// <returns>Images in model units, of the same shape.</returns>
    /// <exception cref="InvalidOperationException">The model is not a denoiser.</exception>
    public Tensor Denoise(Tensor x)
    {
        if (!IsDenoiser)
            throw new InvalidOperationException($"{Recipe.Name} is no denoiser: its images have codes.");
        var made = Run(Encoder, x);
        return Recipe.Noise.Predict == NoisePrediction.Noise ? x - made : made;
    }

    /// <summary>Encodes rows; an ensemble gives the codes of its members one after the other, z of each.</summary>
    /// <param name="x">Rows in model units, [batch, …input shape].</param>
    /// <exception cref="InvalidOperationException">The model is a denoiser.</exception>
    public Posterior Encode(Tensor x)
    {
        if (Members.Count > 1)
        {
            Posterior[] codes = [.. Members.Select(member => member.Encode(x))];
            return new Posterior(
                cat([.. codes.Select(code => code.Mean)], 1),
                IsVariational ? cat([.. codes.Select(code => code.LogVariance!)], 1) : null
            );
        }

        if (IsDenoiser)
            throw new InvalidOperationException($"{Recipe.Name} is a denoiser, which has no codes.");
        if (posterior is ConditionalNormal upper)
            return EncodeTwoLayers(upper, x);
        var hidden = Run(Encoder, EncoderInput(x));
        if (spread is null)
        {
            var values = CodeOf(hidden);
            return new Posterior(codebook is null ? values : codebook.Nearest(values).to(values.dtype).reshape(-1, codebook.Count), null);
        }

        return new Posterior(mean!.call(hidden), _varianceHead.Of(spread.call(hidden))) { Flow = (posterior as IPosterior)?.Of(hidden) };
    }

    /// <summary>Encodes rows of a plain autoencoder to what its codebook, if it has one, is searched for.</summary>
    /// <param name="x">Rows in model units, [batch, …input shape].</param>
    /// <returns>[batch, latent.dimension].</returns>
    internal Tensor EncodeValues(Tensor x) => CodeOf(Run(Encoder, EncoderInput(x)));

    /// <summary>Decodes what <see cref="EncodeValues"/> gives.</summary>
    internal Tensor DecodeValues(Tensor values) => Run(Decoder, values);

    private Tensor CodeOf(Tensor hidden)
    {
        var code = mean is null ? hidden : mean.call(hidden);
        return _activation is null ? code : _activation.call(code);
    }

    // The layer that is inferred last has N(0, I) in its place, which the flow transforms.
    private Posterior EncodeTwoLayers(ConditionalNormal upper, Tensor x)
    {
        var length = Recipe.Latent.Dimension;
        if (IsTopDown)
        {
            var second = upper.Of(x);
            var first = Zeros(x, length);
            return new Posterior(cat([first, second.Mean], 1), cat([first, second.LogVariance], 1))
            {
                Flow = new TopDownFlow(Lower, x, length),
            };
        }

        var lower = Lower(x);
        var rest = Zeros(x, Recipe.Latent.Upper!.Dimension);
        return new Posterior(cat([lower.Mean, rest], 1), cat([lower.LogVariance, rest], 1)) { Flow = new BottomUpFlow(upper, length) };
    }

    private static Tensor Zeros(Tensor rows, long length)
    {
        long[] shape = [rows.shape[0], length];
        return zeros(shape, device: rows.device);
    }

    private DiagonalNormal Lower(Tensor given)
    {
        var hidden = Run(Encoder, given);
        return new DiagonalNormal(mean!.call(hidden), _varianceHead.Of(spread!.call(hidden)));
    }

    /// <summary>Decodes codes to the output of the decoder's last layer: logits if the likelihood is Bernoulli, else model units.</summary>
    /// <param name="z">Codes, [batch, z]; of an ensemble those of its members one after the other.</param>
    /// <param name="rows">
    /// Rows in model units whose labels the codes are decoded with, [rows, …], or as often as there are codes; only for a model with a
    /// condition.
    /// </param>
    /// <returns>[batch, …input shape]; of an ensemble [batch, members, …input shape].</returns>
    public Tensor Decode(Tensor z, Tensor? rows = null)
    {
        var length = Recipe.Latent.Dimension;
        if (Classes > 0)
            z = cat([z, LabelsOf(rows ?? throw new ArgumentNullException(nameof(rows)), z.shape[0])], 1);
        return Members.Count == 1
            ? Run(
                Decoder,
                codebook is not null ? codebook.Of(z)
                    : conditional is null || IsTopDown ? z
                    : z.narrow(1, 0, length)
            )
            : stack(Members.Select((member, i) => member.Decode(z.narrow(1, i * length, length))), 1);
    }

    /// <summary>
    /// Converts the output of <see cref="Decode"/> to the mean of p(x|z) in model units: the sigmoid of logits, levels of pixels clipped to
    /// theirs, else the same values.
    /// </summary>
    /// <param name="raw">[batch, …].</param>
    public Tensor Mean(Tensor raw) => Term.Mean(raw);

    /// <summary>
    /// Converts the output of <see cref="Decode"/> to the reconstruction in the data's units; of an ensemble the mean of its members', and
    /// of words the one with the largest mean probability.
    /// </summary>
    /// <param name="raw">[batch, …], with members where <see cref="Decode"/> gives them.</param>
    /// <returns>[batch, …input shape].</returns>
    public Tensor Reconstruct(Tensor raw)
    {
        if (Members.Count == 1)
            return ToDataUnits(Mean(raw));
        return _codec is null
            ? ToDataUnits(Mean(raw).mean([1]))
            : tensor(_codec.Decode(Values(raw), Members.Count), [raw.shape[0], .. Input.Shape], device: raw.device);
    }

    /// <summary>
    /// Converts the data's units to the model's; with data.binarization static, also to 0 and 1. Rows of a table with columns of several
    /// kinds get 1 for each cell that is present, else 0, after their units; those of a model with a condition 1 for their label and 0 for
    /// each other after their values.
    /// </summary>
    /// <param name="raw">[batch, …input shape]; of a model with a condition [batch, features + 1], the last the index of the label.</param>
    public Tensor ToModelUnits(Tensor raw)
    {
        if (_codec is not null)
            return tensor(_codec.Encode(Values(raw)), [raw.shape[0], _codec.RowLength], device: raw.device);
        if (Classes > 0)
        {
            var values = Scaled(raw.narrow(1, 0, Features).reshape([raw.shape[0], .. Input.Shape])).reshape(-1, Features);
            var label = raw.narrow(1, Features, 1);
            var all = arange(Classes, float32, raw.device);
            return cat([values, (label >= all).to(values.dtype) * (label <= all).to(values.dtype)], 1);
        }

        return Scaled(raw);
    }

    private Tensor Scaled(Tensor raw)
    {
        var scaled = (raw - Offset) * Factor;
        return Binarizes ? (scaled >= 0.5).to(scaled.dtype) : scaled;
    }

    /// <summary>Gets the values of rows in model units, without the units of their labels.</summary>
    /// <param name="x">Rows in model units; leading dimensions count them.</param>
    /// <returns>[…, …input shape].</returns>
    internal Tensor ValuesOf(Tensor x) => Classes == 0 ? x : x.narrow(-1, 0, Features).reshape([.. x.shape[..^1], .. Input.Shape]);

    // The labels of rows, as often as there are codes: draws of a row lie a whole minibatch apart.
    private Tensor LabelsOf(Tensor rows, long count)
    {
        var labels = rows.narrow(-1, Features, Classes).reshape(-1, Classes);
        var times = count / labels.shape[0];
        return times == 1 ? labels : labels.unsqueeze(0).expand(times, -1, -1).reshape(count, Classes);
    }

    /// <summary>Converts model units to the data's.</summary>
    /// <param name="x">[batch, …input shape].</param>
    public Tensor ToDataUnits(Tensor x) =>
        _codec is null ? (x / Factor) + Offset : tensor(_codec.Decode(Values(x)), [x.shape[0], .. Input.Shape], device: x.device);

    /// <summary>Computes the error of each column of a table; see <see cref="ColumnErrors"/>.</summary>
    /// <param name="raw">Output of <see cref="Decode"/>, [batch, width].</param>
    /// <param name="target">Rows in model units.</param>
    /// <param name="withEntropy">Whether learned variances are added, as a likelihood has them and an anomaly score has not.</param>
    /// <returns>[batch, columns].</returns>
    internal Tensor ColumnErrorsOf(Tensor raw, Tensor target, bool withEntropy) =>
        OverMembers(raw, (member, own) => ColumnErrors.Of(Table!, own, target, member.columnLogVariance, withEntropy));

    /// <summary>Averages what each member's output gives.</summary>
    /// <param name="raw">Output of <see cref="Decode"/>.</param>
    /// <param name="of">Computes it of a member and its output.</param>
    internal Tensor OverMembers(Tensor raw, Func<Autoencoder, Tensor, Tensor> of) =>
        Members.Count == 1 ? of(this, raw) : stack(Members.Select((member, i) => of(member, raw.select(1, i)))).mean([0]);

    internal Parameter? ColumnLogVariance => columnLogVariance;

    private Linear? Embedding(int index, int? width)
    {
        if (width is not { } values)
            return null;
        var embedding = nn.Linear(Table!.CategoryWidths[index], values, false);
        register_module($"embedding{index}", embedding);
        return embedding;
    }

    private Tensor EncoderInput(Tensor x)
    {
        if (Classes > 0 && Input.Shape.Count > 1)
        {
            long[] planes = [x.shape[0], Classes, .. Input.Shape.Skip(1)];
            return cat([ValuesOf(x), LabelsOf(x, x.shape[0]).unsqueeze(-1).unsqueeze(-1).expand(planes)], 1);
        }

        if (Table is null)
            return x;
        if (Array.TrueForAll(_embeddings, embedding => embedding is null))
            return x.narrow(1, 0, Table.Width);
        var parts = new List<Tensor>();
        if (Table.WordsFrom > 0)
            parts.Add(x.narrow(1, 0, Table.WordsFrom));
        var from = Table.WordsFrom;
        foreach (var (width, embedding) in Table.CategoryWidths.Zip(_embeddings))
        {
            var units = x.narrow(1, from, width);
            parts.Add(embedding is null ? units : embedding.call(units));
            from += width;
        }

        return cat([.. parts], 1);
    }

    /// <summary>Gets p(z) as it is now; it lives in the caller's dispose scope.</summary>
    internal IPrior Prior()
    {
        IPrior last = prior switch
        {
            MixturePrior mixture => mixture.Now(),
            VampPrior vamp => vamp.Now(this),
            IPrior flow => flow,
            _ => new StandardNormal(),
        };
        return conditional is null ? last : new TwoLayerPrior(conditional, last, Recipe.Latent.Dimension, Recipe.Latent.Upper!.Dimension);
    }

    /// <summary>Gets the distribution that codes are drawn from to generate rows: the sampler's, if there is one, else p(z).</summary>
    internal ISampler Sampler() =>
        sampler switch
        {
            null => Prior(),
            MixturePrior mixture => mixture.Now(),
            VampPrior vamp => vamp.Now(this),
            var other => (ISampler)other,
        };

    internal nn.Module? SamplerModule => sampler;

    /// <summary>Adds the recipe's sampler as it is before it is fitted: sampler.… in the state_dict.</summary>
    internal void AddSampler()
    {
        var (recipe, length) = (Recipe.Sampler!, Recipe.CodeLength());
        sampler = recipe.Kind switch
        {
            SamplerKind.Gaussian => new GaussianSampler(length),
            SamplerKind.Mixture => Distribution(PriorKind.Mixture, recipe, length),
            SamplerKind.Vamp => Distribution(PriorKind.VampPrior, recipe, length),
            SamplerKind.RealNvp => Distribution(PriorKind.RealNvp, recipe, length),
            SamplerKind.Maf => Distribution(PriorKind.Maf, recipe, length),
            _ => new TwoStageSampler(length, recipe.Hidden ?? 100),
        };
        register_module("sampler", sampler!);
    }

    /// <summary>Computes the KL of each row where it has a closed form, else ln q(z|x) - ln p(z) at the mean code.</summary>
    /// <returns>[batch], in nats.</returns>
    internal Tensor KlOf(Posterior posterior)
    {
        if (posterior.Flow is null && prior is null)
            return posterior.Kl() / Members.Count;
        long[] oneDraw = [1, .. posterior.Mean.shape];
        return posterior.Draw(zeros(oneDraw, device: posterior.Mean.device), Prior()).LogRatio.reshape(-1);
    }

    private Parameter? LearnedSpread()
    {
        if (Recipe.Likelihood is not { Scale: not SpreadKind.Fixed } likelihood)
            return null;
        long[] shape = likelihood.Scale == SpreadKind.Learned ? [1] : [.. Input.Shape.Select(n => (long)n)];
        return new Parameter(zeros(shape) + Math.Log(Spread));
    }

    private ConditionalNormal UpperPosterior(UpperRecipe upper) =>
        new(upper.Encoder, Shapes.UpperInput, Shapes.UpperEncoder, upper.Dimension, _varianceHead);

    private ConditionalNormal LowerPrior(UpperRecipe upper) =>
        new(upper.Decoder, [upper.Dimension], Shapes.UpperDecoder, Recipe.Latent.Dimension, _varianceHead);

    private nn.Module? FlowPosterior()
    {
        var (recipe, length, features) = (Recipe.Latent.Posterior, Recipe.Latent.Dimension, Shapes.EncoderFeatures);
        return recipe.Kind switch
        {
            PosteriorKind.Planar => new PlanarPosterior(features, length, recipe.Steps ?? 4),
            PosteriorKind.Iaf => new IafPosterior(features, length, recipe.Steps ?? 4, recipe.Hidden ?? 100),
            _ => null,
        };
    }

    private nn.Module? Distribution(PriorKind kind, CodeDistributionRecipe recipe, int length)
    {
        var (steps, hidden) = (recipe.Steps ?? 4, recipe.Hidden ?? 100);
        return kind switch
        {
            PriorKind.Mixture => new MixturePrior(recipe.Components ?? 100, length),
            PriorKind.VampPrior => new VampPrior(
                recipe.PseudoInputs ?? 500,
                UnitShape,
                Recipe.Data.Scaling is ScalingKind.Unit or ScalingKind.MinMax
            ),
            PriorKind.RealNvp => new RealNvpPrior(length, steps, hidden),
            PriorKind.Maf => new MafPrior(length, steps, hidden),
            _ => null,
        };
    }

    private static float[] Values(Tensor x) => x.cpu().contiguous().data<float>().ToArray();

    private Tensor Buffer(float[] values) =>
        values.Length == 1 ? tensor(values, [1]) : tensor(values, [.. Input.Shape.Select(n => (long)n)]);

    private static Tensor Run(Sequential layers, Tensor x) => layers.Count == 0 ? x : layers.call(x);
}
