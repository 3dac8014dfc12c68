#:project ../Inference/Inference.csproj

// Prints the rows of a table with the highest anomaly scores and the most unusual column of each, then the rows that lack a number:
//   dotnet run samples/flag-anomalies.cs -- BUNDLE TABLE.csv [COUNT]
using Latent;
using Microsoft.ML;
using Microsoft.ML.Data;

if (args.Length < 2)
{
    Console.Error.WriteLine("Say which bundle and which table: dotnet run samples/flag-anomalies.cs -- BUNDLE TABLE.csv [COUNT]");
    return 2;
}

var ml = new MLContext();
using var bundle = LatentBundle.Load(args[0]);
var header = File.ReadLines(args[1]).First().Split(',').Select(name => name.Trim()).ToArray();
var names = bundle.Manifest.Input.Columns ?? header[..bundle.InputLength];
var columns = names.Select(name => new TextLoader.Column(name, DataKind.Single, Array.IndexOf(header, name))).ToArray();

// An empty cell is read as NaN rather than as 0.
var options = new TextLoader.Options
{
    Columns = columns,
    Separators = [','],
    HasHeader = true,
    MissingRealsAsNaNs = true,
};
var data = ml.Data.LoadFromTextFile(args[1], options);

var pipeline = ml
    .Transforms.Concatenate("Features", [.. names])
    .Append(ml.Latent().Score(bundle, new ScoreOptions { FeatureErrorsColumn = "Errors" }));
var scored = pipeline.Fit(data).Transform(data);
var rows = ml
    .Data.CreateEnumerable<Scored>(scored, reuseRowObject: false)
    .Select((row, i) => (Line: i + 2, row.Score, row.Errors, row.Features))
    .ToLookup(row => float.IsNaN(row.Score));

// Columns have different units, so an error is compared with the median error of its column.
var usual = names.Select((_, i) => rows[false].Select(row => row.Errors[i]).Order().ElementAtOrDefault(rows[false].Count() / 2)).ToArray();
foreach (
    var (line, score, errors, features) in rows[false].OrderByDescending(row => row.Score).Take(args.Length > 2 ? int.Parse(args[2]) : 10)
)
{
    var odd = Enumerable.Range(0, errors.Length).MaxBy(i => errors[i] / Math.Max(usual[i], float.Epsilon));
    Console.WriteLine($"line {line}: score {score:F3}, {names[odd]} = {features[odd]}");
}

foreach (var (line, _, _, features) in rows[true])
{
    Console.WriteLine(
        $"line {line}: no score, for want of numbers in {string.Join(", ", names.Where((_, i) => !float.IsFinite(features[i])))}"
    );
}

return 0;

internal sealed class Scored
{
    public float Score { get; set; }

    public float[] Errors { get; set; } = [];

    public float[] Features { get; set; } = [];
}
