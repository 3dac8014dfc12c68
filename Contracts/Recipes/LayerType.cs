namespace Latent.Contracts.Recipes;

/// <summary>Specifies the kind of a layer.</summary>
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

    /// <summary>Batch normalization of [batch, features].</summary>
    BatchNorm1d,

    /// <summary>Batch normalization of [batch, channels, height, width].</summary>
    BatchNorm2d,

    /// <summary>Zeroes values at random while training.</summary>
    Dropout,

    /// <summary>[batch, …] to [batch, features].</summary>
    Flatten,

    /// <summary>[batch, features] to [batch, channels, height, width].</summary>
    Unflatten,

    /// <summary>Fully connected, times the sigmoid of another such layer (Tomczak and Welling 2018): (Wx + b) · sigmoid(Vx + c).</summary>
    GatedLinear,

    /// <summary>Convolution, times the sigmoid of another one.</summary>
    GatedConv2d,

    /// <summary>x plus what layers make of it, x + f(x).</summary>
    Residual,

    /// <summary>An image, and after its channels what layers make of it (Ronneberger et al. 2015), [x, f(x)].</summary>
    Skip,

    /// <summary>Gives each of several layers a part of the values, and puts together what they make of it.</summary>
    Branches,

    /// <summary>Brings the values of each row to mean 0 and variance 1 (Ba et al. 2016), then scales and shifts each.</summary>
    LayerNorm,

    /// <summary>
    /// Brings the values of each group of channels to mean 0 and variance 1 (Wu and He 2018), then scales and shifts each channel.
    /// </summary>
    GroupNorm,

    /// <summary>Repeats every pixel down and across.</summary>
    UpsampleNearest,

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

    /// <summary>x, clipped to [min, max].</summary>
    HardTanh,
}
