using Latent.Contracts;
using Latent.Contracts.Recipes;
using Latent.Contracts.Tables;

namespace Latent.Data.Tables.Profile;

/// <summary>Reconciles the kinds and likelihoods that a recipe requests with the values of the columns.</summary>
internal sealed class ColumnRequests
{
    private readonly string _source;
    private readonly TableRecipe _recipe;
    private readonly Func<ColumnProfile, Func<string, bool>, (string Place, string Value)> _find;
    private readonly Dictionary<string, TableColumnKind> _kinds;
    private readonly Dictionary<string, ColumnLikelihood> _likelihoods;
    private readonly Dictionary<string, WordEncoding> _encodings;

    /// <summary>Checks that the columns exist.</summary>
    /// <param name="source">Name of the table in messages.</param>
    /// <param name="recipe">What is requested.</param>
    /// <param name="columns">The columns.</param>
    /// <param name="find">Finds the first value of a column that is not what it should be.</param>
    /// <exception cref="LatentException">There is no such column.</exception>
    public ColumnRequests(
        string source,
        TableRecipe recipe,
        IReadOnlyList<ColumnProfile> columns,
        Func<ColumnProfile, Func<string, bool>, (string Place, string Value)> find
    )
    {
        (_source, _recipe, _find) = (source, recipe, find);
        string[] names = [.. columns.Select(column => column.Name)];
        _kinds = Named(recipe.Kinds, "kinds", names);
        _likelihoods = Named(recipe.Likelihoods, "likelihoods", names);
        _encodings = Named(recipe.Encodings, "encodings", names);
    }

    /// <summary>Gets the kind that is requested for a column, and why it is left out if that says so; null if none is requested.</summary>
    /// <exception cref="LatentException">The values contradict it.</exception>
    public (TableColumnKind Kind, string? Reason)? Kind(ColumnProfile column)
    {
        if (!_kinds.TryGetValue(column.Name, out var kind))
            return null;
        if (kind is TableColumnKind.Identifier or TableColumnKind.Text or TableColumnKind.Constant)
            return (kind, "the recipe's data.table.kinds says so");
        if (column.Count == 0)
            return (TableColumnKind.Constant, "it has no value");
        switch (kind)
        {
            case TableColumnKind.Number when !column.AreNumbers:
                throw Contradicts(column, kind, value => double.IsNaN(column.NumberOf(value)), "a number");
            case TableColumnKind.Integer when !column.AreNumbers || !column.AreWhole:
                throw Contradicts(column, kind, value => !double.IsInteger(column.NumberOf(value)), "a whole number");
            case TableColumnKind.DateTime when !column.AreMoments:
                throw Contradicts(column, kind, value => DateText.Parse(value, out _) == DateFormat.None, "a date such as 2019-03-23");
            case TableColumnKind.Boolean when !ColumnKinds.AreBits(column) && !ColumnKinds.AreYesNo(column):
                Func<string, bool> isBad =
                    column.AreNumbers ? value => column.NumberOf(value) is not (0 or 1)
                    : column.Distinct.Keys.All(value => Truth.OfWord(value) is not null) ? _ => true
                    : value => Truth.OfWord(value) is null;
                throw Contradicts(column, kind, isBad, "1 or 0 in every row, or one of two words such as yes and no");
            default:
                return (kind, null);
        }
    }

    /// <summary>Describes a column that the model reads.</summary>
    /// <exception cref="LatentException">The likelihood or the encoding that is requested doesn't fit it.</exception>
    public TableColumn Describe(ColumnProfile column, TableColumnKind kind)
    {
        var levels =
            kind == TableColumnKind.Category || (kind == TableColumnKind.Boolean && !column.AreNumbers)
                ? ColumnKinds.Levels(column, _recipe.MaxLevels)
                : null;
        var day = column.First.Date;
        return new TableColumn
        {
            Name = column.Name,
            Position = column.Position,
            Kind = kind,
            Levels = levels,
            Likelihood = Likelihood(column, kind, levels is not null),
            EmbeddingWidth =
                Encoding(column, levels is not null) == WordEncoding.Embedding ? _recipe.EmbeddingWidthOf(levels!.Length) : null,
            Origin = kind == TableColumnKind.DateTime ? day.AddDays(-(((int)day.DayOfWeek + 6) % 7)) : null,
        };
    }

