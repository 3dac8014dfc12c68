using Latent.Contracts.Bundles;
using Latent.Models.Onnx;
using static TorchSharp.torch;

namespace Latent.Models.Priors;

/// <summary>Represents a distribution p(z) of codes: its density, and how codes are made of noise.</summary>
internal interface ISampler
{
    /// <summary>Gets its name for people, such as "standard normal".</summary>
    string Description { get; }

    /// <summary>Gets what <see cref="At"/> makes codes of; null if the noise, from N(0, I), is the code.</summary>
    NoiseDescription? Noise { get; }

    /// <summary>Computes ln p(z), differentiable by z and by what is learned.</summary>
    /// <param name="z">[…, z].</param>
    /// <returns>[…], in nats.</returns>
    Tensor LogProb(Tensor z);

    /// <summary>Makes codes that are distributed as p(z).</summary>
    /// <param name="noise">Draws as <see cref="Noise"/> describes them, [n, columns].</param>
    /// <returns>[n, z].</returns>
    Tensor At(Tensor noise);

    /// <summary>Writes <see cref="At"/> of noise [batch, columns] to a graph and returns the name of [batch, z].</summary>
    string WriteAt(OnnxGraph graph, string noise);
}
