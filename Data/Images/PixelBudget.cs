namespace Latent.Data.Images;

/// <summary>
/// Limits the pixels of large images of all threads together to those of the largest allowed image, so that a folder of them takes as much
/// memory as one. Further large images wait; small images never do.
/// </summary>
internal static class PixelBudget
{
    private const long Most = ImageDecoder.MaxPixels;
    private const long Small = 1 << 21;
    private static readonly object s_monitor = new();
    private static long s_taken;

    /// <summary>Waits until there is room.</summary>
    /// <returns>The amount to pass to <see cref="Return"/>; 0 for a small image, which is not counted.</returns>
    public static long Take(long pixels)
    {
        if (pixels <= Small)
            return 0;
        lock (s_monitor)
        {
            while (s_taken > 0 && s_taken + pixels > Most)
                Monitor.Wait(s_monitor);
            s_taken += pixels;
        }

        return pixels;
    }

    public static void Return(long pixels)
    {
        lock (s_monitor)
        {
            s_taken -= pixels;
            Monitor.PulseAll(s_monitor);
        }
    }
}
