using Latent.Contracts.Bundles;

namespace Latent.Contracts.Recipes;

/// <summary>Everything that decides a training run, as a recipe file states it. Unset keys take the defaults given here.</summary>
public sealed record Recipe
{
    /// <summary>Name in lower-case-with-hyphens; also the bundle's folder.</summary>
    public required string Name { get; init; }

    /// <summary>What a newcomer should know: the model, the data, where it was published, what it reaches.</summary>
    public string Description { get; init; } = "";

    /// <summary>Whether codes are points or distributions.</summary>
    public required ModelKind Kind { get; init; }

    /// <summary>Where rows come from and how they are prepared.</summary>
    public required DataRecipe Data { get; init; }

    /// <summary>What is done to the input, but not to the target, at every minibatch.</summary>
    public NoiseRecipe Noise { get; init; } = new();

    /// <summary>Layers from the input to the last hidden layer; the heads follow from <see cref="Latent"/>.</summary>
    public required IReadOnlyList<LayerRecipe> Encoder { get; init; }

    /// <summary>The code.</summary>
    public required LatentRecipe Latent { get; init; }

    /// <summary>Layers from the code to the output, in model units. Of a Bernoulli likelihood the output is logits: leave the final sigmoid out.</summary>
    public required IReadOnlyList<LayerRecipe> Decoder { get; init; }

    /// <summary>What is minimised.</summary>
    public required ObjectiveRecipe Objective { get; init; }

    /// <summary>How weights begin.</summary>
    public InitializationRecipe Initialization { get; init; } = new();

    /// <summary>How steps are taken.</summary>
    public OptimizerRecipe Optimizer { get; init; } = new();

    /// <summary>How the learning rate changes.</summary>
    public ScheduleRecipe Schedule { get; init; } = new();

    /// <summary>How long, in what portions, and when to stop.</summary>
    public TrainingRecipe Training { get; init; } = new();
}

/// <summary>Where rows come from and how they are prepared.</summary>
public sealed record DataRecipe
{
    /// <summary>The kind of source.</summary>
    public required DataSourceKind Source { get; init; }

    /// <summary>File or folder; --data sets it. Not used by drawn digits.</summary>
    public string? Path { get; init; }

    /// <summary>Rows to draw (digits) or to read at most; null: 6000 for digits, all for the others.</summary>
    public int? Count { get; init; }

    /// <summary>Picture size that a source is resized to (images), or that rows have (others, where they are pictures). Null for tables.</summary>
    public ImageDescription? Image { get; init; }

    /// <summary>What the source's values are multiplied by to be pixels 0 to 255: 255 for arrays in [0, 1].</summary>
    public double PixelScale { get; init; } = 1;

    /// <summary>CSV columns to use, by name or zero-based index; null: all but <see cref="Label"/>.</summary>
    public IReadOnlyList<string>? Columns { get; init; }

    /// <summary>CSV column, or second file of NPY, that labels rows for the report. IDX finds its label file by name.</summary>
    public string? Label { get; init; }

    /// <summary>Rows with this label alone are trained on (the normal rows of an anomaly table); null: all.</summary>
    public string? TrainOnLabel { get; init; }

    /// <summary>From raw values to model units; written into the graphs.</summary>
    public ScalingKind Scaling { get; init; } = ScalingKind.Unit;

    /// <summary>Whether pixels are made 0 or 1.</summary>
    public BinarizationKind Binarization { get; init; } = BinarizationKind.None;

    /// <summary>Adds each training picture mirrored left to right.</summary>
    public bool Mirror { get; init; }

    /// <summary>Fraction of the training rows kept for validation, [0, 1).</summary>
    public double Validation { get; init; } = 0.1;

    /// <summary>Fraction of the rows kept for testing, [0, 1), where the source has no test set of its own.</summary>
    public double Test { get; init; } = 0.1;

    /// <summary>Splits whole groups of consecutive rows (10: the ten pictures of one person) rather than single rows.</summary>
    public int GroupSize { get; init; } = 1;
}

/// <summary>Kinds of data source.</summary>
public enum DataSourceKind
{
    /// <summary>Handwriting-like digits, 28 by 28, that the program draws.</summary>
    Digits,

