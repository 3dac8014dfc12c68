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
