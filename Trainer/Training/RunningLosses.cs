using System.Text;
using Latent.Models.Objectives;
using Latent.Trainer.Mpi;
using static TorchSharp.torch;

namespace Latent.Trainer.Training;

/// <summary>
/// Sums the loss and its terms over rows. Losses stay on the device until a figure is needed, so that no step waits for the one before.
/// </summary>
internal sealed class RunningLosses : IDisposable
{
    private readonly List<(long Step, int Rows, string[] Names, Tensor[] Terms)> _pending = [];

    /// <summary>Initializes a new instance of the <see cref="RunningLosses"/> class, which continues earlier sums.</summary>
    public RunningLosses(IReadOnlyDictionary<string, double>? sums = null, long rows = 0)
    {
        Sums = new SortedDictionary<string, double>(sums?.ToDictionary() ?? [], StringComparer.Ordinal);
        Rows = rows;
    }

    /// <summary>Gets the sums over rows, as of the last <see cref="Collect"/>.</summary>
    public SortedDictionary<string, double> Sums { get; }

    /// <summary>Gets the number of rows summed over.</summary>
    public long Rows { get; private set; }

    /// <summary>Gets the means over rows, "loss" first.</summary>
    public IReadOnlyDictionary<string, double> Means =>
        Sums.OrderBy(s => s.Key == "loss" ? 0 : 1).ToDictionary(s => s.Key, s => s.Value / Math.Max(1, Rows));

    /// <summary>Adds a minibatch's losses, each a mean over its rows.</summary>
    public void Add(long step, int rows, Losses losses) =>
        _pending.Add((step, rows, [.. losses.Terms.Keys], [.. losses.Terms.Values.Select(term => term.DetachFromDisposeScope())]));

    /// <summary>Copies the losses from the device.</summary>
    /// <returns>The first step whose loss is NaN or infinite, or null.</returns>
    public long? Collect()
    {
        if (_pending.Count == 0)
            return null;
        using var scope = NewDisposeScope();
        var values = stack(_pending.SelectMany(p => p.Terms)).cpu().data<float>().ToArray();
        var at = 0;
        long? bad = null;
        foreach (var (step, rows, names, terms) in _pending)
        {
            foreach (var name in names)
            {
                var value = values[at++];
                Sums[name] = Sums.GetValueOrDefault(name) + ((double)value * rows);
                if (name == "loss" && !float.IsFinite(value))
                    bad ??= step;
            }

            Rows += rows;
            foreach (var term in terms)
                term.Dispose();
        }

        _pending.Clear();
        return bad;
    }

    /// <summary>Adds up the sums of several processes, of which the first has seen every term.</summary>
    public void SumOver(Ranks ranks)
    {
        if (ranks.Count == 1)
            return;
        var names = Encoding.UTF8.GetString(ranks.Broadcast(Encoding.UTF8.GetBytes(string.Join('\n', Sums.Keys)))).Split('\n');
        double[] sums = [.. names.Select(name => Sums.GetValueOrDefault(name)), Rows];
        ranks.Sum(sums);
        foreach (var (name, sum) in names.Zip(sums))
            Sums[name] = sum;
        Rows = (long)sums[^1];
    }

    /// <summary>Frees losses that were not collected.</summary>
    public void Dispose()
    {
        foreach (var term in _pending.SelectMany(p => p.Terms))
            term.Dispose();
        _pending.Clear();
    }
}
