using Latent.CommandLine;
using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Contracts.Tables;
using Latent.Data.Rows;
using Latent.Data.Tables;
using Latent.Scorer.Commands;

namespace Latent.Scorer.Outputs;

/// <summary>
/// Takes anomaly scores and, where the bundle and the settings have what they need, how they are judged and why they are high.
/// </summary>
internal sealed class ScoreResults : RowResults
{
    private readonly TableDescription? _table;
    private readonly CellText? _texts;
    private readonly ScoreDistribution? _scores;
    private readonly bool _hasTerms;
    private readonly bool _onlyAnomalies;
    private readonly int _reasons;
    private readonly int _firstShare;
    private readonly List<ResultColumn> _columns = [];

    public ScoreResults(ScoreSettings settings, LatentBundle bundle)
        : base(BundleRole.Autoencoder, TensorsOf(settings, bundle))
    {
        (_table, _scores, Rule) = (bundle.Manifest.Input.Table, bundle.Manifest.Scores, AnomalyRule.Of(settings, bundle));
        (_hasTerms, _onlyAnomalies, _reasons) = (_table is null && bundle.IsVariational, settings.OnlyAnomalies, settings.Explain);
        if (_reasons > 0 && _table is null)
        {
            throw new UsageException(
                $"--explain is for tables with columns of several kinds, but the bundle {bundle.Name} has no errors of columns to explain scores by."
            );
        }

        if (_reasons > _table?.Columns.Count)
        {
            throw new UsageException(
                $"--explain is {_reasons}; it must be at most {_table.Columns.Count}, the number of the model's columns."
            );
        }

        _texts = _reasons > 0 ? new CellText(_table!) : null;
        AddNumber("score");
        if (_hasTerms)
        {
            AddNumber("reconstruction_error");
            AddNumber("kl");
        }

        if (_scores is not null)
            AddNumber("p_value");
        if (Rule is not null)
            _columns.Add(new ResultColumn("is_anomaly", ResultKind.Boolean, Numbers));
        _firstShare = Numbers;
        for (var i = 1; i <= _reasons; i++)
        {
            foreach (var what in (string[])["column", "value", "expected"])
                _columns.Add(new ResultColumn($"why{i}_{what}", ResultKind.Text, Texts));
            AddNumber($"why{i}_share");
        }
    }

    public override int Numbers => _columns.Count(column => column.Kind != ResultKind.Text);

    public override int Texts => _columns.Count(column => column.Kind == ResultKind.Text);

    /// <summary>Gets the rule by which rows are anomalies; null if nothing gives one.</summary>
    public AnomalyRule? Rule { get; }

    public override IReadOnlyList<ResultColumn> Columns(RowSource source) => _columns;

    public override void Take(GraphRunner runner, int row, RowBatch batch)
    {
        var result = batch.Result(row);
        var next = 1;
        result[0] = runner.Output(0, row)[0];
        if (_hasTerms)
        {
            (result[1], result[2], next) = (result[0], runner.Output(1, row)[0], 3);
            result[0] = result[1] + result[2];
        }

        if (_scores is not null)
            result[next++] = (float)_scores.PValue(result[0]);
        var isAnomaly = Rule?.IsAnomaly(result[0]) == true;
        if (Rule is not null)
            result[next] = isAnomaly ? 1 : 0;
        if (_reasons > 0 && (isAnomaly || !_onlyAnomalies))
            Explain(batch, row, runner.Output(1, row), runner.Output(2, row), result[_firstShare..]);
    }

    // The columns with the largest errors, of equal ones the first.
    private void Explain(RowBatch batch, int row, ReadOnlySpan<float> errors, ReadOnlySpan<float> expected, Span<float> shares)
    {
        var cells = batch.Row(row);
        var texts = batch.Texts(row);
        var sum = 0d;
        foreach (var error in errors)
            sum += error;
        var (above, last) = (float.NaN, -1);
        for (var reason = 0; reason < _reasons; reason++)
        {
            var best = -1;
            for (var i = 0; i < errors.Length; i++)
            {
                var isNext = Compare(errors[i], above) is var order && (order < 0 || (order == 0 && i > last));
                if (isNext && (best < 0 || Compare(errors[i], errors[best]) > 0))
                    best = i;
            }

            (above, last) = (errors[best], best);
            texts[3 * reason] = _table!.Columns[best].Name;
            texts[(3 * reason) + 1] =
                cells[best] == TableDescription.Unseen && _table.Columns[best].Levels is not null
                    ? batch.Unseen!.GetValueOrDefault((row, best), "")
                    : _texts!.Text(best, cells[best]);
            texts[(3 * reason) + 2] = _texts!.Text(best, expected[best]);
            shares[reason] = sum > 0 ? (float)(errors[best] / sum) : 0;
        }

        // An error that is no number is worse than any.
        static int Compare(float a, float b) =>
            float.IsNaN(a) ? (float.IsNaN(b) ? 0 : 1)
            : float.IsNaN(b) ? -1
            : a.CompareTo(b);
    }

    private void AddNumber(string name) => _columns.Add(new ResultColumn(name, ResultKind.Number, Numbers));

    private static string[] TensorsOf(ScoreSettings settings, LatentBundle bundle) =>
        bundle.Manifest.Input.Table is null
            ? bundle.IsVariational
                ? [TensorNames.ReconstructionError, TensorNames.Kl]
                : [TensorNames.ReconstructionError]
            : settings.Explain > 0
                ? [TensorNames.Score, TensorNames.FeatureErrors, TensorNames.Output]
                : [TensorNames.Score];
}
