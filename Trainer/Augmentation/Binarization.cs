using Latent.Models.Distributions;
using static TorchSharp.torch;

namespace Latent.Trainer.Augmentation;

/// <summary>Dynamic binarization (Burda et al. 2016, section 5); the static one is part of the model's graph.</summary>
public static class Binarization
{
    /// <summary>1 with a probability of each value, else 0.</summary>
    /// <param name="values">From 0 to 1, of any shape.</param>
    /// <param name="generator">Source of randomness.</param>
    public static Tensor Draw(Tensor values, Generator generator) =>
        SliceGenerator.Uniform(generator, values).lt(values).to(ScalarType.Float32);
}
