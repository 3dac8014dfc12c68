using Latent.Models.Onnx;
using static TorchSharp.torch;

namespace Latent.Models.Posteriors;

/// <summary>Represents the part of an encoder that makes a flow of its last layer.</summary>
internal interface IPosterior
{
    /// <summary>Makes the flow of rows.</summary>
    /// <param name="hidden">The encoder's last layer, [batch, features].</param>
    IFlow Of(Tensor hidden);

    /// <summary>Writes the flow of codes [batch, z] to a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="name">Beginning of the nodes' names.</param>
    /// <param name="hidden">Name of the encoder's last layer.</param>
    /// <param name="z">Name of the codes.</param>
    /// <returns>The names of the transformed codes, and of ln |det| of each row.</returns>
    (string Z, string Volume) Write(OnnxGraph graph, string name, string hidden, string z);
}
