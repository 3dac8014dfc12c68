using Latent.Data.Rows;
using Latent.Inference.Scoring;

namespace Latent.Scorer.Inputs;

/// <summary>Draws latent codes from a bundle's prior; a code depends only on the seed and its row.</summary>
/// <param name="bundle">The bundle.</param>
/// <param name="seed">Seed of the codes.</param>
/// <param name="from">The first row.</param>
/// <param name="to">The row after the last.</param>
internal sealed class CodeSource(LatentBundle bundle, long seed, long from, long to) : RowSource
{
    private readonly long _from = from;
    private long _next = from;

    public override int RowLength => bundle.LatentDimension;

    public override double? Progress => to == _from ? 1 : (double)(_next - _from) / (to - _from);

    public override bool Read(RowBatch batch, CancellationToken cancellation)
    {
        var codes = PriorCodes.Draw(bundle, seed, _next, (int)Math.Min(batch.Capacity - batch.Count, to - _next));
        for (var at = 0; at < codes.Length; at += RowLength, batch.Count++, batch.Consumed++, _next++)
        {
            codes.AsSpan(at, RowLength).CopyTo(batch.Row(batch.Count));
            batch.Positions[batch.Count] = _next;
            batch.Kept[batch.Count] = [];
        }

        return batch.Consumed > 0;
    }
}
