using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.ML.Data;

[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Latent.Tests;

/// <summary>Runs each sample as its first lines say.</summary>
public sealed class SampleTests : IDisposable
{
    private readonly string _folder = TestBundles.TempFolder();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Cluster_images_puts_every_image_in_a_cluster()
    {
        WriteImages(12);
        var lines = Run("cluster-pictures.cs", TestBundles.Pixels, _folder, "3");
        Assert.All(lines, l => Assert.StartsWith("cluster ", l));
        Assert.Equal(12, lines.Sum(l => int.Parse(l.Split(' ')[2], CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void Flag_anomalies_names_the_line_and_what_is_odd()
    {
        var rows = Enumerable
            .Range(0, 30)
            .Select(i => $"{(i == 17 ? 512.3 : 8 + i % 3)},3,Passenger {i},{20 + i},{(i == 4 ? "?" : "male")},,1,1912-04-10 12:{i:00},yes");
        var table = Path.Combine(_folder, "table.csv");
        File.WriteAllLines(
            table,
            rows.Append("8,3,\"Quoted, yes\",,other,,1,1912-04-10 12:00,yes").Prepend("fare,class,name,age,sex,deck,alone,boarded,paid")
        );
        var lines = Run("flag-anomalies.cs", TestBundles.Passengers, table);
        Assert.Equal(2, lines.Length);
        Assert.Matches(@"^line 19: score [0-9.]+, p 0\.00[0-9]{2}: .*\bfare = 512\.3, expected [0-9.]+ \([0-9]+%\)", lines[0]);
        Assert.Matches(@"^line 32: score [0-9.]+, p 0\.00[0-9]{2}: sex = other \(unseen\), expected (male|female) \([0-9]+%\)", lines[1]);
        Assert.True(Run("flag-anomalies.cs", TestBundles.Passengers, table, "0.9").Length > 2);
    }

    [Fact]
    public void Flag_anomalies_of_numbers_only()
    {
        var table = Path.Combine(_folder, "table.csv");
        File.WriteAllLines(table, ["drift,count,pressure,temperature", "1,4,100,20", "1,4,100,25000", ",4,100,20"]);
        var line = Assert.Single(Run("flag-anomalies.cs", TestBundles.Sensors, table));
        Assert.StartsWith("line 3: score ", line);
        Assert.Contains(": temperature = 25000, expected ", line);
    }

    [Fact]
    public void Denoise_folder_writes_an_image_for_each()
    {
        WriteImages(3);
        File.WriteAllText(Path.Combine(_folder, "notes.txt"), "no image");
        var output = Path.Combine(_folder, "out");
        Run("denoise-folder.cs", TestBundles.Pixels, _folder, output);
        Assert.Equal(["00.pgm.png", "01.pgm.png", "02.pgm.png"], Directory.GetFiles(output).Select(Path.GetFileName).Order());
        using var image = MLImage.CreateFromFile(Path.Combine(output, "01.pgm.png"));
        Assert.Equal((8, 8), (image.Width, image.Height));
    }

    [Fact]
    public void Generate_images_draws_and_interpolates()
    {
        Run("generate-pictures.cs", TestBundles.Pixels, _folder, "3", "5");
        Assert.Equal(3, Directory.GetFiles(_folder, "drawn-*.png").Length);
        Assert.Equal(8, Directory.GetFiles(_folder, "between-*.png").Length);
        Assert.Equal(File.ReadAllBytes(Path.Combine(_folder, "drawn-00.png")), File.ReadAllBytes(Path.Combine(_folder, "between-00.png")));
    }

    [Fact]
    public void The_program_in_README_runs()
    {
        var program = File.ReadAllText(Path.Combine(World.Root, "README.md")).Split("```csharp\n")[1].Split("```")[0];
        var path = Path.Combine(_folder, "readme.cs");
        File.WriteAllText(path, $"#:project {World.Root}/Inference/Inference.csproj\n#:property PublishAot=false\n{program}");
        var lines = Run(path);
        Assert.Equal(5, lines.Length);
        Assert.All(lines, line => Assert.Matches(@"^cluster [0-9]+, negative ELBO [0-9]+\.[0-9] nats$", line));
    }

    [Fact]
    public async Task Web_api_scores_rows_and_refuses_others()
    {
        using var process = Start("web-api.cs", "--bundle", TestBundles.Table, "--urls", "http://127.0.0.1:0");
        try
        {
            string? address = null;
            while (address is null && await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
                address = line.Contains("Now listening on: ") ? line.Split(": ", 2)[1].Trim() : null;
            Assert.NotNull(address);
            using var client = new HttpClient { BaseAddress = new Uri(address) };
            var model = await client.GetFromJsonAsync<JsonElement>("/model", TestContext.Current.CancellationToken);
            Assert.Equal("table-vae", model.GetProperty("name").GetString());
            var requests = Enumerable
                .Range(0, 20)
                .Select(i => client.PostAsJsonAsync("/score", new { features = new float[] { i, 2, 3, 4, 5, 6 } }));
            foreach (var response in await Task.WhenAll(requests))
            {
                var result = await response
                    .EnsureSuccessStatusCode()
                    .Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
                Assert.Equal(3, result.GetProperty("code").GetArrayLength());
                Assert.True(result.GetProperty("score").GetSingle() > 0);
            }

            foreach (
                var features in (string[])
                    [
                        "[1, 2]",
                        "[]",
                        "null",
                        "[1, 2, 3, 4, 5, 6, 7]",
                        "[1, 2, 3, 4, 5, 3e38]",
                        "[1, 2, 3, 4, 5, 1e39]",
                        "[1, 2, 3, 4, 5, \"x\"]",
                    ]
            )
            {
                using var body = new StringContent($"{{\"features\": {features}}}", System.Text.Encoding.UTF8, "application/json");
                using var bad = await client.PostAsync("/score", body, TestContext.Current.CancellationToken);
                Assert.True(bad.StatusCode == System.Net.HttpStatusCode.BadRequest, $"{features} is answered {bad.StatusCode}");
            }
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }

    private void WriteImages(int count)
    {
        var random = new Random(5);
        for (var i = 0; i < count; i++)
        {
            File.WriteAllText(
                Path.Combine(_folder, $"{i:00}.pgm"),
                $"P2\n9 10\n255\n{string.Join(' ', Enumerable.Range(0, 90).Select(_ => random.Next(256)))}\n"
            );
        }
    }

    private static string[] Run(string sample, params string[] args)
    {
        using var process = Start(sample, args);
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, output);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static Process Start(string sample, params string[] args)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, WorkingDirectory = World.Root };
        foreach (var argument in (string[])["run", Path.Combine("samples", sample), "--", .. args])
            start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }
}
