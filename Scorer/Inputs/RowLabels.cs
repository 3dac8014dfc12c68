using Latent.CommandLine;
using Latent.Contracts;
using Latent.Data.Rows;
using Latent.Scorer.Commands;

namespace Latent.Scorer.Inputs;

/// <summary>Tells the label that each row or code is conditioned on.</summary>
internal sealed class RowLabels
{
    private readonly Dictionary<string, int> _index;
    private readonly int? _given;
    private readonly bool _inTurn;
    private readonly string _known;

    private RowLabels(IReadOnlyList<string> classes, int? given, bool inTurn)
    {
        _index = classes.Index().ToDictionary(c => c.Item, c => c.Index, StringComparer.Ordinal);
        (_given, _inTurn, _known) = (given, inTurn, string.Join(", ", classes));
    }

    /// <summary>Makes the labels of a run; null for a bundle whose rows have none.</summary>
    /// <exception cref="UsageException">--condition is not a label, or it or --label is given for a bundle without labels.</exception>
    public static RowLabels? Of(ScoreSettings settings, LatentBundle bundle)
    {
        if (bundle.Manifest.Input.Classes is not { } classes)
        {
            var stray =
                settings.Condition is not null ? "--condition"
                : settings.Table.Label is not null && settings.Operation != Operation.Score ? "--label"
                : null;
            return stray is null
                ? null
                : throw new UsageException($"{stray} is given, but the rows of {bundle.Name} are not conditioned on labels; leave it out.");
        }

        int? given = settings.Condition is { } label ? classes.ToList().IndexOf(label) : null;
        return given != -1
            ? new RowLabels(classes, given, settings.Operation == Operation.Sample)
            : throw new UsageException($"--condition is '{settings.Condition}'; it must be one of {string.Join(", ", classes)}.");
    }

    /// <summary>Leaves out the rows whose label the model does not know.</summary>
    public void SkipUnknown(RowBatch batch)
    {
        if (_given is not null || _inTurn)
            return;
        for (var i = 0; i < batch.Count; i++)
        {
            if (!_index.ContainsKey(Label(batch, i)))
            {
                var what = batch.Kept[i] is [var file] ? file : FormattableString.Invariant($"row {batch.Positions[i]}");
                batch.Skipped.Add(
                    new SkippedInput(what, $"{what} has the label '{Printable.Of(Label(batch, i))}'; it must be one of {_known}.")
                );
            }
        }

        batch.Keep(row => _index.ContainsKey(Label(batch, row)));
    }

    /// <summary>Gets the index of a row's label.</summary>
    public int Of(RowBatch batch, int row) => _given ?? (_inTurn ? (int)(batch.Positions[row] % _index.Count) : _index[Label(batch, row)]);

    private static string Label(RowBatch batch, int row) => batch.Labels[row] ?? "";
}
