namespace Latent.Contracts;

/// <summary>Guesses what a mistyped name was meant to be.</summary>
public static class NearestName
{
    /// <summary>Finds the candidate with the fewest typing errors to the name, by optimal string alignment regardless of case.</summary>
    /// <param name="name">The name as it was typed.</param>
    /// <param name="candidates">The known names.</param>
    /// <returns>The nearest candidate; null if more than a third of the longer name's letters, and more than two, would change.</returns>
    public static string? Suggest(string name, IEnumerable<string> candidates) =>
        candidates
            .Select(candidate => (candidate, distance: Distance(name.ToLowerInvariant(), candidate.ToLowerInvariant())))
            .Where(c =>
                Math.Max(name.Length, c.candidate.Length) is var length && c.distance < length && c.distance <= Math.Max(2, length / 3)
            )
            .OrderBy(c => c.distance)
            .Select(c => c.candidate)
            .FirstOrDefault();

    /// <summary>Makes the end of a message: "; did you mean x?" if a candidate is near, or "; known are x, y, z" if none is.</summary>
    /// <param name="name">The name as it was typed.</param>
    /// <param name="candidates">The known names.</param>
    public static string Hint(string name, IReadOnlyCollection<string> candidates) =>
        Suggest(name, candidates) is { } nearest ? $"; did you mean {nearest}?"
        : candidates.Count == 0 ? ""
        : $"; known are {string.Join(", ", candidates)}";

    private static int Distance(string a, string b)
    {
        var (before, previous, current) = (new int[b.Length + 1], Enumerable.Range(0, b.Length + 1).ToArray(), new int[b.Length + 1]);
        for (var i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                current[j] = Math.Min(Math.Min(previous[j], current[j - 1]) + 1, previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    current[j] = Math.Min(current[j], before[j - 2] + 1);
            }

            (before, previous, current) = (previous, current, before);
        }

        return previous[b.Length];
    }
}
