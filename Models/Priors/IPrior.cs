using Latent.Models.Onnx;

namespace Latent.Models.Priors;

/// <summary>Represents a prior p(z) over codes, whose density is part of the graphs that score.</summary>
internal interface IPrior : ISampler
{
    /// <summary>Writes <see cref="ISampler.LogProb"/> of codes [batch, z] to a graph and returns the name of [batch].</summary>
    string WriteLogProb(OnnxGraph graph, string z);
}
