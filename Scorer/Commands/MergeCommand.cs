using System.Diagnostics;
using System.Globalization;
using Latent.CommandLine;
using Latent.Contracts;
using Latent.Data.Files;
using Latent.Data.Rows;
using Latent.Scorer.Outputs;
using Latent.Scorer.Parts;

namespace Latent.Scorer.Commands;

/// <summary>Checks a folder of parts, and joins them or writes their index.</summary>
internal static class MergeCommand
{
    /// <summary>Runs the command.</summary>
    /// <param name="folder">The folder of the parts.</param>
    /// <param name="output">The file to write, "-" for standard output, or null to only check.</param>
    /// <param name="index">Whether to write an index into the folder.</param>
    /// <param name="quiet">Whether to print only errors.</param>
    /// <returns>One of <see cref="ExitCodes"/>, as one run over the whole input would have returned it.</returns>
    public static int Run(string folder, string? output, bool index, bool quiet)
    {
        var clock = Stopwatch.StartNew();
        var parts = PartFolder.Open(folder);
        if (output is not null)
        {
            RefuseOutput(parts, output);
            PartJoin.Write(parts, output);
        }

        var written = index ? PartIndex.Write(parts) : null;
        var (rows, skipped) = (parts.Parts.Sum(part => part.Written), parts.Parts.Sum(part => part.Skipped));
        if (!quiet)
        {
            var text = string.Create(
                CultureInfo.InvariantCulture,
                $"{parts.Parts.Count} parts are complete, {ProgressText.Number(rows)} rows{(output is null or "-" ? "" : $" to {output}")}{(written is null ? "" : $", index in {written}")} in {clock.Elapsed.TotalSeconds:F1} s"
            );
            if (skipped > 0)
            {
                var list = output is null or "-" ? "" : $", listed in {SkippedFile.PathFor(output)}";
                text += $"; {ProgressText.Number(skipped)} skipped{list}";
            }

            (output == "-" ? Console.Error : Console.Out).WriteLine(Printable.Of(text));
        }

        return skipped > 0 ? ExitCodes.Skipped : ExitCodes.Done;
    }

    private static void RefuseOutput(PartFolder parts, string output)
    {
        var isTable = parts.Format.StartsWith("csv", StringComparison.Ordinal);
        var fits = isTable
            ? output == "-" || Sinks.IsTable(output)
            : output.EndsWith('.' + parts.Format, StringComparison.OrdinalIgnoreCase);
        if (!fits)
        {
            throw new UsageException(
                $"--output is {output}, but the parts are .{parts.Format}; it must {(isTable ? "end in .csv, .csv.gz or .csv.zst, or be -" : $"end in .{parts.Format}")}."
            );
        }

        if (output != "-" && RealPath.IsInside(RealPath.Of(parts.Path), RealPath.Of(output)))
        {
            throw new UsageException(
                $"--output is {output}, which lies in the folder of the parts, where an engine would read all rows twice; choose a path outside it."
            );
        }
    }
}
