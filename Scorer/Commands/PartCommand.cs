using Latent.CommandLine;
using Latent.Contracts;
using Latent.Scorer.Parts;

namespace Latent.Scorer.Commands;

/// <summary>Makes one part of an output in a folder, unless it is complete.</summary>
internal static class PartCommand
{
    /// <summary>Makes the part.</summary>
    /// <returns>One of <see cref="ExitCodes"/>; for a part that is complete, that of the run that made it.</returns>
    public static int Run(ScoreSettings settings, PartFile part, CancellationToken cancellation)
    {
        if (part.Complete() is { } record)
        {
            if (!settings.Quiet)
            {
                Console.Out.WriteLine(
                    Printable.Of($"{part.FilePath} is complete with {ProgressText.Number(record.Written)} rows; nothing is left to do.")
                );
            }

            return record.Skipped > 0 ? ExitCodes.Skipped : ExitCodes.Done;
        }

        part.Begin();
        return BatchCommand.Run(settings with { Output = part.FilePath, Part = part }, cancellation);
    }
}
