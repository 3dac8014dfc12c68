using Latent.Contracts;
using Latent.Contracts.Tables;

namespace Latent.Inference.Pipeline;

/// <summary>Makes the columns of a score: its terms, how it is judged, and why it is high.</summary>
internal static class ScoreColumns
{
    /// <summary>Makes the columns that the options request of a bundle.</summary>
    /// <exception cref="LatentException">
    /// An explanation is requested from a bundle without a table, or a judgement from one without the scores of normal rows, or with too
    /// few of them for the alarm rate.
    /// </exception>
    public static IReadOnlyList<OutputColumn> Of(LatentBundle bundle, ScoreOptions options)
    {
        var input = bundle.Manifest.Input;
        if (options.ExplanationColumn is not null && input.Table is null)
        {
            throw new LatentException(
                $"The bundle {bundle.Name} is not of a table with columns of several kinds, which ExplanationColumn is for."
            );
        }

        return
        [
            .. Requested(options, [.. input.Shape])
                .Select(column =>
                    column.Kind switch
                    {
                        OutputKind.IsAnomaly => column with { Table = input.Table, Threshold = Threshold(bundle, options) },
                        OutputKind.PValue => column with { Table = input.Table, Scores = Scores(bundle, "PValueColumn") },
                        OutputKind.Explanation => column with { Table = input.Table, Explanations = options.Explanations },
                        _ => column with { Table = input.Table },
                    }
                ),
        ];
    }

    /// <summary>Makes the columns that the options request of a table's bundle that is not there yet, for a schema's shape.</summary>
    public static IReadOnlyList<OutputColumn> Shapes(ScoreOptions options) => [.. Requested(options, [1])];

    private static IEnumerable<OutputColumn> Requested(ScoreOptions options, int[] shape)
    {
        (string? Name, OutputKind Kind, int[] Shape)[] columns =
        [
            (options.ScoreColumn, OutputKind.Score, []),
            (options.ReconstructionErrorColumn, OutputKind.ReconstructionError, []),
            (options.KlColumn, OutputKind.Kl, []),
            (options.FeatureErrorsColumn, OutputKind.FeatureErrors, shape),
            (options.IsAnomalyColumn, OutputKind.IsAnomaly, []),
            (options.PValueColumn, OutputKind.PValue, []),
            (options.ExplanationColumn, OutputKind.Explanation, []),
        ];
        return columns.Where(column => column.Name is not null).Select(column => new OutputColumn(column.Name!, column.Kind, column.Shape));
    }

    private static double Threshold(LatentBundle bundle, ScoreOptions options)
    {
        if (options.Threshold is { } threshold)
            return threshold;
        var scores = Scores(bundle, "IsAnomalyColumn", " or ScoreOptions.Threshold");
        return scores.Threshold(options.AlarmRate ?? scores.UsualAlarmRate());
    }

    private static ScoreDistribution Scores(LatentBundle bundle, string option, string instead = "") =>
        bundle.Manifest.Scores
        ?? throw new LatentException(
            $"The bundle {bundle.Name} does not say what scores normal rows have; {option} needs a bundle that does{instead}."
        );
}
