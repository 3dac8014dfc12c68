using System.CommandLine;
using Latent.CommandLine;
using Latent.Contracts;
using Latent.Scorer.Export;
using Latent.Scorer.Parts;
using static Latent.CommandLine.OptionFactory;

namespace Latent.Scorer.Commands;

/// <summary>Defines Scorer's commands and options, and runs them.</summary>
internal static class ScorerCommandLine
{
    /// <summary>Runs the program.</summary>
    /// <param name="args">Arguments of the process.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static int Run(string[] args) => CommandRunner.Run(Root(), args, "Stopped; no output was written.", "a smaller --batch-size");

    /// <summary>Makes the program's commands.</summary>
    public static RootCommand Root()
    {
        var root = new RootCommand("Runs a trained bundle on tables and images, batch by batch.")
        {
            Operate(Operation.Encode, "Writes the latent code of each row."),
            Operate(Operation.Reconstruct, "Writes the reconstruction of each row, in the units of the data."),
            Operate(Operation.Denoise, "Writes each row without its noise, in the units of the data."),
            Operate(
                Operation.Score,
                "Writes an anomaly score per row: its reconstruction error, plus the KL for variational models; for tables with columns of "
                    + "several kinds the model's own, the share of normal rows that score as high (p_value), and whether that is an anomaly."
            ),
            Operate(
                Operation.Drift,
                "Compares a table with the training rows, column by column and code by code: the population stability index (PSI; below 0.1 "
                    + "is stable), and the Kolmogorov-Smirnov distance at 5% steps of the training rows, with its p-value (at least that of "
                    + "all numbers)."
            ),
            Operate(Operation.Sample, "Generates samples: decodes random latent codes from the prior, in the units of the data."),
            Merge(),
            Export(),
            Inspect(),
        };
        HelpWithExamples.AddTo(root, Examples.ByCommand, "  4    done; the rows have drifted from the training rows (drift only)");
        return root;
    }

    private static Command Operate(Operation operation, string description)
    {
        var command = new Command(operation.ToString().ToLowerInvariant(), description);
        foreach (var option in ScoreOptions.Of(operation))
            command.Add(option);
        command.SetAction(parsed =>
        {
            var settings = ScoreOptions.Settings(operation, parsed);
            using var stop = new StopSignals();
            return PartFile.Of(settings) is { } part ? PartCommand.Run(settings, part, stop.Token) : BatchCommand.Run(settings, stop.Token);
        });
        return command;
    }

    private static Command Merge()
    {
        var folder = new Argument<string>("FOLDER") { Description = "Folder of the parts that --shard and --output FOLDER made." };
        var output = new Option<string?>("--output")
        {
            Description = "File that gets the rows of all parts, as one run would have written it [default: the parts are only checked].",
            HelpName = "FILE",
        };
        var index = new Option<bool>("--index")
        {
            Description = $"Writes {PartIndex.Name} into the folder, for engines that read the parts where they are.",
        };
        var command = new Command("merge", "Checks that all parts of a folder are complete and belong together, and joins them.")
        {
            folder,
            output,
            index,
            ScoreOptions.Quiet,
        };
        command.SetAction(parsed =>
            MergeCommand.Run(
                parsed.GetRequiredValue(folder),
                parsed.GetValue(output),
                parsed.GetValue(index),
                parsed.GetValue(ScoreOptions.Quiet)
            )
        );
        return command;
    }

    private static Command Export()
    {
        var target = Choice("--to", "Engine that the bundle is written for.", Exports.Targets);
        target.Required = true;
        var model = new Argument<string>("MODEL") { Description = "Folder of the bundle." };
        var folder = new Argument<string>("FOLDER") { Description = "New folder to write." };
        var command = new Command(
            "export",
            "Writes a bundle for another engine: a model repository for Triton, a Python program over onnxruntime, or a pandas UDF for Spark."
        )
        {
            target,
            model,
            folder,
        };
        command.SetAction(parsed =>
        {
            var next = Exports.Write(parsed.GetValue(target)!, parsed.GetRequiredValue(model), parsed.GetRequiredValue(folder));
            Console.Out.WriteLine(Printable.Of($"{parsed.GetRequiredValue(folder)} is written; next: {next}"));
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Inspect()
    {
        var command = new Command("inspect", "Shows a bundle's layers, metrics and origin, and checks its files.") { ScoreOptions.Model };
        command.SetAction(parsed => InspectCommand.Run(parsed.GetRequiredValue(ScoreOptions.Model), Terminal.Open()));
        return command;
    }
}
