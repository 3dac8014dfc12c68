using static TorchSharp.torch;

namespace Latent.Models.Posteriors;

/// <summary>Represents an invertible transformation of codes, each row's its own.</summary>
internal interface IFlow
{
    /// <summary>Transforms codes.</summary>
    /// <param name="z">[draws, batch, z].</param>
    /// <returns>The transformed codes, and ln |det ∂z'/∂z| of each, [draws, batch].</returns>
    (Tensor Z, Tensor Volume) Transform(Tensor z);
}
