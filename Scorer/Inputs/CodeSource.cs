using Latent.Inference.Scoring;

namespace Latent.Scorer.Inputs;

/// <summary>Draws from the prior N(0, I), which depend on the seed and the row alone.</summary>
internal sealed class CodeSource(long seed, long from, long to) : RowSource
{
    private long _next = from;

    public override double? Progress => to == from ? 1 : (double)(_next - from) / (to - from);

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
