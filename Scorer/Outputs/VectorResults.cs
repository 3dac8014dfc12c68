using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Data.Rows;
using Latent.Scorer.Commands;

namespace Latent.Scorer.Outputs;

/// <summary>Takes codes, or rows of numbers in the units of the data.</summary>
internal sealed class VectorResults(LatentBundle bundle, Operation operation)
    : RowResults(
        IsCode(operation) ? BundleRole.Encoder
            : operation == Operation.Sample ? BundleRole.Decoder
            : BundleRole.Autoencoder,
        IsCode(operation) ? TensorNames.LatentMean : TensorNames.Output
    )
{
    public override int Numbers => IsCode(operation) ? bundle.LatentDimension : bundle.InputLength;

    public override IReadOnlyList<ResultColumn> Columns(RowSource source) =>
        ResultColumn.Numbers(
            IsCode(operation)
                ? Enumerable.Range(0, Numbers).Select(i => $"z{i}")
                : source.ColumnNames ?? bundle.Manifest.Input.Columns ?? Enumerable.Range(0, Numbers).Select(i => $"x{i}")
        );

    public override void Take(GraphRunner runner, int row, RowBatch batch) => runner.Output(0, row).CopyTo(batch.Result(row));

    private static bool IsCode(Operation operation) => operation is Operation.Encode or Operation.Drift;
}
