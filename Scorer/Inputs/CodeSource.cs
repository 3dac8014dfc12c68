using Latent.Data.Rows;
using Latent.Inference.Scoring;

namespace Latent.Scorer.Inputs;

/// <summary>Draws latent codes from the prior N(0, I); a code depends only on the seed and its row.</summary>
/// <param name="seed">Seed of the codes.</param>
/// <param name="length">Number of dimensions of a code.</param>
/// <param name="from">The first row.</param>
/// <param name="to">The row after the last.</param>
internal sealed class CodeSource(long seed, int length, long from, long to) : RowSource
{
    private readonly long _from = from;
    private long _next = from;

    public override int RowLength => length;

    public override double? Progress => to == _from ? 1 : (double)(_next - _from) / (to - _from);

    public override bool Read(RowBatch batch, CancellationToken cancellation)
    {
        for (; batch.Count < batch.Capacity && _next < to; batch.Count++, batch.Consumed++, _next++)
        {
            Philox.Normal(seed, (ulong)_next, 0, batch.Row(batch.Count));
            batch.Positions[batch.Count] = _next;
            batch.Kept[batch.Count] = [];
        }

        return batch.Consumed > 0;
    }
}
