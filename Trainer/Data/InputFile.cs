using Latent.Contracts;

namespace Latent.Trainer.Data;

/// <summary>What all readers of data files share.</summary>
internal static class InputFile
{
    /// <summary>Opens a file to read.</summary>
    /// <exception cref="LatentException">It isn't there or may not be read.</exception>
    public static FileStream Open(string path)
    {
        if (Directory.Exists(path))
        {
            throw new LatentException($"{path} is a folder, where a file is needed.");
        }

        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new LatentException($"{path} does not exist.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LatentException($"{path} can't be read: {e.Message}", e);
        }
    }

    /// <summary>Room for rows; the caller has made sure that the file can fill it.</summary>
    /// <exception cref="LatentException">They are more than one array holds.</exception>
    public static float[] NewValues(string path, long rows, long features) => rows * features <= Array.MaxLength
        ? new float[rows * features]
        : throw new LatentException($"{path} holds {rows} rows of {features} values, more than fit; data.count reads fewer rows.");

    /// <summary>Makes sure that every value is finite.</summary>
    /// <exception cref="LatentException">One is not; the message names its row and column, both counted from 0.</exception>
    public static void RequireFinite(string path, ReadOnlySpan<float> values, int features)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
            {
                var kind = float.IsNaN(values[i]) ? "NaN" : "infinite";
                throw new LatentException($"{path} has a value that is {kind} in row {i / features}, column {i % features} (both counted from 0); every value must be finite.");
            }
        }
    }
}
