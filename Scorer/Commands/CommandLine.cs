using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Globalization;
using System.Runtime.InteropServices;
using Latent.Contracts;
using Latent.Data.Rows;
using Latent.Data.Tables;
using Spectre.Console;

namespace Latent.Scorer.Commands;

/// <summary>The command line: encode, reconstruct, denoise, score, sample, inspect.</summary>
public static class CommandLine
{
    private const string Examples = """
        Examples:
          dotnet run --project Scorer -- encode --model artifacts/faces-ae --input ../shared/data/att_faces --output codes.csv
          dotnet run --project Scorer -- score --model artifacts/thyroid-anomaly --input table.csv --keep id --label anomaly --output scores.csv
          dotnet run --project Scorer -- score --model artifacts/thyroid-anomaly --input "days/**/*.parquet" --output scores.parquet
          dotnet run --project Scorer -- denoise --model artifacts/faces-denoise --input "scans/**/*.png" --output cleaned --on-error skip
          dotnet run --project Scorer -- sample --model artifacts/digits-vae --count 100 --seed 7 --output images
          zcat big.csv.gz | dotnet run --project Scorer -- encode --model artifacts/thyroid-anomaly --input - --output - | head
          dotnet run --project Scorer -- inspect --model artifacts/digits-vae

        Exit codes: 0 done, 1 failed, 2 wrong usage, 3 done with skipped inputs, 130 stopped by Ctrl-C.
        """;

    private static readonly CancellationTokenSource s_hangUp = new();
    private static readonly Option<string> s_model = new("--model") { Description = "Folder of the bundle.", HelpName = "DIR", Required = true };

    private static readonly Option<string[]> s_input = new("--input")
    {
        Description = "CSV, NPY or IDX file (.gz and .zst too), Parquet or Arrow file, folder of images, pattern such as \"scans/**/*.png\", or - for a CSV on standard input; of tables, several files, folders and patterns. Pixels in a table are in the units of the table trained on.",
        HelpName = "PATH…",
        Required = true,
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<string> s_output = new("--output")
    {
        Description = "CSV file (.csv.gz and .csv.zst too), Parquet (.parquet), Arrow (.arrow) or NPY file, - for a CSV on standard output or, for images, a new folder.",
        HelpName = "PATH",
        Required = true,
    };

    private static readonly Option<string?> s_columns = new("--columns")
    {
        Description = "Columns that make a row: names, positions from 0 and ranges, such as age,3,5..9 [default: the model's by name, or all but --keep and --label where it has none].",
        HelpName = "COL,…",
    };

    private static readonly Option<string?> s_keep = new("--keep") { Description = "Columns that are passed on to the output.", HelpName = "COL,…" };
    private static readonly Option<string?> s_label = new("--label") { Description = "Column that is 1 for anomalies: prints the AUROC.", HelpName = "COL" };
    private static readonly Option<string?> s_header = Choice("--header", "Whether the CSV input's first line has names [default: found out].", "yes", "no");
    private static readonly Option<long?> s_maxPixels = WholeNumber("--max-pixels", "Pixels of an image, at most [default: data.maxPixels of the model's recipe].", 1, 500_000_000);
    private static readonly Option<long?> s_batchSize = WholeNumber("--batch-size", "Rows of one run of the graph [default: 256].", 1, 65_536);
    private static readonly Option<long?> s_threads = WholeNumber("--threads", "Threads of one run of the graph [default: all cores].", 1, LatentBundleOptions.MostThreads);
    private static readonly Option<long?> s_gpu = WholeNumber("--gpu", "CUDA device to run on [default: the processor].", 0, 255);
    private static readonly Option<long?> s_gpuOrCpu = WholeNumber("--gpu-or-cpu", "CUDA device to run on, or the processor where it can't be used.", 0, 255);
    private static readonly Option<long?> s_seed = WholeNumber("--seed", "Seed of the draws [default: 0].", 0, long.MaxValue);
    private static readonly Option<long?> s_count = WholeNumber("--count", "Number of draws [default: 16].", 1);
    private static readonly Option<string?> s_onError = Choice("--on-error", "What to do with an input that can't be read [default: stop].", "stop", "skip");
    private static readonly Option<bool> s_anyOperator = new("--any-operator") { Description = "Runs graphs with operators that Latent's export doesn't write; only for a bundle whose maker is trusted." };
    private static readonly Option<bool> s_quiet = new("--quiet") { Description = "Prints only errors." };

    private static readonly Option<string?> s_encoding = new("--encoding") { Description = "What the CSV input is encoded in, such as windows-1252 [default: utf-8].", HelpName = "NAME" };
    private static readonly Option<bool> s_decimalComma = new("--decimal-comma") { Description = "Reads 1,5 as one and a half." };
    private static readonly Option<bool> s_excelSafe = new("--excel-safe") { Description = "Writes an apostrophe before kept text that begins with =, +, - or @ and is no number, which a spreadsheet would run as a formula." };
    private static readonly Option<bool> s_noRowNumber = new("--no-row-number") { Description = "Leaves the column out that says, counted from 0, which row of the input a row of the output is." };

    private static readonly Option<char?> s_separator = new("--separator")
    {
        Description = "Separator of the CSV input, one character; \\t for tabs [default: found out].",
        HelpName = "CHAR",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (text is "\\t" or "tab")
                return '\t';
            if (text.Length != 1 || "\"\r\n".Contains(text[0]))
                result.AddError($"--separator is '{text}'; it must be one character, without quotes and line ends");
            return text.Length > 0 ? text[0] : null;
        },
    };

