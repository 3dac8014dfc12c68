using System.Globalization;
using System.Text;
using Latent.Trainer.Data;

namespace Latent.Trainer.Tests.Helpers;

/// <summary>Small made-up data in the layouts of MNIST, the Olivetti faces and the AT&amp;T faces.</summary>
internal static class MadeData
{
    /// <summary>A folder of MNIST's four files with drawn digits.</summary>
    public static string Mnist(TemporaryFolder folder, int train, int test)
    {
        Directory.CreateDirectory(folder.File("mnist"));
        foreach (var (name, count, seed) in new[] { ("train", train, 1), ("t10k", test, 2) })
        {
            var digits = DrawnDigits.Draw(count, seed);
            folder.Write($"mnist/{name}-images-idx3-ubyte", Files.Idx(8, [count, 28, 28], [.. digits.Values.Select(v => (byte)v)]));
            folder.Write(
                $"mnist/{name}-labels-idx1-ubyte",
                Files.Idx(8, [count], [.. digits.Labels!.Select(label => byte.Parse(label, CultureInfo.InvariantCulture))])
            );
        }

        return folder.File("mnist");
    }

    /// <summary>olivetti_faces.npy and its labels: ten blurred ovals of each person, 64 x 64, from 0 to 1.</summary>
    public static string Olivetti(TemporaryFolder folder, int people)
    {
        var faces = Enumerable.Range(0, people * 10).SelectMany(i => Face(i / 10, i % 10, 64, 64)).ToArray();
        folder.Write(
            "olivetti_faces_target.npy",
            Files.Npy(
                "<i8",
                $"({people * 10},)",
                [.. Enumerable.Range(0, people * 10).SelectMany(i => BitConverter.GetBytes((long)(i / 10)))]
            )
        );
        return folder.Write("olivetti_faces.npy", Files.Npy("<f4", $"({people * 10}, 64, 64)", Files.Floats(faces)));
    }

    /// <summary>A folder for each person with ten PGM images, 92 wide and 112 high.</summary>
    public static string Images(TemporaryFolder folder, int people)
    {
        for (var i = 0; i < people * 10; i++)
        {
            Directory.CreateDirectory(folder.File($"faces/s{i / 10}"));
            folder.Write(
                $"faces/s{i / 10}/{i % 10}.pgm",
                [.. Encoding.ASCII.GetBytes("P5\n92 112\n255\n"), .. Face(i / 10, i % 10, 112, 92).Select(v => (byte)(255 * v))]
            );
        }

        return folder.File("faces");
    }

    private static IEnumerable<float> Face(int person, int image, int height, int width)
    {
        var (x, y, wide) = (0.5 + (0.02 * (image % 5 - 2)), 0.5 + (0.03 * (image / 5)), 0.2 + (0.02 * person));
        for (var i = 0; i < height * width; i++)
        {
            var (dx, dy) = (((i % width) / (double)width - x) / wide, ((i / width) / (double)height - y) / 0.35);
            yield return (float)(0.1 + (0.8 / (1 + Math.Exp(4 * ((dx * dx) + (dy * dy) - 1)))));
        }
    }
}
