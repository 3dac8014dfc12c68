using System.Text;

namespace Microsoft.ML.ImageAnalytics.Codecs;

/// <summary>Binary PGM (luma of ITU-R BT.601) and PPM; alpha is dropped.</summary>
internal static class PnmEncoder
{
    public static byte[] EncodePgm(RawImage image)
    {
        var file = Start('5', image, 1, out var at);
        for (var i = 0; i < image.Bgra.Length; i += 4)
            file[at++] = (byte)(((114 * image.Bgra[i]) + (587 * image.Bgra[i + 1]) + (299 * image.Bgra[i + 2]) + 500) / 1000);
        return file;
    }

    public static byte[] EncodePpm(RawImage image)
    {
        var file = Start('6', image, 3, out var at);
        for (var i = 0; i < image.Bgra.Length; i += 4)
        {
            file[at++] = image.Bgra[i + 2];
            file[at++] = image.Bgra[i + 1];
            file[at++] = image.Bgra[i];
        }

        return file;
    }

    private static byte[] Start(char kind, RawImage image, int channels, out int at)
    {
        var header = Encoding.ASCII.GetBytes($"P{kind}\n{image.Width} {image.Height}\n255\n");
        var file = new byte[checked(header.Length + (image.Width * image.Height * channels))];
        header.CopyTo(file, 0);
        at = header.Length;
        return file;
    }
}
