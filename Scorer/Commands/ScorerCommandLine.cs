using System.CommandLine;
using System.Globalization;
using Latent.CommandLine;
using Latent.Contracts;
using Latent.Data.Rows;
using Latent.Data.Tables;
using Latent.Scorer.Export;
using Latent.Scorer.Parts;
using static Latent.CommandLine.OptionFactory;

namespace Latent.Scorer.Commands;

/// <summary>Defines Scorer's commands and options, and runs them.</summary>
internal static class ScorerCommandLine
{
    private static readonly Option<string> s_model = new("--model")
    {
        Description = "Folder of the bundle.",
        HelpName = "DIR",
        Required = true,
    };

    private static readonly Option<string[]> s_input = new("--input")
    {
        Description =
            "Table (CSV, .csv.gz, .csv.zst, Parquet or Arrow), array (NPY or IDX, also .gz and .zst), folder of images, "
            + "pattern such as \"scans/**/*.png\", or - for a CSV on standard input. Several tables, folders and patterns of "
            + "tables may be given. Pixels in a table have the units of the table the model was trained on.",
        HelpName = "PATH…",
        Required = true,
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<string> s_output = new("--output")
    {
        Description =
            "Table (.csv, .csv.gz, .csv.zst, .parquet or .arrow), array (.npy), - for a CSV on standard output or, for "
            + "images, a new folder.",
        HelpName = "PATH",
        Required = true,
    };

    private static readonly Option<string?> s_columns = new("--columns")
    {
        Description =
            "Input columns: names, positions from 0 and ranges, such as age,3,5..9 [default: the model's columns by name, "
            + "or all but --keep and --label where the table has no names].",
        HelpName = "COL,…",
    };

    private static readonly Option<string?> s_keep = new("--keep") { Description = "Columns to copy to the output.", HelpName = "COL,…" };
    private static readonly Option<string?> s_label = new("--label")
    {
        Description = "Column that is 1 for anomalies; prints the AUROC of the scores.",
        HelpName = "COL",
    };
    private static readonly Option<string?> s_header = Choice(
        "--header",
        "Whether the first line of a CSV input names the columns [default: detected].",
        "yes",
        "no"
    );
    private static readonly Option<long?> s_maxPixels = WholeNumber(
        "--max-pixels",
        "Largest number of pixels of an input image [default: data.maxPixels of the model's recipe].",
        1,
        500_000_000
    );
    private static readonly Option<long?> s_batchSize = WholeNumber("--batch-size", "Rows per run of the graph [default: 256].", 1, 65_536);
    private static readonly Option<long?> s_threads = WholeNumber(
        "--threads",
        "Number of threads [default: all cores].",
        1,
        LatentBundleOptions.MaxThreads
    );
    private static readonly Option<long?> s_gpu = WholeNumber("--gpu", "CUDA device to run on [default: the CPU].", 0, 255);
    private static readonly Option<long?> s_gpuOrCpu = WholeNumber(
        "--gpu-or-cpu",
        "CUDA device to run on; where it can't be used, the CPU is.",
        0,
        255
    );
    private static readonly Option<long?> s_seed = WholeNumber("--seed", "Seed of the samples [default: 0].", 0, long.MaxValue);
    private static readonly Option<long?> s_count = WholeNumber("--count", "Number of samples [default: 16].", 1);
    private static readonly Option<string?> s_onError = Choice(
        "--on-error",
        "What to do with a row or an image that can't be read [default: stop].",
        "stop",
        "skip"
    );
    private static readonly Option<bool> s_anyOperator = new("--any-operator")
    {
        Description = "Allows graphs with operators that Latent never exports; use it only for bundles you trust.",
    };
    private static readonly Option<double?> s_alarmRate = Share(
        "--alarm-rate",
        "Share of normal rows that are called anomalies, by the scores of the model's held-out rows [default: 0.01]."
    );
    private static readonly Option<double?> s_contamination = Share(
        "--contamination",
        "Share of anomalies among rows like the held-out ones, which are called anomalies; for models whose held-out rows have no "
            + "labels."
    );
    private static readonly Option<double?> s_threshold = Parsed<double?>(
        "--threshold",
        "SCORE",
        "Score from which on rows are anomalies.",
        "a number",
        (text, out value) => (value = Number(text)) is not null
    );
    private static readonly Option<long?> s_explain = WholeNumber(
        "--explain",
        "Adds the N columns with the largest errors of each row: name, value, what the model expected, and share of the row's error.",
        1
    );
    private static readonly Option<bool> s_onlyAnomalies = new("--only-anomalies")
    {
        Description = "Writes only the rows that are anomalies.",
    };
    private static readonly Option<string> s_driftOutput = new("--output")
    {
        Description = "Table to write all columns and all dimensions of the code to (.csv, .csv.gz or .csv.zst), or - for standard output.",
        HelpName = "PATH",
    };
    private static readonly Option<double?> s_limit = Parsed<double?>(
        "--limit",
        "PSI",
        "Population stability index from which on a column has drifted [default: 0.25].",
        "a number above 0",
        (text, out value) => (value = Number(text)) > 0
    );
    private static readonly Option<bool> s_verbose = new("--verbose")
    {
        Description = "Shows all dimensions of the code, rather than the five with the largest PSI.",
    };
    private static readonly Option<bool> s_quiet = new("--quiet") { Description = "Prints only errors." };

    private static readonly Option<string?> s_encoding = new("--encoding")
    {
        Description = "Encoding of a CSV input, such as windows-1252 [default: utf-8].",
        HelpName = "NAME",
    };
    private static readonly Option<bool> s_decimalComma = new("--decimal-comma")
    {
        Description = "Reads the comma in 1,5 as a decimal point.",
    };
    private static readonly Option<bool> s_excelSafe = new("--excel-safe")
    {
        Description =
            "Puts an apostrophe before copied text that begins with =, +, - or @ and is not a number, since a spreadsheet "
            + "would run it as a formula.",
    };
    private static readonly Option<bool> s_noRowNumber = new("--no-row-number")
    {
        Description = "Omits the column with the position of each row in the input, from 0.",
    };

    private static readonly Option<char?> s_separator = Parsed<char?>(
        "--separator",
        "CHAR",
        "Separator of a CSV input, one character; \\t for tabs [default: detected].",
        "one character, not a quote or a line break",
        (text, out value) =>
        {
            value =
                text is "\\t" or "tab" ? '\t'
                : text.Length == 1 ? text[0]
                : null;
            return value is not (null or '"' or '\r' or '\n');
        }
    );

    private static readonly Option<string?> s_shard = Parsed<string?>(
        "--shard",
        "I/N|auto",
        "Processes part I of N of the input; auto takes I and N from a Slurm array, or I from an indexed Kubernetes job. With --output "
            + "FOLDER, a part is written as part-0000I-of-0000N with its record, is left alone when it is complete, and merge joins the "
            + "parts; the CSV files of all parts, concatenated, equal the output of the whole.",
        ArrayTask.Expected,
        ArrayTask.IsValue
    );
    private static readonly Option<long?> s_shards = WholeNumber(
        "--shards",
        "Number of parts for --shard auto, of which task 0 makes the first [default: the number of tasks of the Slurm array].",
        1,
        99_999
    );
    private static readonly Option<string?> s_format = Choice(
        "--format",
        "Format of parts in a folder [default: csv].",
        "csv",
        "csv.gz",
        "csv.zst",
        "parquet",
        "arrow",
        "npy"
    );

    /// <summary>Runs the program.</summary>
    /// <param name="args">Arguments of the process.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static int Run(string[] args) => CommandRunner.Run(Root(), args, "Stopped; no output was written.", "a smaller --batch-size");

    /// <summary>Makes the program's commands.</summary>
    public static RootCommand Root()
    {
        var root = new RootCommand("Runs a trained bundle on tables and images, batch by batch.")
        {
            Rows(Operation.Encode, "Writes the latent code of each row."),
            Rows(Operation.Reconstruct, "Writes the reconstruction of each row, in the units of the data."),
            Rows(Operation.Denoise, "Writes each row without its noise, in the units of the data."),
            Rows(
                Operation.Score,
                "Writes an anomaly score per row: its reconstruction error, plus the KL for variational models; for tables with columns of "
                    + "several kinds the model's own, the share of normal rows that score as high (p_value), and whether that is an anomaly."
            ),
            Drift(),
            Sample(),
            Merge(),
            Export(),
            Inspect(),
        };
        HelpWithExamples.AddTo(root, Examples.ByCommand, "  4    done; the rows have drifted from the training rows (drift only)");
        return root;
    }

    private static Command Rows(Operation operation, string description)
    {
        var command = new Command(Name(operation), description)
        {
            s_model,
            s_input,
            s_output,
            s_columns,
            s_keep,
            s_separator,
            s_header,
            s_encoding,
            s_decimalComma,
            s_noRowNumber,
            s_excelSafe,
            s_maxPixels,
            s_batchSize,
            s_threads,
            s_gpu,
            s_gpuOrCpu,
            s_anyOperator,
            s_shard,
            s_shards,
            s_format,
            s_onError,
            s_quiet,
        };
        if (operation == Operation.Score)
        {
            foreach (var option in (Option[])[s_label, s_alarmRate, s_contamination, s_threshold, s_explain, s_onlyAnomalies])
                command.Add(option);
        }

        command.SetAction(parsed => RunBatches(Settings(operation, parsed)));
        return command;
    }

    private static Command Drift()
    {
        var command = new Command(
            Name(Operation.Drift),
            "Compares a table with the training rows, column by column and code by code: the population stability index (PSI; below 0.1 "
                + "is stable), and the Kolmogorov-Smirnov distance at 5% steps of the training rows, with its p-value (at least that of "
                + "all numbers)."
        )
        {
            s_model,
            s_input,
            s_driftOutput,
            s_limit,
            s_columns,
            s_separator,
            s_header,
            s_encoding,
            s_decimalComma,
            s_batchSize,
            s_threads,
            s_gpu,
            s_gpuOrCpu,
            s_anyOperator,
            s_onError,
            s_verbose,
            s_quiet,
        };
        command.SetAction(parsed => RunBatches(Settings(Operation.Drift, parsed)));
        return command;
    }

    private static Command Sample()
    {
        var command = new Command("sample", "Generates samples: decodes random latent codes from the prior, in the units of the data.")
        {
            s_model,
            s_output,
            s_count,
            s_seed,
            s_batchSize,
            s_threads,
            s_gpu,
            s_gpuOrCpu,
            s_anyOperator,
            s_shard,
            s_shards,
            s_format,
            s_quiet,
        };
        command.SetAction(parsed => RunBatches(Settings(Operation.Sample, parsed)));
        return command;
    }

    private static int RunBatches(ScoreSettings settings)
    {
        using var stop = new StopSignals();
        return PartFile.Of(settings) is { } part ? PartCommand.Run(settings, part, stop.Token) : BatchCommand.Run(settings, stop.Token);
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
            s_quiet,
        };
        command.SetAction(parsed =>
            MergeCommand.Run(parsed.GetRequiredValue(folder), parsed.GetValue(output), parsed.GetValue(index), parsed.GetValue(s_quiet))
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
        var command = new Command("inspect", "Shows a bundle's layers, metrics and origin, and checks its files.") { s_model };
        command.SetAction(parsed => InspectCommand.Run(parsed.GetRequiredValue(s_model), Terminal.Open()));
        return command;
    }

    private static ScoreSettings Settings(Operation operation, ParseResult parsed)
    {
        var isScore = operation == Operation.Score;
        Option<double?>[] decisions = [s_alarmRate, s_contamination, s_threshold];
        string[] given = [.. decisions.Where(option => isScore && parsed.GetValue(option) is not null).Select(option => option.Name)];
        if (given.Length > 1)
        {
            throw new UsageException(
                $"{given[0]} and {given[1]} both say which scores are those of anomalies; at most one of them can be given."
            );
        }

        var shard = operation == Operation.Drift ? null : ArrayTask.Of(parsed.GetValue(s_shard), parsed.GetValue(s_shards));
        return new()
        {
            Operation = operation,
            Model = parsed.GetRequiredValue(s_model),
            Inputs = operation == Operation.Sample ? [] : parsed.GetRequiredValue(s_input),
            Output = operation == Operation.Drift ? parsed.GetValue(s_driftOutput) ?? "-" : parsed.GetRequiredValue(s_output),
            HasOutput = operation != Operation.Drift || parsed.GetValue(s_driftOutput) is not null,
            Table =
                operation == Operation.Sample
                    ? new TableOptions()
                    : new TableOptions
                    {
                        Columns = List(parsed.GetValue(s_columns)),
                        Keep = operation == Operation.Drift ? null : List(parsed.GetValue(s_keep)),
                        Label = isScore ? parsed.GetValue(s_label) : null,
                        LabelIsTruth = isScore && parsed.GetValue(s_label) is not null,
                        Encoding = parsed.GetValue(s_encoding),
                        DecimalComma = parsed.GetValue(s_decimalComma),
                        Separator = parsed.GetValue(s_separator),
                        Header = parsed.GetValue(s_header) is { } header ? header == "yes" : null,
                    },
            MaxPixels = operation is Operation.Sample or Operation.Drift ? null : (int?)parsed.GetValue(s_maxPixels),
            BatchSize = (int)(parsed.GetValue(s_batchSize) ?? 256),
            Threads = (int)(parsed.GetValue(s_threads) ?? 0),
            Gpu = (int?)(parsed.GetValue(s_gpu) ?? parsed.GetValue(s_gpuOrCpu)),
            FallBackToCpu = parsed.GetValue(s_gpu) is null,
            AllowAnyOperator = parsed.GetValue(s_anyOperator),
            ExcelSafe = operation is not (Operation.Sample or Operation.Drift) && parsed.GetValue(s_excelSafe),
            RowNumbers = operation is not (Operation.Sample or Operation.Drift) && !parsed.GetValue(s_noRowNumber),
            Shard = shard ?? Shard.Whole,
            ShardIsGiven = shard is not null,
            ShardIsAuto = operation != Operation.Drift && ArrayTask.IsAuto(parsed.GetValue(s_shard)),
            Format = operation == Operation.Drift ? null : parsed.GetValue(s_format),
            SkipErrors = operation != Operation.Sample && parsed.GetValue(s_onError) == "skip",
            Seed = operation == Operation.Sample ? parsed.GetValue(s_seed) ?? 0 : 0,
            Count = operation == Operation.Sample ? (int)(parsed.GetValue(s_count) ?? 16) : 0,
            AlarmRate = isScore ? parsed.GetValue(s_alarmRate) : null,
            Contamination = isScore ? parsed.GetValue(s_contamination) : null,
            Threshold = isScore ? parsed.GetValue(s_threshold) : null,
            Explain = isScore ? (int)(parsed.GetValue(s_explain) ?? 0) : 0,
            OnlyAnomalies = isScore && parsed.GetValue(s_onlyAnomalies),
            Limit = (operation == Operation.Drift ? parsed.GetValue(s_limit) : null) ?? Reporting.Drift.UsualLimit,
            Verbose = operation == Operation.Drift && parsed.GetValue(s_verbose),
            Quiet = parsed.GetValue(s_quiet),
        };
    }

    private static string[]? List(string? text) => text?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static string Name(Operation operation) => operation.ToString().ToLowerInvariant();

    private static Option<double?> Share(string name, string description) =>
        Parsed<double?>(
            name,
            "SHARE",
            description,
            "a number above 0 and below 1, such as 0.01",
            (text, out value) => (value = Number(text)) is > 0 and < 1
        );

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;
}
