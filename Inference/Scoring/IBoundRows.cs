using Microsoft.ML.OnnxRuntime;

namespace Latent.Inference.Scoring;

/// <summary>Represents the input tensors of a batch of rows, which are reused for other rows.</summary>
internal interface IBoundRows : IDisposable
{
    /// <summary>Gets the names of the graph's inputs.</summary>
    string[] Names { get; }

    /// <summary>Gets the tensors, in the order of <see cref="Names"/>.</summary>
    OrtValue[] Values { get; }

    /// <summary>Brings the tensors in line with the rows.</summary>
    /// <exception cref="Contracts.LatentException">A cell of a column of words is no level.</exception>
    void Fill();
}