    /// <summary>Describes a column that is left out.</summary>
    /// <exception cref="LatentException">A likelihood is requested for it.</exception>
    public LeftOutColumn LeaveOut(ColumnProfile column, TableColumnKind kind, string reason) =>
        _likelihoods.ContainsKey(column.Name)
            ? throw new LatentException(
                $"{_source}, column {CsvSource.Short(column.Name)}, is to have a likelihood, but is left out because {reason}; data.table.kinds must say what it is if it should be read."
            )
            : new LeftOutColumn(column.Name, kind, reason);

    private WordEncoding Encoding(ColumnProfile column, bool hasLevels)
    {
        if (!_encodings.TryGetValue(column.Name, out var encoding))
            return hasLevels ? _recipe.Categories : WordEncoding.OneHot;
        return hasLevels
            ? encoding
            : throw new LatentException(
                $"{_source}, column {CsvSource.Short(column.Name)}, can't have the encoding {Name(encoding)}; encodings are for words, and its numbers are words if data.table.kinds says category."
            );
    }

    private ColumnLikelihood Likelihood(ColumnProfile column, TableColumnKind kind, bool hasLevels)
    {
        if (!_likelihoods.TryGetValue(column.Name, out var likelihood))
        {
            return hasLevels ? ColumnLikelihood.Categorical
                : kind == TableColumnKind.Boolean ? ColumnLikelihood.Bernoulli
                : ColumnLikelihood.Gaussian;
        }

        var isDate = kind == TableColumnKind.DateTime;
        var wanted =
            hasLevels && likelihood != ColumnLikelihood.Categorical ? "its words have categorical"
            : !hasLevels && likelihood == ColumnLikelihood.Categorical
                ? $"categorical is for words, and {(isDate ? "it has dates" : "its numbers are words if data.table.kinds says category")}"
            : likelihood == ColumnLikelihood.Bernoulli && (isDate || !ColumnKinds.AreBits(column)) ? "bernoulli is for 0 and 1"
            : likelihood == ColumnLikelihood.Poisson && (isDate || !column.AreWhole || column.Min < 0)
                ? "poisson is for whole numbers from 0"
            : null;
        return wanted is null
            ? likelihood
            : throw new LatentException(
                $"{_source}, column {CsvSource.Short(column.Name)}, can't have the likelihood {Name(likelihood)}; {wanted}."
            );
    }

    private Dictionary<string, T> Named<T>(IReadOnlyDictionary<string, T>? requests, string key, string[] names)
    {
        var known = names.ToHashSet(StringComparer.Ordinal);
        var named = new Dictionary<string, T>(StringComparer.Ordinal);
        foreach (var (name, request) in requests ?? new Dictionary<string, T>())
        {
            if (!known.Contains(name.Trim()))
            {
                throw new LatentException(
                    $"data.table.{key} names '{CsvSource.Short(name)}', which is no column that is read of {_source}{NearestName.Hint(name, names.Length <= 1000 ? names : [])}{(NearestName.Suggest(name, names) is null ? "." : "")}"
                );
            }

            named[name.Trim()] = request;
        }

        return named;
    }

    private LatentException Contradicts(ColumnProfile column, TableColumnKind kind, Func<string, bool> isBad, string wanted)
    {
        var (place, value) = _find(column, isBad);
        return new LatentException(
            $"{place}, column {CsvSource.Short(column.Name)}, has '{CsvSource.Short(value)}', but data.table.kinds says {Name(kind)}; it must be {wanted}."
        );
    }

    private static string Name<T>(T value)
        where T : struct, Enum => value.ToString() is var name ? char.ToLowerInvariant(name[0]) + name[1..] : "";
}
