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
    public void Flag_anomalies_names_the_line_and_the_column()
    {
        var rows = Enumerable.Range(0, 30).Select(i => $"{1 + i % 3},-2,{30 + i % 5},0.5,{100 + i % 7},{(i == 17 ? 5000 : 0)},n");
        var table = Path.Combine(_folder, "table.csv");
        File.WriteAllLines(table, rows.Prepend("a,b,c,d,e,f,note"));
        var lines = Run("flag-anomalies.cs", TestBundles.Table, table, "4");
        Assert.Equal(4, lines.Length);
        Assert.StartsWith("line 19: score ", lines[0]);
        Assert.EndsWith("f = 5000", lines[0]);
    }

    [Fact]
    public void Flag_anomalies_lists_rows_that_lack_a_number_apart()
    {
        var table = Path.Combine(_folder, "table.csv");
        File.WriteAllLines(
            table,
            [
                "a,b,c,d,e,f,note",
                "1,-2,30,0.5,100,0,n",
                "1,,30,0.5,100,0,n",
                "1,-2,30,0.5,100,5000,n",
                "1,-2,n/a,0.5,100,,n",
                "2,-2,31,0.5,101,0,n",
            ]
        );
        var lines = Run("flag-anomalies.cs", TestBundles.Table, table);
        Assert.Equal(5, lines.Length);
        Assert.StartsWith("line 4: score ", lines[0]);
        Assert.All(lines[..3], line => Assert.DoesNotContain("NaN", line));
        Assert.Equal(["line 3: no score, for want of numbers in b", "line 5: no score, for want of numbers in c, f"], lines[3..]);
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
