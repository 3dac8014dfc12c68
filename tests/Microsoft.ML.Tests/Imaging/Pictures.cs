using System.Diagnostics;
using Microsoft.ML.Data;

namespace Microsoft.ML.Tests.Imaging;

/// <summary>Material for the tests: drawn pictures, and libjpeg-turbo's and netpbm's tools where they are installed.</summary>
internal static class Pictures
{
    /// <summary>Slopes, edges and some noise, so that every coefficient and clamping occurs; blue, green, red, alpha.</summary>
    public static byte[] Draw(int width, int height, int seed, bool grey = false, bool alpha = false)
    {
        var random = new Random(seed);
        var pixels = new byte[4 * width * height];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var at = 4 * ((y * width) + x);
                var inside = ((x / 11) + (y / 7)) % 3 == 0;
                for (var c = 0; c < 3; c++)
                {
                    var value = (c == 0 ? 255 * x / width : c == 1 ? 255 * y / height : 128 + (127 * Math.Sin((x * 0.3) + (y * 0.2))))
                        + (inside ? 90 : 0) + random.Next(-20, 20);
                    pixels[at + c] = (byte)Math.Clamp(value, 0, 255);
                }

                if (grey)
                    pixels[at] = pixels[at + 1] = pixels[at + 2];
                pixels[at + 3] = alpha ? (byte)random.Next(256) : (byte)255;
            }
        }

        return pixels;
    }

    public static MLImage DrawImage(int width, int height, int seed, bool grey = false, bool alpha = false) =>
        MLImage.CreateFromPixels(width, height, MLPixelFormat.Bgra32, Draw(width, height, seed, grey, alpha));

    /// <summary>Runs a tool on bytes; the test is skipped, and says so, where it is absent.</summary>
    public static byte[] Run(string tool, string arguments, byte[] input)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        var path = folders.Select(folder => Path.Combine(folder, tool)).FirstOrDefault(File.Exists);
        Assert.SkipWhen(path is null, $"{tool} is not installed.");
        var start = new ProcessStartInfo(path, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var feeding = Task.Run(() =>
        {
            process.StandardInput.BaseStream.Write(input);
            process.StandardInput.Close();
        });
        var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        feeding.Wait();
        Assert.True(process.ExitCode == 0, $"{tool} {arguments}: {errors.Result}");
        return output.ToArray();
    }

    /// <summary>A picture as binary PPM, without this library's encoder.</summary>
    public static byte[] Ppm(int width, int height, byte[] bgra)
    {
        var header = System.Text.Encoding.ASCII.GetBytes($"P6\n{width} {height}\n255\n");
        return [.. header, .. bgra.Chunk(4).SelectMany(p => new[] { p[2], p[1], p[0] })];
    }

    public static MLImage Decode(byte[] file)
    {
        using var stream = new MemoryStream(file);
        return MLImage.CreateFromStream(stream);
    }

    /// <summary>The greatest difference of two pictures' colours.</summary>
    public static int Difference(MLImage a, MLImage b)
    {
        Assert.Equal((a.Width, a.Height), (b.Width, b.Height));
        var (p, q) = (a.GetBGRPixels, b.GetBGRPixels);
        return Enumerable.Range(0, p.Length).Max(i => Math.Abs(p[i] - q[i]));
    }
}