    /// <summary>MNIST's format, a folder with train and t10k files, or one file; gzip or plain.</summary>
    Idx,

    /// <summary>A NumPy array file, first axis rows.</summary>
    Npy,

    /// <summary>Comma-separated values with a header.</summary>
    Csv,

    /// <summary>A folder of pictures, read recursively.</summary>
    Images,
}

/// <summary>From raw values to model units.</summary>
public enum ScalingKind
{
    /// <summary>Pixels 0–255 to [0, 1].</summary>
    Unit,

    /// <summary>Each column less its mean, divided by its standard deviation (training rows').</summary>
    Standard,

    /// <summary>Each column from its least and greatest training value to [0, 1].</summary>
    MinMax,

    /// <summary>As they are.</summary>
    None,
}

/// <summary>Whether pixels are made 0 or 1.</summary>
public enum BinarizationKind
{
    /// <summary>Grey stays grey.</summary>
    None,

    /// <summary>1 where the scaled pixel is at least 0.5.</summary>
    Static,

    /// <summary>1 with probability equal to the scaled pixel, drawn anew at every minibatch; the test set once from the seed.</summary>
    Dynamic,
}

/// <summary>What is done to the input at every minibatch.</summary>
public sealed record NoiseRecipe
{
    /// <summary>Kind of noise.</summary>
    public NoiseKind Kind { get; init; } = NoiseKind.None;

    /// <summary>Gaussian: standard deviation in model units; masking, salt and pepper: fraction of values; hole: side as a fraction of the picture's.</summary>
    public double Amount { get; init; }
}

/// <summary>Kinds of noise.</summary>
public enum NoiseKind
{
    /// <summary>None.</summary>
    None,

    /// <summary>Adds N(0, amount²).</summary>
    Gaussian,

    /// <summary>Sets values to 0.</summary>
    Masking,

    /// <summary>Sets values to 0 or 1.</summary>
    SaltAndPepper,

    /// <summary>Sets a square at a random place to 0.</summary>
    Hole,
}

/// <summary>One layer; which keys apply depends on <see cref="Type"/>.</summary>
public sealed record LayerRecipe
{
    /// <summary>Kind of layer.</summary>
    public required LayerType Type { get; init; }

    /// <summary>linear: output features; conv2d and convTranspose2d: output channels.</summary>
    public int? Out { get; init; }

    /// <summary>Kernel side in pixels (conv2d, convTranspose2d, maxPool2d, avgPool2d).</summary>
    public int? Kernel { get; init; }

    /// <summary>Stride in pixels; 1 for convolutions, the kernel for pooling.</summary>
    public int? Stride { get; init; }

    /// <summary>Zero padding on each side in pixels.</summary>
    public int? Padding { get; init; }

    /// <summary>convTranspose2d: extra pixels at the bottom and right.</summary>
    public int? OutputPadding { get; init; }

    /// <summary>unflatten: [channels, height, width].</summary>
    public IReadOnlyList<int>? Shape { get; init; }

    /// <summary>dropout: probability of zeroing; leakyRelu: negative slope.</summary>
    public double? Amount { get; init; }

    /// <summary>linear, conv2d, convTranspose2d: whether there is a bias (default true).</summary>
    public bool? Bias { get; init; }
}

/// <summary>Kinds of layer.</summary>
public enum LayerType
{
    /// <summary>Fully connected.</summary>
    Linear,

    /// <summary>Two-dimensional convolution (cross-correlation, as in PyTorch).</summary>
    Conv2d,

    /// <summary>Two-dimensional transposed convolution.</summary>
    ConvTranspose2d,

    /// <summary>Largest value of each window.</summary>
    MaxPool2d,

    /// <summary>Mean of each window.</summary>
    AvgPool2d,

    /// <summary>Batch normalisation of [batch, features].</summary>
    BatchNorm1d,

    /// <summary>Batch normalisation of [batch, channels, height, width].</summary>
    BatchNorm2d,

    /// <summary>Zeroes values at random while training.</summary>
    Dropout,