    private static readonly Option<Shard?> s_shard = new("--shard")
    {
        Description = "Takes the Ith of N parts of the input; the parts' CSV outputs, one after the other, are those of the whole.",
        HelpName = "I/N",
        CustomParser = result =>
        {
            var shard = Shard.Parse(result.Tokens[0].Value);
            if (shard is null)
                result.AddError($"--shard is '{result.Tokens[0].Value}'; it must be I/N with I from 1 to N");
            return shard;
        },
    };

    /// <summary>Runs the program.</summary>
    /// <param name="args">What the user typed.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static int Run(string[] args)
    {
        var parsed = Root().Parse(args);
        if (parsed.Errors.Count > 0)
            return Complain($"{parsed.Errors[0].Message.TrimEnd('.')}; --help shows what can be said.", ExitCodes.Usage);
        // A terminal that goes away ends the work as Ctrl-C does.
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = !s_hangUp.IsCancellationRequested;
            s_hangUp.Cancel();
        });
        try
        {
            return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(1) });
        }
        catch (Exception e)
        {
            return Explain(e);
        }
    }

    private static int Explain(Exception e) => e switch
    {
        UsageException => Complain(e.Message, ExitCodes.Usage),
        LatentException => Complain(e.Message, ExitCodes.Failed),
        OperationCanceledException => Complain("Stopped; no output was left.", ExitCodes.Interrupted),
        IOException or UnauthorizedAccessException => Complain(e.Message, ExitCodes.Failed),
        OutOfMemoryException => Complain("There is not enough memory for this; --batch-size can make it smaller.", ExitCodes.Failed),
        _ => Complain($"This is a defect of the program ({e.GetType().Name}): {e.Message}", ExitCodes.Failed),
    };

    private static RootCommand Root()
    {
        var root = new RootCommand("Scores tables and images with a trained bundle, batch by batch.")
        {
            Rows(Operation.Encode, "Writes the code of each row."),
            Rows(Operation.Reconstruct, "Writes what the model makes of each row, in the data's own units."),
            Rows(Operation.Denoise, "Writes each row cleaned of noise, in the data's own units."),
            Rows(Operation.Score, "Writes an anomaly score for each row: its reconstruction error and, of variational models, its KL added."),
            Sample(),
            Inspect(),
        };
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
        return root;
    }

    private static Command Rows(Operation operation, string description)
    {
        var command = new Command(operation.ToString().ToLowerInvariant(), description)
        {
            s_model, s_input, s_output, s_columns, s_keep, s_separator, s_header, s_encoding, s_decimalComma, s_noRowNumber, s_excelSafe,
            s_maxPixels, s_batchSize, s_threads, s_gpu, s_gpuOrCpu, s_anyOperator, s_shard, s_onError, s_quiet,
        };
        if (operation == Operation.Score)
            command.Add(s_label);
        command.SetAction((parsed, cancellation) => Task.Run(() => BatchCommand.Run(Settings(operation, parsed), Stop(cancellation)), CancellationToken.None));
        return command;
    }

    private static Command Sample()
    {
        var command = new Command("sample", "Makes up rows: draws from the prior, decoded, in the data's own units.")
        {
            s_model, s_output, s_count, s_seed, s_batchSize, s_threads, s_gpu, s_gpuOrCpu, s_anyOperator, s_shard, s_quiet,
        };
        command.SetAction((parsed, cancellation) => Task.Run(() => BatchCommand.Run(Settings(Operation.Sample, parsed), Stop(cancellation)), CancellationToken.None));
        return command;
    }

    private static CancellationToken Stop(CancellationToken cancellation) =>
        CancellationTokenSource.CreateLinkedTokenSource(cancellation, s_hangUp.Token).Token;

    private static Command Inspect()
    {
        var command = new Command("inspect", "Shows what a bundle is: layers, figures, where it came from, and whether it is whole.") { s_model };
        command.SetAction(parsed => InspectCommand.Run(parsed.GetRequiredValue(s_model), Terminal()));
        return command;
    }

    // Colours and bold are for people: piped, the tables are plain.
    private static IAnsiConsole Terminal() => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Ansi = Console.IsOutputRedirected ? AnsiSupport.No : AnsiSupport.Detect,
        Out = new AnsiConsoleOutput(Console.Out),
    });

    private static ScoreSettings Settings(Operation operation, ParseResult parsed) => new()
    {
        Operation = operation,
        Model = parsed.GetRequiredValue(s_model),
        Inputs = operation == Operation.Sample ? [] : parsed.GetRequiredValue(s_input),
        Output = parsed.GetRequiredValue(s_output),
        Table = operation == Operation.Sample ? new TableOptions() : new TableOptions
        {
            Columns = List(parsed.GetValue(s_columns)),
            Keep = List(parsed.GetValue(s_keep)),
            Label = operation == Operation.Score ? parsed.GetValue(s_label) : null,
            LabelIsTruth = operation == Operation.Score && parsed.GetValue(s_label) is not null,
            Encoding = parsed.GetValue(s_encoding),
            DecimalComma = parsed.GetValue(s_decimalComma),
            Separator = parsed.GetValue(s_separator),
            Header = parsed.GetValue(s_header) is { } header ? header == "yes" : null,
        },
        MaxPixels = operation == Operation.Sample ? null : (int?)parsed.GetValue(s_maxPixels),
        BatchSize = (int)(parsed.GetValue(s_batchSize) ?? 256),
        Threads = (int)(parsed.GetValue(s_threads) ?? 0),
        Gpu = (int?)(parsed.GetValue(s_gpu) ?? parsed.GetValue(s_gpuOrCpu)),
        FallBackToCpu = parsed.GetValue(s_gpu) is null,
        AllowAnyOperator = parsed.GetValue(s_anyOperator),
        ExcelSafe = operation != Operation.Sample && parsed.GetValue(s_excelSafe),
        RowNumbers = operation != Operation.Sample && !parsed.GetValue(s_noRowNumber),
        Shard = parsed.GetValue(s_shard) ?? Shard.Whole,
        SkipErrors = operation != Operation.Sample && parsed.GetValue(s_onError) == "skip",
        Seed = operation == Operation.Sample ? parsed.GetValue(s_seed) ?? 0 : 0,
        Count = operation == Operation.Sample ? (int)(parsed.GetValue(s_count) ?? 16) : 0,
        Quiet = parsed.GetValue(s_quiet),
    };

    private static string[]? List(string? text) => text?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static Option<string?> Choice(string name, string description, params string[] values)
    {
        var option = new Option<string?>(name) { Description = description };
        option.AcceptOnlyFromAmong(values);
        return option;
    }

    private static Option<long?> WholeNumber(string name, string description, long least, long greatest = int.MaxValue) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= least && value <= greatest)
                return value;
            result.AddError($"{name} is '{text}'; it must be a whole number from {least} to {greatest}");
            return null;
        },
    };

    private static int Complain(string message, int code)
    {
        Console.Error.WriteLine(Printable.Of(message.ReplaceLineEndings(" ").Trim()));
        return code;
    }

    private sealed class HelpWithExamples(HelpAction help) : SynchronousCommandLineAction
    {
        // What a command requires is not required of whoever asks what it requires.
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            var code = help.Invoke(parseResult);
            parseResult.InvocationConfiguration.Output.WriteLine(Examples);
            return code;
        }
    }
}
