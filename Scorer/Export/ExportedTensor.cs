namespace Latent.Scorer.Export;

/// <summary>Represents an input or output of a graph.</summary>
/// <param name="Name">Name of the tensor.</param>
/// <param name="IsText">Whether it holds texts rather than 32-bit floats.</param>
/// <param name="Shape">Its axes behind the first, which counts rows.</param>
internal sealed record ExportedTensor(string Name, bool IsText, IReadOnlyList<int> Shape);