    /// <summary>[batch, …] to [batch, features].</summary>
    Flatten,

    /// <summary>[batch, features] to [batch, channels, height, width].</summary>
    Unflatten,

    /// <summary>max(0, x).</summary>
    Relu,

    /// <summary>x, or slope · x where negative.</summary>
    LeakyRelu,

    /// <summary>x, or exp(x) - 1 where negative.</summary>
    Elu,

    /// <summary>x · Φ(x).</summary>
    Gelu,

    /// <summary>x · sigmoid(x).</summary>
    Silu,

    /// <summary>Hyperbolic tangent.</summary>
    Tanh,

    /// <summary>1 / (1 + exp(-x)).</summary>
    Sigmoid,

    /// <summary>ln(1 + exp(x)).</summary>
    Softplus,
}

/// <summary>The code.</summary>
public sealed record LatentRecipe
{
    /// <summary>Length of a code.</summary>
    public required int Dimension { get; init; }

    /// <summary>How the second head states the spread of q(z|x); ignored by plain autoencoders.</summary>
    public SpreadHead Head { get; init; } = SpreadHead.LogVariance;

    /// <summary>Plain autoencoders: activation after the code's linear layer; null: none.</summary>
    public LayerType? Activation { get; init; }

    /// <summary>Plain autoencoders: false takes the encoder's last layer as the code, without a linear layer of its own.</summary>
    public bool Linear { get; init; } = true;
}

/// <summary>How the second head states the spread of q(z|x).</summary>
public enum SpreadHead
{
    /// <summary>ln σ².</summary>
    LogVariance,

    /// <summary>ln σ.</summary>
    LogSigma,

    /// <summary>σ = softplus(h) + 1e-6.</summary>
    Softplus,
}

/// <summary>What is minimised.</summary>
public sealed record ObjectiveRecipe
{
    /// <summary>The bound, for variational models; plain autoencoders minimise the reconstruction term alone.</summary>
    public BoundKind Bound { get; init; } = BoundKind.Elbo;

    /// <summary>The reconstruction term.</summary>
    public required ReconstructionKind Reconstruction { get; init; }

    /// <summary>How the term is reduced over the features of a row; rows are always averaged.</summary>
    public ReductionKind Reduction { get; init; } = ReductionKind.Sum;

    /// <summary>Samples of z a row, K.</summary>
    public int Samples { get; init; } = 1;

    /// <summary>Weight of the KL term (β).</summary>
    public double Beta { get; init; } = 1;

    /// <summary>Epochs over which β grows linearly from 0; 0: none.</summary>
    public double WarmUpEpochs { get; init; }

    /// <summary>Least KL of a latent dimension that is paid for, in nats, averaged over the minibatch (free bits); 0: none.</summary>
    public double FreeBits { get; init; }

    /// <summary>Weight of the squared norm of the parameters that <see cref="L2On"/> names.</summary>
    public double L2 { get; init; }

    /// <summary>"encoder", "decoder" or "all".</summary>
    public string L2On { get; init; } = "all";
}

/// <summary>Bounds on the likelihood.</summary>
public enum BoundKind
{
    /// <summary>ELBO with the KL in closed form (Kingma and Welling 2014, eq. 10).</summary>
    Elbo,

    /// <summary>ELBO by sampling alone: mean over K of log p(x|z) + log p(z) - log q(z|x).</summary>
    MonteCarloElbo,

    /// <summary>Importance-weighted bound, log-mean-exp over K (Burda et al. 2016, eq. 8).</summary>
    Iwae,

    /// <summary>Its doubly reparameterised gradient (Tucker et al. 2019, eq. 8).</summary>
    Dreg,
}

/// <summary>Reconstruction terms.</summary>
public enum ReconstructionKind
{
    /// <summary>Squared error on model units.</summary>
    MeanSquaredError,

    /// <summary>Binary cross-entropy of logits, in nats.</summary>
    Bernoulli,
}

/// <summary>How the reconstruction term is reduced over the features of a row.</summary>
public enum ReductionKind
{
    /// <summary>Summed.</summary>
    Sum,

    /// <summary>Averaged.</summary>
    Mean,
}

