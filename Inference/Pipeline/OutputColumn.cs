using System.Text.Json.Serialization;
using Latent.Contracts;
using Microsoft.ML.Data;

namespace Latent.Inference.Pipeline;

/// <summary>Specifies what an added column holds.</summary>
internal enum OutputKind
{
    Code,
    LogVariance,
    Sample,
    Output,
    ReconstructionError,
    Kl,

    // Saved models have the former name.
    [JsonStringEnumMemberName("Objective")]
    Score,
    FeatureErrors,
}

/// <summary>Represents an added column.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="Kind">What the column holds.</param>
/// <param name="Shape">Shape of a value; empty for a scalar.</param>
/// <param name="Seed">Seed of the draws, if the column has any.</param>
internal sealed record OutputColumn(string Name, OutputKind Kind, IReadOnlyList<int> Shape, long Seed = 0)
{
    public bool IsScalar => Shape.Count == 0;

    public DataViewType Type => IsScalar ? NumberDataViewType.Single : new VectorDataViewType(NumberDataViewType.Single, Shape.ToArray());

    /// <summary>Gets the graph's outputs that the values are made of.</summary>
    public IReadOnlyList<string> Tensors =>
        Kind switch
        {
            OutputKind.Code => [TensorNames.LatentMean],
            OutputKind.LogVariance => [TensorNames.LatentLogVariance],
            OutputKind.Sample => [TensorNames.LatentMean, TensorNames.LatentLogVariance],
            OutputKind.Output or OutputKind.FeatureErrors => [TensorNames.Output],
            OutputKind.ReconstructionError => [TensorNames.ReconstructionError],
            OutputKind.Kl => [TensorNames.Kl],
            OutputKind.Score => [TensorNames.ReconstructionError, TensorNames.Kl],
            _ => throw new ArgumentOutOfRangeException(nameof(Kind), Kind, "There is no such kind of column."),
        };
}
