using System.CommandLine;
using System.Text.Json;
using Latent.Benchmarks;
using Latent.Trainer.Training;

var seconds = new Option<double>("--seconds") { Description = "Length of a measurement.", DefaultValueFactory = _ => 5 };
var rounds = new Option<int>("--rounds") { Description = "Rounds of a comparison.", DefaultValueFactory = _ => 3 };
var threads = new Option<int>("--threads") { Description = "Threads, at most.", DefaultValueFactory = _ => Environment.ProcessorCount };
var steps = new Option<int>("--steps") { Description = "Steps of the long training.", DefaultValueFactory = _ => 20_000 };
var write = new Option<string?>("--write") { Description = "Replaces the section in this file too, such as docs/benchmarks.md." };
var name = new Argument<string>("MODEL");

var root = new RootCommand("Measures Latent, and its peers where they are installed.");
Add("train", "Training against PyTorch eager.", (page, parsed) => TrainBenchmark.Run(page, parsed.GetValue(seconds), parsed.GetValue(rounds), parsed.GetValue(threads)));
Add("gemm", "Matrix products and convolutions against the processor's peak.", (page, parsed) => GemmBenchmark.Run(page, parsed.GetValue(seconds) / 5, parsed.GetValue(threads)));
Add("growth", "Time of a step against batch size, width and threads.", (page, parsed) => GrowthBenchmark.Run(page, parsed.GetValue(seconds) / 10, parsed.GetValue(threads)));
Add("epoch", "An epoch as Trainer runs it against its steps alone.", (page, parsed) => EpochBenchmark.Run(page, parsed.GetValue(rounds), parsed.GetValue(threads)));
Add("endurance", "Memory over a long training.", (page, parsed) => EnduranceBenchmark.Run(page, parsed.GetValue(steps), parsed.GetValue(threads)));
Add("score", "Encoding in an ML.NET pipeline against ApplyOnnxModel and raw runs.", (page, parsed) => ScoreBenchmark.Run(page, parsed.GetValue(seconds), parsed.GetValue(rounds)));
Add("pipeline", "Scorer from file to file against its parts.", (page, parsed) => PipelineBenchmark.Run(page, parsed.GetValue(seconds), parsed.GetValue(rounds)));
Add("all", "All of them.", (page, parsed) =>
{
    TrainBenchmark.Run(page, parsed.GetValue(seconds), parsed.GetValue(rounds), parsed.GetValue(threads));
    GemmBenchmark.Run(page, parsed.GetValue(seconds) / 5, parsed.GetValue(threads));
    GrowthBenchmark.Run(page, parsed.GetValue(seconds) / 10, parsed.GetValue(threads));
    EpochBenchmark.Run(page, parsed.GetValue(rounds), parsed.GetValue(threads));
    EnduranceBenchmark.Run(page, parsed.GetValue(steps), parsed.GetValue(threads));
    ScoreBenchmark.Run(page, parsed.GetValue(seconds), parsed.GetValue(rounds));
    PipelineBenchmark.Run(page, parsed.GetValue(seconds), parsed.GetValue(rounds));
});
var one = new Command(TrainBenchmark.OneModel, "Trains one model in this process and prints JSON.") { name, seconds, threads };
one.Hidden = true;
one.SetAction(parsed => Console.WriteLine(JsonSerializer.Serialize(TrainingSpeed.Measure(parsed.GetRequiredValue(name), parsed.GetValue(seconds), parsed.GetValue(threads)))));
root.Add(one);
return root.Parse(args).Invoke();

void Add(string verb, string description, Action<Markdown, ParseResult> run)
{
    var command = new Command(verb, description) { seconds, rounds, threads, steps, write };
    command.SetAction(parsed =>
    {
        var page = new Markdown($"Made by `{CommandLine(parsed)}` on {Machine.Name}, {DateTime.UtcNow:yyyy-MM-dd}.");
        run(page, parsed);
        if (parsed.GetValue(write) is { } path)
            page.WriteTo(path);
    });
    root.Add(command);
}

string CommandLine(ParseResult parsed)
{
    var words = parsed.GetResult(write) is { Tokens: [var path, ..] } ? args.Where(a => a != "--write" && a != path.Value) : args;
    return $"dotnet run -c Release --project benchmarks -- {string.Join(' ', words)}";
}