/// <summary>How weights begin.</summary>
public sealed record InitializationRecipe
{
    /// <summary>Which distribution.</summary>
    public InitializationKind Kind { get; init; } = InitializationKind.Default;

    /// <summary>Sets the decoder's output bias to the logit of the training mean, clipped to [0.001, 0.999].</summary>
    public bool OutputBiasFromMean { get; init; }
}

/// <summary>Distributions of initial weights.</summary>
public enum InitializationKind
{
    /// <summary>PyTorch's own: uniform in ±1/√(fan in).</summary>
    Default,

    /// <summary>Glorot and Bengio's uniform; biases 0.</summary>
    GlorotUniform,

    /// <summary>Normal with variance 2/(fan in); biases 0.</summary>
    HeNormal,

    /// <summary>Normal with standard deviation 2/√(fan in); biases 0.</summary>
    TwoOverSqrtFanIn,
}

/// <summary>How steps are taken.</summary>
public sealed record OptimizerRecipe
{
    /// <summary>Which method.</summary>
    public OptimizerKind Kind { get; init; } = OptimizerKind.Adam;

    /// <summary>Learning rate, above 0.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>Adam, AdamW: decay of the first moment.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Adam, AdamW: decay of the second moment.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Adam, AdamW, RMSprop: added to the denominator.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>RMSprop: smoothing constant.</summary>
    public double Alpha { get; init; } = 0.99;

    /// <summary>SGD, RMSprop: momentum.</summary>
    public double Momentum { get; init; }

    /// <summary>Weight decay; decoupled in AdamW, added to the gradient in the others.</summary>
    public double WeightDecay { get; init; }

    /// <summary>Largest norm of the whole gradient; null: not clipped.</summary>
    public double? ClipNorm { get; init; }
}

/// <summary>Methods of optimisation.</summary>
public enum OptimizerKind
{
    /// <summary>Adam (Kingma and Ba 2015).</summary>
    Adam,

    /// <summary>Adam with decoupled weight decay.</summary>
    AdamW,

    /// <summary>RMSprop.</summary>
    RmsProp,

    /// <summary>Stochastic gradient descent.</summary>
    Sgd,
}

/// <summary>How the learning rate changes, epoch by epoch.</summary>
public sealed record ScheduleRecipe
{
    /// <summary>Which schedule.</summary>
    public ScheduleKind Kind { get; init; } = ScheduleKind.Constant;

    /// <summary>step: epochs between changes.</summary>
    public int StepEpochs { get; init; } = 10;

    /// <summary>step, exponential: the factor.</summary>
    public double Gamma { get; init; } = 0.1;

    /// <summary>cosine: the least rate.</summary>
    public double MinimumRate { get; init; }

    /// <summary>Burda's stages: multiplies the number of passes of each (1: the whole 3,280).</summary>
    public double Scale { get; init; } = 1;
}

/// <summary>Schedules of the learning rate.</summary>
public enum ScheduleKind
{
    /// <summary>Always the same.</summary>
    Constant,

    /// <summary>Times gamma every so many epochs.</summary>
    Step,

    /// <summary>Times gamma every epoch.</summary>
    Exponential,

    /// <summary>Half a cosine, from the rate to the least rate over the epochs.</summary>
    Cosine,

    /// <summary>Burda et al.: stages i = 0…7 of 3^i passes at rate · 10^(-i/7); sets the number of epochs.</summary>
    BurdaStages,
}

/// <summary>How long, in what portions, and when to stop.</summary>
public sealed record TrainingRecipe
{
    /// <summary>Passes over the training rows.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>Rows of a minibatch.</summary>
    public int BatchSize { get; init; } = 128;

    /// <summary>Seed of everything random.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Epochs without a better validation loss after which training stops; null: never.</summary>
    public int? Patience { get; init; }

    /// <summary>Exports the weights with the best validation loss rather than the last.</summary>
    public bool KeepBest { get; init; }

    /// <summary>Seconds between checkpoints; one is also made at the end of every epoch that lasts longer than a second.</summary>
    public double CheckpointSeconds { get; init; } = 60;
}
