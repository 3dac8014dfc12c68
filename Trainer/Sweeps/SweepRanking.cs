using System.Globalization;
using System.Text;

namespace Latent.Trainer.Sweeps;

/// <summary>
/// Ranks the runs of a sweep: finished ones by their validation loss, then unfinished ones, those with more epochs first, then failed ones.
/// </summary>
internal sealed class SweepRanking
{
    private SweepRanking(SweepPlan plan, IReadOnlyList<(SweepState State, double Loss)> runs) => (Plan, Runs) = (plan, runs);

    /// <summary>Gets the plan.</summary>
    public SweepPlan Plan { get; }

    /// <summary>Gets the runs with their validation losses, the best first.</summary>
    public IReadOnlyList<(SweepState State, double Loss)> Runs { get; }

    /// <summary>Reads the states of all runs.</summary>
    public static SweepRanking Of(SweepPlan plan, string folder) =>
        new(
            plan,
            [
                .. plan
                    .Runs.Select(run => SweepState.Of(folder, run))
                    .Select(state => (State: state, Loss: state.Loss(plan.RecipeOf(state.Run).Training.KeepBest)))
                    .OrderBy(run =>
                        run.State.Manifest is not null ? 0
                        : run.State.Failure is null ? 1
                        : 2
                    )
                    .ThenByDescending(run => run.State.Manifest is null ? run.State.Epoch : 0)
                    .ThenBy(run => run.Loss),
            ]
        );

    /// <summary>Formats the ranking as a Markdown table; it has no times, so that a continued sweep ends in the same one.</summary>
    public string ToMarkdown()
    {
        var text = new StringBuilder();
        string[] keys = [.. Plan.Runs[0].Values.Keys];
        text.Append($"| | run | {string.Join(" | ", keys)} | epochs | train loss | validation loss | test loss | |\n");
        text.Append($"|---:|---|{string.Concat(keys.Select(_ => "---:|"))}---:|---:|---:|---:|---|\n");
        foreach (var (i, (state, loss)) in Runs.Index())
        {
            string[] cells =
            [
                (i + 1).ToString(CultureInfo.InvariantCulture),
                state.Run.Name,
                .. keys.Select(key => state.Run.Values[key]),
                state.Epoch.ToString(CultureInfo.InvariantCulture),
                state.Epochs.Count == 0 ? "" : Number(state.Epochs[^1].Train["loss"]),
                double.IsFinite(loss) ? Number(loss) : "",
                state.Manifest?.Metrics.TryGetValue("test.loss", out var test) == true ? Number(test) : "",
                Remark(state),
            ];
            text.Append($"| {string.Join(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal)))} |\n");
        }

        return text.ToString();
    }

    private static string Remark(SweepState state) =>
        state.Failure is not null ? "failed"
        : state.Manifest is not null ? ""
        : state.Epoch > 0 ? "unfinished"
        : "not begun";

    private static string Number(double value) => value.ToString("G6", CultureInfo.InvariantCulture);
}
