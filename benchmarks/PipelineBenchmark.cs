using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Latent.Contracts.Bundles;
using Latent.Data.Rows;
using Latent.Scorer.Commands;
using Latent.Scorer.Inputs;
using Microsoft.ML.Data;
using nietras.SeparatedValues;
using SkiaSharp;

namespace Latent.Benchmarks;

/// <summary>Scorer from file to file against reading alone, the bare library that reads, and scoring alone.</summary>
internal static class PipelineBenchmark
{
    private const int TableRows = 20_000;
    private static readonly (int Side, int Count)[] s_images = [(28, 40_000), (128, 10_000)];
    private const int Batch = 256;

    /// <summary>Seconds a measurement for which the inputs have their full size; shorter ones are made from smaller inputs.</summary>
    private const double FullSize = 5;

    public static void Run(Markdown report, double seconds, int rounds)
    {
        var share = Math.Min(1, seconds / FullSize);
        var tableRows = Share(TableRows);
        report
            .Heading("Scorer, from file to file")
            .Text(
                $"Seconds to encode with a 784-256-128-16 graph, best of {rounds} rounds: a CSV file of {tableRows:N0} rows of 784 columns, and folders of PNGs, scaled to 28x28. Reading images already uses all processors, so the time for scoring is added to it. The bare library is a loop over Sep that parses the same floats on one thread, or SKCodec that decodes the same files on all of them."
            );
        var folder = Directory.CreateTempSubdirectory("latent-bench-").FullName;
        try
        {
            using var bundle = LatentBundle.Load(BenchmarkBundle.Create(folder, "mlp"));
            report.Table(
                ["input", "bare library", "reading alone", "scoring alone", "end to end", "rate of the bare library", "to the slower"],
                [
                    Measure("CSV", Table(folder, tableRows), BareSep, tableRows, folder, bundle, rounds),
                    .. s_images.Select(p =>
                        Measure(
                            $"{Share(p.Count):N0} PNGs of {p.Side}x{p.Side}",
                            Folder(folder, p.Side, Share(p.Count)),
                            BareCodec,
                            Share(p.Count),
                            folder,
                            bundle,
                            rounds
                        )
                    ),
                ]
            );
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        int Share(int count) => Math.Max(1, (int)(count * share));
    }

    private static string[] Measure(
        string what,
        string input,
        Action<string> bareLibrary,
        int rows,
        string folder,
        LatentBundle bundle,
        int rounds
    )
    {
        var settings = new ScoreSettings
        {
            Operation = Operation.Encode,
            Model = Path.Combine(folder, "mlp"),
            Inputs = [input],
            Output = Path.Combine(folder, "codes.csv"),
            Quiet = true,
        };
        var (bare, read, score, whole) = (double.MaxValue, double.MaxValue, double.MaxValue, double.MaxValue);
        for (var round = 0; round < rounds; round++)
        {
            bare = Math.Min(bare, Seconds(() => bareLibrary(input)));
            read = Math.Min(
                read,
                Seconds(() =>
                {
                    using var source = Sources.Open(settings, bundle);
                    var batch = new RowBatch(Batch, bundle.InputLength, 16);
                    for (batch.Clear(); source.Read(batch, default); batch.Clear()) { }
                })
            );
            score = Math.Min(
                score,
                Seconds(() =>
                {
                    using var runner = new GraphRunner(bundle, BundleRole.Encoder, Batch, "latent_mean");
                    for (var first = 0; first < rows; first += Batch)
                        runner.Run(Math.Min(Batch, rows - first));
                })
            );
            whole = Math.Min(
                whole,
                Seconds(() =>
                {
                    if (BatchCommand.Run(settings, default) != 0)
                        throw new InvalidOperationException("Scorer failed; its message stands above.");
                })
            );
        }

        return
        [
            what,
            .. new[] { bare, read, score, whole }.Select(s => s.ToString("0.000", CultureInfo.InvariantCulture)),
            (bare / read).ToString("0.00", CultureInfo.InvariantCulture),
            (whole / Math.Max(read, score)).ToString("0.00", CultureInfo.InvariantCulture),
        ];
    }

    private static void BareSep(string path)
    {
        using var reader = Sep.New(',').Reader().FromFile(path);
        var values = new float[784];
        foreach (var row in reader)
        {
            for (var i = 0; i < values.Length; i++)
                values[i] = row[i].Parse<float>();
        }
    }

    private static void BareCodec(string folder) =>
        Parallel.ForEach(
            Directory.GetFiles(folder),
            () => GC.AllocateUninitializedArray<byte>(1 << 18, pinned: true),
            (file, _, pixels) =>
            {
                using var stream = new SKMemoryStream(File.ReadAllBytes(file));
                using var codec = SKCodec.Create(stream);
                codec.GetPixels(
                    new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul),
                    Marshal.UnsafeAddrOfPinnedArrayElement(pixels, 0)
                );
                return pixels;
            },
            _ => { }
        );

    private static double Seconds(Action action)
    {
        Thread.Sleep(40);
        var clock = Stopwatch.StartNew();
        action();
        return clock.Elapsed.TotalSeconds;
    }

    private static string Table(string folder, int rows)
    {
        var (path, random) = (Path.Combine(folder, "rows.csv"), new Random(1));
        using var writer = new StreamWriter(path);
        writer.WriteLine(string.Join(',', Enumerable.Range(0, 784).Select(i => $"x{i}")));
        for (var row = 0; row < rows; row++)
            writer.WriteLine(string.Join(',', Enumerable.Range(0, 784).Select(_ => random.Next(256))));
        return path;
    }

    private static string Folder(string folder, int side, int count)
    {
        var (path, random) = (Path.Combine(folder, $"pictures-{side}"), new Random(2));
        Directory.CreateDirectory(path);
        var pixels = new byte[side * side * 4];
        for (var i = 0; i < count; i++)
        {
            // Strokes on black, as images of writing are: noise alone would measure inflate at its worst.
            Array.Clear(pixels);
            for (var stroke = 0; stroke < side * side / 13; stroke++)
                pixels.AsSpan((random.Next(side) * side + random.Next(side)) * 4, 4).Fill((byte)random.Next(64, 256));
            for (var p = 3; p < pixels.Length; p += 4)
                pixels[p] = 255;
            using var image = MLImage.CreateFromPixels(side, side, MLPixelFormat.Bgra32, pixels);
            image.Save(Path.Combine(path, $"{i:00000}.png"));
        }

        return path;
    }
}
