using System.IO.Compression;
using Latent.Tests;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Latent.ML.Tests.Polyfill;

/// <summary>A saved model of our own with bytes changed, cut and announced in numbers of every size loads or ends in a FormatException.</summary>
public sealed class DamagedModelTests
{
    private static readonly int[] s_numbers = [0, 1, -1, 255, 65536, int.MaxValue, int.MinValue];
    private readonly MLContext _ml = new(seed: 1);

    private IDataView Data => _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 12).Select(i => new Row
    {
        A = i % 5 == 4 ? float.NaN : i,
        Name = $"name {i % 3}",
        Time = new(2020, 1, 1 + i, 2, 3, 4, DateTimeKind.Utc),
        Features = [i, i * i % 7, i % 2],
    }));

    [Fact]
    public void A_damaged_model_ends_in_a_model_or_in_a_sentence()
    {
        var data = Data;
        var entries = Entries(Model(data), data.Schema);
        Use(Zip(entries), data);
        var (count, loaded) = (Fuzz.Count(usual: 600), 0);
        for (var i = 0; i < count; i++)
        {
            var random = new Random(i);
            var damaged = random.Next(8) == 0 ? Change(Zip(entries), random) : Zip(ChangeOne(entries, random));
            if (Fuzz.Ends<FormatException>($"Model {i}", () => Use(damaged, data)))
                loaded++;
        }

        Assert.InRange(loaded, 1, count - 1);
    }

    [Fact]
    public void A_model_cut_off_anywhere_is_refused()
    {
        var data = Data;
        var entries = Entries(Model(data), data.Schema);
        foreach (var (name, bytes) in entries)
        {
            for (var length = 0; length < bytes.Length; length++)
            {
                var damaged = Zip(entries.ToDictionary(pair => pair.Key, pair => pair.Key == name ? bytes[..length] : pair.Value));
                Assert.Throws<FormatException>(() => _ml.Model.Load(new MemoryStream(damaged), out _));
            }
        }
    }

    [Fact]
    public void What_is_no_zip_is_refused() =>
        Assert.Throws<FormatException>(() => _ml.Model.Load(new MemoryStream("no model"u8.ToArray()), out _));

    private ITransformer Model(IDataView data) => _ml.Transforms.ReplaceMissingValues("A", replacementMode: MissingValueReplacingEstimator.ReplacementMode.Mean)
        .Append(_ml.Transforms.NormalizeMinMax("Scaled", "A"))
        .Append(_ml.Transforms.NormalizeMeanVariance("Standard", "A", useCdf: true))
        .Append(_ml.Transforms.Conversion.MapValueToKey([new("Key", "Name"), new("Day", "Time")]))
        .Append(_ml.Transforms.Conversion.MapKeyToValue("Value", "Key"))
        .Append(_ml.Transforms.Conversion.ConvertType("Double", "A", DataKind.Double))
        .Append(_ml.Transforms.Concatenate("All", "Scaled", "Standard", "Features"))
        .Append(_ml.Transforms.ProjectToPrincipalComponents("Code", "Features", rank: 2, overSampling: 1, seed: 1))
        .Append(_ml.Clustering.Trainers.KMeans("Code", numberOfClusters: 2))
        .Append(_ml.Transforms.CopyColumns("Cluster", "PredictedLabel"))
        .Append(_ml.AnomalyDetection.Trainers.RandomizedPca(rank: 1, oversampling: 1, seed: 1))
        .Append(_ml.Transforms.SelectColumns("All", "Value", "Day", "Double", "Cluster", "Score"))
        .Fit(data);

    // What a damaged model that loads is used for may not fit the data.
    private void Use(byte[] zip, IDataView data)
    {
        var model = _ml.Model.Load(new MemoryStream(zip), out _);
        try
        {
            model.Transform(data).Preview();
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or InvalidOperationException)
        {
            throw new FormatException("The model does not fit the data.", e);
        }
    }

    private Dictionary<string, byte[]> Entries(ITransformer model, DataViewSchema schema)
    {
        using var stream = new MemoryStream();
        _ml.Model.Save(model, schema, stream);
        using var zip = new ZipArchive(stream);
        return zip.Entries.ToDictionary(entry => entry.FullName, entry =>
        {
            using var content = new MemoryStream();
            using var opened = entry.Open();
            opened.CopyTo(content);
            return content.ToArray();
        });
    }

    private static byte[] Zip(Dictionary<string, byte[]> entries)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create))
        {
            foreach (var (name, bytes) in entries)
            {
                using var entry = zip.CreateEntry(name, CompressionLevel.NoCompression).Open();
                entry.Write(bytes);
            }
        }

        return stream.ToArray();
    }

    private static Dictionary<string, byte[]> ChangeOne(Dictionary<string, byte[]> entries, Random random)
    {
        var changed = new Dictionary<string, byte[]>(entries);
        var name = entries.Keys.Order(StringComparer.Ordinal).ElementAt(random.Next(entries.Count));
        changed[name] = Change(entries[name], random);
        return changed;
    }

    private static byte[] Change(byte[] valid, Random random)
    {
        var bytes = valid.AsSpan(0, random.Next(8) == 0 ? random.Next(valid.Length) : valid.Length).ToArray();
        for (var changes = random.Next(1, 4); changes > 0 && bytes.Length > 3; changes--)
        {
            var at = random.Next(bytes.Length - 3);
            if (random.Next(2) == 0)
                bytes[at] = (byte)random.Next(256);
            else
                BitConverter.TryWriteBytes(bytes.AsSpan(at), s_numbers[random.Next(s_numbers.Length)]);
        }

        return bytes;
    }

    private sealed class Row
    {
        public float A { get; set; }

        public string Name { get; set; } = "";

        public DateTime Time { get; set; }

        [VectorType(3)]
        public float[] Features { get; set; } = [];
    }
}
