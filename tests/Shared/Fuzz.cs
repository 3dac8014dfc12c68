using System.Diagnostics;

namespace Latent.Tests;

/// <summary>
/// What reading a damaged input may end in. LATENT_FUZZ sets how many inputs of each kind are tried, instead of the few of a usual run.
/// </summary>
internal static class Fuzz
{
    private const long MaxBytes = 64 << 20;

    public static int Count(int usual) => int.TryParse(Environment.GetEnvironmentVariable("LATENT_FUZZ"), out var count) ? count : usual;

    /// <summary>Reads an input, which ends in a result or in an exception of ours, within a second and 64 MiB.</summary>
    /// <returns>Whether it ended in a result.</returns>
    public static bool Ends<TException>(string input, Action read)
        where TException : Exception
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var (time, error) = Timed(read);
        var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        // A machine busy with other work may stop us for a while, so that what was slow is asked again.
        for (var again = 0; time > TimeSpan.FromSeconds(1) && again < 2; again++)
            (time, error) = Timed(read);
        Assert.True(time <= TimeSpan.FromSeconds(1), $"{input} took {time.TotalSeconds:0.0} s.");
        Assert.True(bytes <= MaxBytes, $"{input} took {bytes} bytes.");
        Assert.True(error is null or TException, $"{input} ended in {error}");
        Assert.False(error?.Message.Contains('\n') ?? false, $"{input} is refused with more than a sentence: {error?.Message}");
        return error is null;
    }

    private static (TimeSpan Time, Exception? Error) Timed(Action read)
    {
        var start = Stopwatch.GetTimestamp();
        Exception? error = null;
        try
        {
            read();
        }
        catch (Exception e)
        {
            error = e;
        }

        return (Stopwatch.GetElapsedTime(start), error);
    }
}
