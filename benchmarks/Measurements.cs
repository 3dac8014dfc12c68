using System.Globalization;

namespace Latent.Benchmarks;

/// <summary>Keeps measurements in a file, so that a long benchmark that was stopped goes on where it was.</summary>
/// <param name="path">The file; null for none.</param>
internal sealed class Measurements(string? path)
{
    private readonly Dictionary<string, double[]> _made =
        path is null || !File.Exists(path)
            ? []
            : File.ReadLines(path)
                .Select(line => line.Split(','))
                .ToDictionary(
                    cells => cells[0],
                    cells => cells[1..].Select(cell => double.Parse(cell, CultureInfo.InvariantCulture)).ToArray()
                );

    /// <summary>Gets the figures of a measurement, which is made unless the file has it.</summary>
    /// <param name="what">What is measured, without commas.</param>
    /// <param name="measure">Makes the measurement.</param>
    public double[] Of(string what, Func<double[]> measure)
    {
        if (_made.TryGetValue(what, out var figures))
            return figures;
        figures = _made[what] = measure();
        var text = string.Join(',', figures.Select(figure => figure.ToString("R", CultureInfo.InvariantCulture)));
        Console.Error.WriteLine($"{what}: {text}");
        if (path is not null)
            File.AppendAllText(path, $"{what},{text}\n");
        return figures;
    }
}
