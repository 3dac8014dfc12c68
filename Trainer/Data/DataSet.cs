using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Latent.Contracts;
using Latent.Contracts.Bundles;

namespace Latent.Trainer.Data;

/// <summary>Rows in the data's own units, with labels where there are any.</summary>
public sealed class DataSet
{
    /// <summary>Makes a set of rows.</summary>
    /// <param name="input">What a row is.</param>
    /// <param name="values">Count · features values, row by row.</param>
    /// <param name="labels">One label a row, or null.</param>
    /// <exception cref="LatentException">The values are no whole number of rows, or there is not one label a row.</exception>
    public DataSet(InputDescription input, float[] values, string[]? labels = null)
    {
        Input = input;
        Values = values;
        Labels = labels;
        Features = input.Shape.Aggregate(1, (product, size) => product * size);
        if (values.Length % Features != 0)
        {
            throw new LatentException($"{values.Length} values are no whole number of rows of {Features}.");
        }

        Count = values.Length / Features;
        if (labels is not null && labels.Length != Count)
        {
            throw new LatentException($"There are {labels.Length} labels for {Count} rows; every row needs one.");
        }
    }

    /// <summary>What a row is.</summary>
    public InputDescription Input { get; }

    /// <summary>All values, row by row, in the data's own units: pixels 0 to 255, or a table's columns.</summary>
    public float[] Values { get; }

    /// <summary>One label a row, or null.</summary>
    public string[]? Labels { get; }

    /// <summary>Where each row of a table stands, or null.</summary>
    internal RowPlace[]? Places { get; init; }

    /// <summary>Number of rows.</summary>
    public int Count { get; }

    /// <summary>Number of values of a row.</summary>
    public int Features { get; }

    /// <summary>The values of one row.</summary>
    public ReadOnlySpan<float> Row(int index) => Values.AsSpan(index * Features, Features);

    /// <summary>
    /// Gets what a model is given: the values, and after those of each row, for a model with a condition, the index of its label among
    /// <see cref="InputDescription.Classes"/>.
    /// </summary>
    /// <exception cref="LatentException">A row has a label that the model doesn't know, or none.</exception>
    public float[] Cells() => Cells(Values);

    /// <summary>Gets what a model is given of values in place of the set's own.</summary>
    /// <param name="values">Values of the set's rows.</param>
    /// <exception cref="LatentException">A row has a label that the model doesn't know, or none.</exception>
    internal float[] Cells(float[] values) => Input.Classes is { } classes ? WithLabels(values, Features, Labels, classes) : values;

    /// <summary>Puts after the values of each row the index of its label.</summary>
    /// <param name="values">Values of the rows.</param>
    /// <param name="length">Number of values of a row.</param>
    /// <param name="labels">The label of each row.</param>
    /// <param name="classes">The labels that the model knows.</param>
    /// <exception cref="LatentException">A row has a label that the model doesn't know, or none.</exception>
    internal static float[] WithLabels(float[] values, int length, IReadOnlyList<string>? labels, IReadOnlyList<string> classes)
    {
        if (labels is null)
            throw new LatentException("The model is conditioned on labels, but the rows have none; name them in data.label.");
        var index = classes.Index().ToDictionary(c => c.Item, c => c.Index, StringComparer.Ordinal);
        var cells = new float[(long)labels.Count * (length + 1)];
        for (var i = 0; i < labels.Count; i++)
        {
            var row = cells.AsSpan(i * (length + 1), length + 1);
            values.AsSpan(i * length, length).CopyTo(row);
            row[length] = index.TryGetValue(labels[i], out var label)
                ? label
                : throw new LatentException(
                    $"Row {i} has the label '{Printable.Of(labels[i])}', which the model does not know; it knows {string.Join(", ", classes)}."
                );
        }

        return cells;
    }

    /// <summary>Gets the number of values of a row of <see cref="Cells()"/>.</summary>
    public int CellCount => Features + (Input.Classes is null ? 0 : 1);

    /// <summary>Gets the shape of some rows of <see cref="Cells()"/>.</summary>
    /// <param name="rows">Number of rows.</param>
    internal long[] CellShape(int rows) => Input.Classes is null ? [rows, .. Input.Shape.Select(n => (long)n)] : [rows, CellCount];

    /// <summary>The rows of the given numbers, in that order.</summary>
    public DataSet Select(IReadOnlyList<int> rows)
    {
        var values = new float[(long)rows.Count * Features];
        for (var i = 0; i < rows.Count; i++)
        {
            Row(rows[i]).CopyTo(values.AsSpan(i * Features));
        }

        return new DataSet(Input, values, Labels is null ? null : [.. rows.Select(row => Labels[row])])
        {
            Places = Places is null ? null : [.. rows.Select(row => Places[row])],
        };
    }

    /// <summary>Gets rows that are spread evenly over the set; the set itself where it has no more.</summary>
    /// <param name="count">Number of rows, at most.</param>
    public DataSet EvenlySpread(int count) => Count <= count ? this : Select(EvenlySpread(count, Count));

    /// <summary>Gets numbers that are spread evenly from 0 to <paramref name="of"/> - 1.</summary>
    /// <param name="count">How many.</param>
    /// <param name="of">Number of those to choose from.</param>
    internal static int[] EvenlySpread(int count, int of) => [.. Enumerable.Range(0, count).Select(i => (int)((long)i * of / count))];

    /// <summary>The same rows described otherwise, such as flat rather than as [channels, height, width].</summary>
    public DataSet As(InputDescription input) => new(input, Values, Labels) { Places = Places };

    /// <summary>SHA-256 of sets of rows as they were read, in lower-case hexadecimal.</summary>
    public static string Fingerprint(params ReadOnlySpan<DataSet> sets)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var set in sets)
        {
            hash.AppendData(MemoryMarshal.AsBytes<int>([set.Count, .. set.Input.Shape]));
            // A span of bytes has at most 2 GiB.
            for (ReadOnlySpan<float> rest = set.Values; !rest.IsEmpty; rest = rest[Math.Min(rest.Length, 1 << 24)..])
                hash.AppendData(MemoryMarshal.AsBytes(rest[..Math.Min(rest.Length, 1 << 24)]));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
