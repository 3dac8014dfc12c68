using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Contracts.Recipes;
using Latent.Data.Tables;
using Latent.Trainer.Data;

namespace Latent.Trainer.Evaluation;

/// <summary>Represents the rows by which a table's score is judged.</summary>
/// <param name="Scores">The score of each row.</param>
/// <param name="Anomalies">Whether each row is an anomaly, null where its label doesn't tell; null if labels don't tell of any.</param>
/// <param name="AreOwn">Whether they are rows of the data that the bundle was trained on.</param>
/// <param name="AreHeldOut">Whether the weights were fitted to none of them.</param>
/// <param name="Description">What the rows are, in words, without a full stop.</param>
internal sealed record EvaluatedRows(float[] Scores, bool?[]? Anomalies, bool AreOwn, bool AreHeldOut, string Description)
{
    /// <summary>
    /// Chooses and scores rows: of the bundle's own data the test and validation rows, and all anomalies if training left them out; of
    /// other data all rows.
    /// </summary>
    /// <param name="bundle">The bundle of a table.</param>
    /// <param name="dataPath">Path of the data; null for the path in the recipe.</param>
    /// <param name="label">Column of labels; null for the recipe's.</param>
    /// <param name="stop">Cancels it.</param>
    /// <exception cref="LatentException">The data can't be read, or there is no such column.</exception>
    public static EvaluatedRows Of(BundleFolder bundle, string? dataPath, string? label, CancellationToken stop)
    {
        var (manifest, own) = (bundle.Manifest, bundle.Manifest.Recipe.Data);
        var path =
            dataPath
            ?? own.Path
            ?? throw new LatentException($"The bundle {bundle.Folder} doesn't say where its data are; --data PATH says it.");
        var isOther = label is not null && label != own.Label;
        var normal = isOther ? null : own.TrainOnLabel;
        var recipe = manifest.Recipe with { Data = own with { Path = path, Label = label ?? own.Label, TrainOnLabel = normal } };
        var all = new DataReader(recipe.Data, path, manifest.Input.Table, [], stop).Read().All;
        var rule = all.Labels is null ? null : AnomalyLabels.Rule(all.Labels, normal);
        using var graphs = new BundleGraphs(bundle);
        if (DataSet.Fingerprint(all) != manifest.DataFingerprint)
            return Whole(isOwn: false, "of other data than those that the bundle was trained on");
        var data = DataSplits.Divide(all, null, recipe);
        // A model that was trained without these labels learned from anomalies too, and divided its rows regardless of them.
        if (isOther)
        {
            return data.Test is { } rest
                ? Some([(rest, GraphScores(rest))], FormattableString.Invariant($"{rest.Count:N0} test rows"))
                : Whole(isOwn: true, "of the training data, of which there are no test rows");
        }

        if (!data.HasHeldOut)
            return Whole(isOwn: true, "of the training data, of which none were held out");
        var (parts, names) = (new List<(DataSet Rows, float[] Scores)>(), new List<string>());
        var leftOut = rule is not null && IsLeftOut(all.Labels!, own) ? Select(all, row => rule(row) == true) : null;
        if (data.Test is { } test)
        {
            var rows = leftOut is null ? test : Select(test, row => rule!(row) != true);
            Add(rows, rows is null ? [] : GraphScores(rows), leftOut is null ? "test rows" : "test rows without anomalies");
        }

        Add(data.Validation, data.Validation is null ? [] : GraphScores(data.Validation), "validation rows");
        Add(leftOut, leftOut is null ? [] : GraphScores(leftOut), "anomalies, none of which were learned from");
        return Some(parts, string.Join(", ", names));

        void Add(DataSet? rows, float[] scores, string name)
        {
            if (rows is null)
                return;
            parts.Add((rows, scores));
            names.Add(FormattableString.Invariant($"{rows.Count:N0} {name}"));
        }

        EvaluatedRows Whole(bool isOwn, string what) =>
            new(GraphScores(all), Told(all.Labels), isOwn, !isOwn, FormattableString.Invariant($"all {all.Count:N0} rows {what}"));

        EvaluatedRows Some(IReadOnlyList<(DataSet Rows, float[] Scores)> sets, string description) =>
            new(
                [.. sets.SelectMany(set => set.Scores)],
                Told(all.Labels is null ? null : sets.SelectMany(set => set.Rows.Labels!)),
                true,
                true,
                description
            );

        bool?[]? Told(IEnumerable<string>? labels) => rule is null || labels is null ? null : [.. labels.Select(rule)];

        float[] GraphScores(DataSet rows) => graphs.Score(rows.Values).Score;
    }

    // As DataSplits leaves anomalies out.
    private static bool IsLeftOut(string[] labels, DataRecipe data) =>
        data.TrainOnLabel is not null || Array.TrueForAll(labels, label => Truth.Of(label) is not null);

    private static DataSet? Select(DataSet set, Func<string, bool> isChosen)
    {
        int[] rows = [.. Enumerable.Range(0, set.Count).Where(row => isChosen(set.Labels![row]))];
        return rows.Length == 0 ? null : set.Select(rows);
    }
}
