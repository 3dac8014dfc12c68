#:project ../Inference/Inference.csproj

// Prints the rows of a table that a model calls anomalies, the oddest first, each with what is odd about it:
//   dotnet run samples/flag-anomalies.cs -- BUNDLE TABLE.csv [ALARM_RATE]
// The bundle is one of a table with columns of several kinds (the recipe "table"), which says what scores normal rows have. ALARM_RATE is
// the share of normal rows that are called anomalies, 0.01 if it is left out.
using System.Globalization;
using Latent;
using Microsoft.ML;
using Microsoft.ML.Data;

if (args.Length < 2)
{
    Console.Error.WriteLine("Say which bundle and which table: dotnet run samples/flag-anomalies.cs -- BUNDLE TABLE.csv [ALARM_RATE]");
    return 2;
}

using var bundle = LatentBundle.Load(args[0]);
if (bundle.Manifest.Input.Table is not { } table)
{
    Console.Error.WriteLine($"{args[0]} is not a bundle of a table with columns of several kinds, such as the recipe table makes.");
    return 1;
}

// The columns by their names in the first line, all as text: the model knows which are numbers, words and dates.
var header = File.ReadLines(args[1]).First().Split(',').Select(name => name.Trim(' ', '"')).ToArray();
foreach (var column in table.Columns.Where(column => !header.Contains(column.Name)))
{
    Console.Error.WriteLine($"{args[1]} has no column {column.Name}, which the model reads.");
    return 1;
}

var ml = new MLContext();
var data = ml.Data.LoadFromTextFile(
    args[1],
    new TextLoader.Options
    {
        Columns = [.. table.Columns.Select(c => new TextLoader.Column(c.Name, DataKind.String, Array.IndexOf(header, c.Name)))],
        Separators = [','],
        HasHeader = true,
        AllowQuoting = true,
    }
);

var options = new ScoreOptions
{
    IsAnomalyColumn = "IsAnomaly",
    AlarmRate = args.Length > 2 ? double.Parse(args[2], CultureInfo.InvariantCulture) : null,
    PValueColumn = "PValue",
    ExplanationColumn = "Explanation",
};
var scored = ml.Latent().Score(bundle, options).Fit(data).Transform(data);
var anomalies = ml
    .Data.CreateEnumerable<Judged>(scored, reuseRowObject: false)
    .Select((row, i) => (Line: i + 2, Row: row))
    .Where(pair => pair.Row.IsAnomaly);
foreach (var (line, row) in anomalies.OrderByDescending(pair => pair.Row.Score))
    Console.WriteLine(FormattableString.Invariant($"line {line}: score {row.Score:F1}, p {row.PValue:F4}: {row.Explanation}"));
return 0;

internal sealed class Judged
{
    public float Score { get; set; }

    public bool IsAnomaly { get; set; }

    public float PValue { get; set; }

    public string Explanation { get; set; } = "";
}
