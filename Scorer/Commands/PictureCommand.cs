using System.Globalization;
using Latent.CommandLine;
using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Contracts.Files;
using Latent.Contracts.Recipes;
using Latent.Data.Files;
using Latent.Data.Images;
using Latent.Data.Rows;

namespace Latent.Scorer.Commands;

/// <summary>Denoises the pictures of a folder, each in its own size, one after the other; one picture is in memory at a time.</summary>
internal static class PictureCommand
{
    /// <summary>Refuses what a denoiser doesn't compute.</summary>
    /// <exception cref="LatentException">The operation needs a code or a score.</exception>
    public static void RefuseOther(Operation operation, BundleManifest manifest)
    {
        if (operation is not (Operation.Denoise or Operation.Reconstruct))
        {
            throw new LatentException(
                $"The bundle {manifest.Name} is a denoiser, which has neither codes nor scores; {RecipeNames.Of(operation)} needs an autoencoder, and denoise is for this bundle."
            );
        }
    }

    /// <summary>Tells whether the input is a folder or pattern of pictures.</summary>
    public static bool Takes(ScoreSettings settings) =>
        settings.Inputs is [var input] && (Directory.Exists(input) || InputFolder.IsPattern(input));

    /// <summary>Runs the command.</summary>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    /// <exception cref="LatentException">There are no pictures, or one can't be read or written.</exception>
    /// <exception cref="UsageException">An option is for tables, or the output is no folder.</exception>
    public static int Run(ScoreSettings settings, CancellationToken cancellation)
    {
        Refuse(settings);
        using var bundle = LatentBundle.Load(
            settings.Model,
            new LatentBundleOptions
            {
                Threads = settings.Threads,
                GpuDevice = settings.Gpu,
                FallBackToCpu = settings.FallBackToCpu,
                AllowAnyOperator = settings.AllowAnyOperator,
            }
        );
        using var stopping = cancellation.Register(bundle.Terminate);
        var pixels = settings.MaxPixels ?? bundle.Manifest.Recipe.Data.MaxPixels;
        using var denoiser = new ImageDenoiser(bundle, Math.Min(settings.BatchSize, MaxTiles), pixels);
        if (bundle.FallBackReason is { } reason)
            Console.Error.WriteLine(Printable.Of($"Running on the CPU: {reason}"));
        var folder = ImageSource.Find(settings.Inputs[0]);
        var (from, to) = settings.Shard.Range(folder.Files.Length, settings.BatchSize);
        var progress = new ProgressLine("denoise", settings.Quiet);
        using var sink = new PictureFolder(settings.Output);
        using var skipped = new SkippedFile(settings.Output, settings.SkippedPath);
        var done = 0L;
        try
        {
            if (settings.Shard.IsFirst)
                skipped.Write(folder.LeftOut);
            for (var i = from; i < to; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                if (Denoised(Path.Combine(folder.Path, folder.Files[i])) is { } png)
                {
                    sink.Write(folder.Files[i], png);
                    done++;
                }

                progress.Show(i + 1 - from, (double)(i + 1 - from) / (to - from));
            }

            sink.Complete();
            skipped.Complete();
        }
        catch (Exception e) when (FileError.Is(e))
        {
            throw FileError.CannotWrite(settings.Output, e);
        }
        finally
        {
            progress.End();
        }

        if (!settings.Quiet)
        {
            var listed = skipped.Count > 0 ? $"; {ProgressText.Number(skipped.Count)} skipped, listed in {settings.SkippedPath}" : "";
            Console.Out.WriteLine(
                Printable.Of(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{ProgressText.Number(done)} pictures to {settings.Output} in {progress.Seconds:F1} s{listed}"
                    )
                )
            );
        }

        return skipped.Count > 0 ? ExitCodes.Skipped : ExitCodes.Done;

        byte[]? Denoised(string path)
        {
            try
            {
                return denoiser.DenoiseToPng(path);
            }
            catch (LatentException e) when (settings.SkipErrors)
            {
                skipped.Write([new SkippedInput(Path.GetRelativePath(folder.Path, path).Replace('\\', '/'), e.Message)]);
                return null;
            }
        }
    }

    // More tiles at once are no faster, and their intermediate images take memory.
    private const int MaxTiles = 16;

    private static void Refuse(ScoreSettings settings)
    {
        if (settings.Table != new Data.Tables.TableOptions())
            throw new UsageException("Options of tables were given, but the input is a folder or pattern of images.");
        var output = settings.Output;
        if (output == "-" || settings.Part is not null || (Path.HasExtension(output) && !Directory.Exists(output)))
        {
            throw new UsageException(
                $"--output is {output}, but pictures keep their own sizes, which are no rows of one length; it must be a folder for images, without --format."
            );
        }
    }
}
