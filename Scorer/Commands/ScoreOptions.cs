using System.CommandLine;
using System.Globalization;
using Latent.CommandLine;
using Latent.Data.Rows;
using Latent.Data.Tables;
using static Latent.CommandLine.OptionFactory;

namespace Latent.Scorer.Commands;

/// <summary>Defines the options of the commands that run a bundle.</summary>
internal static class ScoreOptions
{
    public static readonly Option<string> Model = new("--model")
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

    private const string OfCondition =
        "For a model that is conditioned on labels: their column [default: data.label of its recipe; of images, their subfolders].";

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
        Description = $"Column that is 1 for anomalies; prints the AUROC of the scores. {OfCondition}",
        HelpName = "COL",
    };
    private static readonly Option<string?> s_labelOfCondition = new("--label") { Description = OfCondition, HelpName = "COL" };
    private static readonly Option<string?> s_condition = new("--condition")
    {
        Description = "Label of all rows, for a model that is conditioned on labels [default of sample: each label in turn].",
        HelpName = "LABEL",
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
    public static readonly Option<bool> Quiet = new("--quiet") { Description = "Prints only errors." };

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
        "one ASCII character, such as ; or \\t, and neither a quote nor #",
        (text, out value) =>
        {
            value =
                text is "\\t" or "tab" ? '\t'
                : text.Length == 1 ? text[0]
                : null;
            return value is '\t' or (>= '\x1F' and <= '~' and not ('"' or '#'));
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

    private static readonly Option[] s_machine = [s_batchSize, s_threads, s_gpu, s_gpuOrCpu, s_anyOperator];
    private static readonly Option[] s_table = [s_columns, s_separator, s_header, s_encoding, s_decimalComma];
    private static readonly Option[] s_parts = [s_shard, s_shards, s_format];
    private static readonly Option[] s_rows =
    [
        Model,
        s_input,
        s_output,
        s_keep,
        s_condition,
        .. s_table,
        s_noRowNumber,
        s_excelSafe,
        s_maxPixels,
        .. s_machine,
        .. s_parts,
        s_onError,
        Quiet,
    ];

    /// <summary>Gets the options of an operation.</summary>
    public static Option[] Of(Operation operation) =>
        operation switch
        {
            Operation.Sample => [Model, s_output, s_count, s_condition, s_seed, .. s_machine, .. s_parts, Quiet],
            Operation.Drift => [Model, s_input, s_driftOutput, s_limit, .. s_table, .. s_machine, s_onError, s_verbose, Quiet],
            Operation.Score => [.. s_rows, s_label, s_alarmRate, s_contamination, s_threshold, s_explain, s_onlyAnomalies],
            _ => [.. s_rows, s_labelOfCondition],
        };

    /// <summary>Makes the settings of an operation from what was given; an option that an operation does not have is not given.</summary>
    /// <exception cref="UsageException">Two options contradict each other.</exception>
    public static ScoreSettings Settings(Operation operation, ParseResult parsed)
    {
        Option<double?>[] decisions = [s_alarmRate, s_contamination, s_threshold];
        string[] given = [.. decisions.Where(option => parsed.GetValue(option) is not null).Select(option => option.Name)];
        if (given.Length > 1)
        {
            throw new UsageException(
                $"{given[0]} and {given[1]} both say which scores are those of anomalies; at most one of them can be given."
            );
        }

        var shard = ArrayTask.Of(parsed.GetValue(s_shard), parsed.GetValue(s_shards));
        var output = parsed.GetValue(s_output) ?? parsed.GetValue(s_driftOutput);
        return new()
        {
            Operation = operation,
            Model = parsed.GetRequiredValue(Model),
            Inputs = parsed.GetValue(s_input) ?? [],
            Output = output ?? "-",
            HasOutput = output is not null,
            Table = new TableOptions
            {
                Columns = List(parsed.GetValue(s_columns)),
                Keep = List(parsed.GetValue(s_keep)),
                Label = parsed.GetValue(s_label) ?? parsed.GetValue(s_labelOfCondition),
                LabelIsTruth = parsed.GetValue(s_label) is not null,
                Encoding = parsed.GetValue(s_encoding),
                DecimalComma = parsed.GetValue(s_decimalComma),
                Separator = parsed.GetValue(s_separator),
                Header = parsed.GetValue(s_header) is { } header ? header == "yes" : null,
            },
            Condition = parsed.GetValue(s_condition),
            MaxPixels = (int?)parsed.GetValue(s_maxPixels),
            BatchSize = (int)(parsed.GetValue(s_batchSize) ?? 256),
            Threads = (int)(parsed.GetValue(s_threads) ?? 0),
            Gpu = (int?)(parsed.GetValue(s_gpu) ?? parsed.GetValue(s_gpuOrCpu)),
            FallBackToCpu = parsed.GetValue(s_gpu) is null,
            AllowAnyOperator = parsed.GetValue(s_anyOperator),
            ExcelSafe = parsed.GetValue(s_excelSafe),
            RowNumbers = operation is not (Operation.Sample or Operation.Drift) && !parsed.GetValue(s_noRowNumber),
            Shard = shard ?? Shard.Whole,
            ShardIsGiven = shard is not null,
            ShardIsAuto = ArrayTask.IsAuto(parsed.GetValue(s_shard)),
            Format = parsed.GetValue(s_format),
            SkipErrors = parsed.GetValue(s_onError) == "skip",
            Seed = parsed.GetValue(s_seed) ?? 0,
            Count = operation == Operation.Sample ? (int)(parsed.GetValue(s_count) ?? 16) : 0,
            AlarmRate = parsed.GetValue(s_alarmRate),
            Contamination = parsed.GetValue(s_contamination),
            Threshold = parsed.GetValue(s_threshold),
            Explain = (int)(parsed.GetValue(s_explain) ?? 0),
            OnlyAnomalies = parsed.GetValue(s_onlyAnomalies),
            Limit = parsed.GetValue(s_limit) ?? Reporting.Drift.UsualLimit,
            Verbose = parsed.GetValue(s_verbose),
            Quiet = parsed.GetValue(Quiet),
        };
    }

    private static string[]? List(string? text) => text?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

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
