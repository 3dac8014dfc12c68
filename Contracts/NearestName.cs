namespace Latent.Contracts;

/// <summary>Guesses what a mistyped name was meant to be.</summary>
public static class NearestName
{
    /// <summary>The candidate fewest typing slips away from the name, by optimal string alignment without regard to case.</summary>
    /// <param name="name">What was typed.</param>
    /// <param name="candidates">What is known.</param>
    /// <returns>The nearest candidate; null where more than a third of the longer name's letters, and more than two, would change.</returns>
    public static string? Suggest(string name, IEnumerable<string> candidates) =>
        candidates
            .Select(candidate => (candidate, distance: Distance(name.ToLowerInvariant(), candidate.ToLowerInvariant())))
            .Where(c =>
                Math.Max(name.Length, c.candidate.Length) is var length && c.distance < length && c.distance <= Math.Max(2, length / 3)
            )
            .OrderBy(c => c.distance)
            .Select(c => c.candidate)
            .FirstOrDefault();

    /// <summary>"; did you mean x?" where a candidate is near, or "; known are x, y, z" where none is.</summary>
    /// <param name="name">What was typed.</param>
    /// <param name="candidates">What is known.</param>
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
