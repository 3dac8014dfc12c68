using System.Globalization;
using Latent.CommandLine;
using Latent.Contracts;
using Latent.Contracts.Recipes;
using Latent.Contracts.Tables;
using Latent.Data.Rows;
using Spectre.Console;

namespace Latent.Scorer.Reporting;

/// <summary>Represents how each column of new rows, and each dimension of their codes, is distributed against the training rows.</summary>
internal sealed class DriftReport
{
    private const string Code = "code";

    // Codes have many dimensions, of which a person looks at the worst.
    private const int ShownCodes = 5;
    private readonly List<(string Column, string Kind, Drift Drift)> _lines = [];
    private readonly double _limit;
    private readonly long _trainingRows;
    private readonly long _rows;

    /// <summary>Compares rows with the training rows.</summary>
    /// <param name="table">The columns.</param>
    /// <param name="training">The distribution of the training rows.</param>
    /// <param name="columns">The distribution of the new rows in each column; at least one row.</param>
    /// <param name="codes">Their distribution in each dimension of the codes.</param>
    /// <param name="limit">The population stability index from which on a column has drifted.</param>
    public DriftReport(
        TableDescription table,
        TrainingDistribution training,
        IReadOnlyList<ColumnDistribution> columns,
        IReadOnlyList<ColumnDistribution> codes,
        double limit
    )
    {
        (_limit, _trainingRows, _rows) = (limit, training.Columns[0].Rows(), columns[0].Rows());
        foreach (var (i, column) in table.Columns.Index())
            _lines.Add((column.Name, RecipeNames.Of(column.Kind), Drift.Of(training.Columns[i], columns[i])));
        foreach (var (i, code) in training.Codes.Index())
            _lines.Add(($"z{i}", Code, Drift.Of(code, codes[i])));
    }

    /// <summary>The names of the columns that are kept texts in <see cref="Batch"/>.</summary>
    public static readonly IReadOnlyList<string> KeptNames = ["column", "kind"];

    /// <summary>The other columns of <see cref="Batch"/>.</summary>
    public static readonly IReadOnlyList<ResultColumn> Columns =
    [
        new("psi", ResultKind.Number, 0),
        new("ks", ResultKind.Text, 0),
        new("ks_p_value", ResultKind.Text, 1),
        new("missing_training", ResultKind.Number, 1),
        new("missing", ResultKind.Number, 2),
        new("unseen", ResultKind.Text, 2),
        new("verdict", ResultKind.Text, 3),
    ];

    /// <summary>Gets whether a column or a code has drifted.</summary>
    public bool HasDrifted => _lines.Any(line => Verdict(line.Drift) == "drift");

    /// <summary>Gets the lines as rows of a table.</summary>
    public RowBatch Batch()
    {
        var batch = new RowBatch(_lines.Count, 0, 3, 4) { Count = _lines.Count };
        foreach (var (i, (column, kind, drift)) in _lines.Index())
        {
            batch.Positions[i] = i;
            batch.Kept[i] = [column, kind];
            var numbers = batch.Result(i);
            var texts = batch.Texts(i);
            (numbers[0], numbers[1], numbers[2]) = ((float)drift.Psi, (float)drift.MissingBefore, (float)drift.Missing);
            (texts[0], texts[1], texts[2], texts[3]) = (Number(drift.Ks), Number(drift.KsPValue), Number(drift.Unseen), Verdict(drift));
        }

        return batch;
    }

    /// <summary>Shows the columns, the dimensions of the code that changed most, and what it comes to.</summary>
    /// <param name="output">Receives the text.</param>
    /// <param name="allCodes">Whether all dimensions of the code are shown, rather than the five with the largest index.</param>
    public void Write(TextWriter output, bool allCodes)
    {
        var console = Terminal.Open(output);
        var table = new Table().RoundedBorder().AddColumn("column");
        foreach (var name in (string[])["PSI", "KS", "p-value", "missing", "unseen"])
            table.AddColumn(new Spectre.Console.TableColumn(name).RightAligned().NoWrap());
        table.AddColumn(new Spectre.Console.TableColumn("verdict").NoWrap());
        var (columns, codes) = (_lines.Where(line => line.Kind != Code), _lines.Where(line => line.Kind == Code).ToList());
        var shown = allCodes ? codes : [.. codes.OrderByDescending(line => line.Drift.Psi).Take(ShownCodes)];
        foreach (var (column, _, drift) in columns.Concat(shown))
        {
            var verdict = Verdict(drift);
            var missing = drift is { MissingBefore: 0, Missing: 0 } ? "" : $"{Percent(drift.MissingBefore)[..^1]}→{Percent(drift.Missing)}";
            table.AddRow(
                Markup.Escape(Printable.Of(column)),
                drift.Psi.ToString("F3", CultureInfo.InvariantCulture),
                drift.Ks?.ToString("F3", CultureInfo.InvariantCulture) ?? "",
                drift.KsPValue is { } p ? (p < 0.001 ? "<0.001" : p.ToString("F3", CultureInfo.InvariantCulture)) : "",
                missing,
                drift.Unseen is > 0 and var unseen ? Percent(unseen) : "",
                verdict == "stable" ? verdict : $"[bold]{verdict}[/]"
            );
        }

        console.Write(table);
        if (shown.Count < codes.Count)
        {
            output.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Of {codes.Count} dimensions of the code, the {ShownCodes} with the largest PSI are shown; the others have at most {codes.Except(shown).Max(line => line.Drift.Psi):F3}."
                )
            );
        }

        output.WriteLine(Sentence());
    }

    private string Sentence()
    {
        var (drifted, some) = (Count("drift"), Count("some drift"));
        var verdict =
            drifted.Columns + drifted.Codes > 0 ? $"Drift in {Words(drifted)}"
            : some.Columns + some.Codes > 0 ? $"Some drift in {Words(some)}"
            : "Stable";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{verdict}: {_rows:N0} rows against {_trainingRows:N0} training rows, drift from a PSI of {_limit} on."
        );

        (int Columns, int Codes) Count(string verdict) =>
            (
                _lines.Count(line => line.Kind != Code && Verdict(line.Drift) == verdict),
                _lines.Count(line => line.Kind == Code && Verdict(line.Drift) == verdict)
            );

        static string Words((int Columns, int Codes) count) =>
            string.Join(
                " and ",
                new[] { Plural(count.Columns, "column"), Plural(count.Codes, "dimension of the code", "dimensions of the code") }.Where(
                    words => words.Length > 0
                )
            );

        static string Plural(int count, string one, string? many = null) =>
            count == 0 ? "" : $"{count} {(count == 1 ? one : many ?? one + "s")}";
    }

    private string Verdict(Drift drift) => drift.Verdict(_limit);

    private static string Number(double? value) => value is { } number ? ((float)number).ToString(CultureInfo.InvariantCulture) : "";

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.#}%");
}
