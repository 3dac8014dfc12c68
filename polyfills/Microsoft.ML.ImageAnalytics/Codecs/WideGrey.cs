namespace Microsoft.ML.ImageAnalytics.Codecs;

/// <summary>
/// Opaque grey of 16 bits as bytes: the Windows Imaging Component, which made PngSuite's references, takes it through linear light in
/// steps of 1/3354 (sRGB's curve, IEC 61966-2-1, back and forth), which differs from rounding where that is a near tie.
/// </summary>
internal static class WideGrey
{
    private const double Steps = 3354;

    private static readonly byte[] _bytes = [.. Enumerable.Range(0, 65536).Select(Convert)];

    public static byte ToByte(int value) => _bytes[value];

    private static byte Convert(int value)
    {
        var encoded = value / 65535.0;
        var linear = encoded <= 0.04045 ? encoded / 12.92 : Math.Pow((encoded + 0.055) / 1.055, 2.4);
        var step = Math.Floor((linear * Steps) + 0.5) / Steps;
        var decoded = step <= 0.0031308 ? 12.92 * step : (1.055 * Math.Pow(step, 1 / 2.4)) - 0.055;
        return (byte)Math.Floor((decoded * 255) + 0.5);
    }
}
