using System.Diagnostics;
using System.IO.Compression;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Latent.Tests;

namespace Latent.Packages.Tests;

/// <summary>Packs the tracked files in a folder of their own, and uses the packages as somebody with an empty project would.</summary>
public sealed class PackagesTests : IClassFixture<PackagesTests.Packed>
{
    private const string Program = """
        using Latent;
        using Latent.Contracts.Recipes;
        using Latent.Trainer.Runs;
        using Microsoft.ML;
        using Microsoft.ML.Data;

        var ml = new MLContext(seed: 1);
        var random = new Random(1);
        var data = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 400).Select(_ => random.NextSingle()).Select(t => new Row { Features = [t, 2 * t, 3 - t, t * t] }));
        var recipe = RecipeFile.Parse(File.ReadAllText("recipe.json"), "recipe.json");
        var options = new TrainOptions { Recipe = recipe, Run = new RunOptions { Output = args[0] }, Engine = Enum.Parse<EngineKind>(args[0], ignoreCase: true) };
        using var trained = ml.Latent().Train(options).Fit(data);
        using var bundle = LatentBundle.Load(args[0]);
        var scores = ml.Latent().Score(bundle).Fit(data).Transform(data).GetColumn<float>("Score").ToArray();
        Console.WriteLine($"{bundle.Manifest.Engine}|{scores.Length}|{scores.Average():g9}|{File.Exists(Path.Combine(AppContext.BaseDirectory, "recipes", "digits-vae.json"))}");

        internal sealed class Row { [VectorType(4)] public float[] Features { get; set; } = []; }
        """;

    private const string Recipe = """
        {
          "name": "curve", "kind": "autoencoder", "data": { "source": "csv", "scaling": "standard" },
          "encoder": [ { "type": "linear", "out": 8 }, { "type": "tanh" } ], "latent": { "dimension": 2 }, "decoder": [ { "type": "linear", "out": 4 } ],
          "objective": { "reconstruction": "meanSquaredError" }, "training": { "epochs": 20, "batchSize": 20 }
        }
        """;

    private static readonly string[] s_names = ["Latent.Contracts", "Latent.Data", "Latent.Inference", "Latent.Models", "Latent.Trainer"];
    private readonly Packed _packed;

    public PackagesTests(Packed packed) => _packed = packed;

    [Fact]
    public void Five_packages_have_their_readme_licence_documentation_and_symbols()
    {
        Assert.Equal(s_names.Append("Latent.Tool").Order().Select(name => $"{name}.0.1.0.nupkg"), Files("*.nupkg"));
        Assert.Equal(s_names.Select(name => $"{name}.0.1.0.snupkg"), Files("*.snupkg"));
        foreach (var name in s_names)
        {
            var entries = Entries(name);
            Assert.Contains("README.md", entries);
            Assert.Contains("LICENSE", entries);
            Assert.Contains($"lib/net10.0/{name}.dll", entries);
            Assert.Contains($"lib/net10.0/{name}.xml", entries);
        }

        var trainer = Entries("Latent.Trainer");
        Assert.Contains("engines/managed/TorchSharp.dll", trainer);
        Assert.Equal(
            Directory.GetFiles(Path.Combine(World.Root, "Trainer", "recipes"), "*.json").Length,
            trainer.Count(entry => entry.StartsWith("recipes/", StringComparison.Ordinal))
        );
    }

    [Fact]
    public void An_empty_project_trains_with_each_engine_and_scores()
    {
        var project = Path.Combine(_packed.Folder, "user");
        Directory.CreateDirectory(project);
        var (libtorch, version) = (Metadata("LibtorchPackage"), Metadata("LibtorchVersion"));
        var native = libtorch.Length == 0 ? "" : $"""<PackageReference Include="{libtorch}" Version="{version}" />""";
        File.WriteAllText(
            Path.Combine(project, "user.csproj"),
            $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <RestorePackagesPath>{Path.Combine(_packed.Folder, "cache")}</RestorePackagesPath>
                <RestoreFallbackFolders>{Metadata("PackageCache")}</RestoreFallbackFolders>
                <RestoreAdditionalProjectSources>{_packed.Packages}</RestoreAdditionalProjectSources>
                <CreateHardLinksForCopyLocalIfPossible>true</CreateHardLinksForCopyLocalIfPossible>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Latent.Trainer" Version="0.1.0" />
                {native}
              </ItemGroup>
            </Project>
            """
        );
        File.WriteAllText(Path.Combine(project, "Program.cs"), Program);
        File.WriteAllText(Path.Combine(project, "recipe.json"), Recipe);
        Run(project, "build", "-nologo", "-v:q");
        var managed = Train("managed");
        Assert.StartsWith("Latent's managed engine 0.1.0", managed[0]);
        Assert.Equal("400", managed[1]);
        Assert.Equal("True", managed[3]);
        if (libtorch.Length == 0)
            return;
        var other = Train("libtorch");
        Assert.StartsWith("TorchSharp 0.107.0", other[0]);
        Assert.InRange(float.Parse(other[2]) / float.Parse(managed[2]), 0.99, 1.01);

        string[] Train(string engine) => Run(project, "run", "--no-build", "--", engine).Trim().Split('\n')[^1].Split('|');
    }

    [Fact]
    public void The_tool_is_installed_from_a_folder_and_scores_trains_and_completes_in_an_empty_one()
    {
        var entries = Entries("Latent.Tool");
        Assert.Contains("tools/net10.0/any/engines/managed/TorchSharp.dll", entries);
        Assert.Contains("tools/net10.0/any/recipes/digits-vae.json", entries);
        Assert.DoesNotContain(entries, entry => entry.Contains("android") || entry.Contains("LibTorchSharp"));
        var (empty, tools) = (Path.Combine(_packed.Folder, "empty"), Path.Combine(_packed.Folder, "tools"));
        Directory.CreateDirectory(empty);
        var sources = Path.Combine(_packed.Folder, "NuGet.config");
        File.WriteAllText(
            sources,
            $"""<configuration><packageSources><clear /><add key="packed" value="{_packed.Packages}" /></packageSources></configuration>"""
        );
        Run(empty, "tool", "install", "Latent.Tool", "--version", "0.1.0", "--tool-path", tools, "--configfile", sources);
        var latent = Path.Combine(tools, OperatingSystem.IsWindows() ? "latent.exe" : "latent");

        File.WriteAllText(
            Path.Combine(empty, "table.csv"),
            "name,class,fare,age,sex,deck,alone,boarded,paid\nA,1,80,30,male,A,0,1912-04-03 10:00:00,yes\nB,3,8000,30,male,A,0,1912-04-03 10:00:00,no\n"
        );
        var bundle = Path.Combine(World.Root, "tests", "Fixtures", "mixed-vae");
        Assert.Contains("2 rows to scores.csv", Latent("score", "--model", bundle, "--input", "table.csv", "--output", "scores.csv"));
        var scores = File.ReadAllLines(Path.Combine(empty, "scores.csv"));
        Assert.Equal("row,score,p_value,is_anomaly", scores[0]);
        Assert.EndsWith("true", scores[2]);

        Assert.Contains("digits-vae", Latent("list"));
        Assert.Contains("latent score --model", Latent("score", "--help"));
        Assert.Contains("latent train [<RECIPE>] [options]", Latent("train", "--help"));
        Assert.Contains("latent train mnist-vae --data data/mnist", Regex.Replace(Latent("train", "--help"), @"\s+", " "));
        var commands = Latent("--help");
        foreach (var name in (string[])["train", "sweep", "score", "merge", "completion"])
            Assert.Contains($"\n  {name} ", commands.ReplaceLineEndings("\n"));
        Assert.Equal("score\n", Latent("[suggest:9]", "latent sc").ReplaceLineEndings("\n"));
        Assert.Contains("--shard\n", Latent("[suggest:17]", "latent score --sh").ReplaceLineEndings("\n"));
        Assert.Contains("complete -o default -F _latent latent", Latent("completion", "bash"));

        var trained = Latent("train", "digits-vae", "--epochs", "1", "--set", "data.count=100", "--out", "digits", "--threads", "1");
        Assert.Contains("training with Latent's managed engine 0.1.0", trained);
        Assert.Contains("Next:   latent sample --model digits --output samples", trained);
        Latent("sample", "--model", "digits", "--count", "2", "--output", "samples");
        Assert.Equal(2, Directory.GetFiles(Path.Combine(empty, "samples")).Length);

        string Latent(params string[] arguments) => RunProgram(latent, empty, arguments);
    }

    private static string Run(string folder, params string[] arguments) => RunProgram("dotnet", folder, arguments);

    private static string RunProgram(string program, string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        // The tool's executable looks for .NET where it is installed, or here.
        start.Environment["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {output}{errors.Result}");
        return output;
    }

    private static string Metadata(string key) =>
        typeof(PackagesTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;

    private IEnumerable<string?> Files(string pattern) =>
        Directory.GetFiles(_packed.Packages, pattern).Select(Path.GetFileName).Order(StringComparer.Ordinal);

    private List<string> Entries(string name)
    {
        using var package = ZipFile.OpenRead(Path.Combine(_packed.Packages, $"{name}.0.1.0.nupkg"));
        return [.. package.Entries.Select(entry => entry.FullName)];
    }

    /// <summary>
    /// The packages, made once. Packing restores for every system, which would disturb the builds of the repository itself.
    /// </summary>
    public sealed class Packed : IDisposable
    {
        public Packed()
        {
            var source = Path.Combine(Folder, "source");
            foreach (var file in Git("ls-files", "-co", "--exclude-standard").Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                var (from, to) = (Path.Combine(World.Root, file), Path.Combine(source, file));
                Directory.CreateDirectory(Path.GetDirectoryName(to)!);
                if (
                    File.Exists(from)
                    && !file.StartsWith("tests/", StringComparison.Ordinal)
                    && !file.StartsWith("artifacts/", StringComparison.Ordinal)
                )
                {
                    File.Copy(from, to);
                }
            }

            string[] projects = ["Contracts", "Data", "Inference", "ManagedTorch", "Models", "Scorer", "Tool", "Trainer"];
            File.WriteAllText(
                Path.Combine(source, "Latent.slnx"),
                $"<Solution>{string.Concat(projects.Select(p => $"<Project Path=\"{p}/{p}.csproj\" />"))}</Solution>"
            );
            Run(source, "pack", "Latent.slnx", "-o", Packages, "-nologo", "-v:q");
        }

        public string Folder { get; } = Directory.CreateTempSubdirectory("latent-packages-").FullName;

        public string Packages => Path.Combine(Folder, "packages");

        public void Dispose() => Directory.Delete(Folder, recursive: true);

        private static string Git(params string[] arguments)
        {
            using var process = Process.Start(
                new ProcessStartInfo("git", arguments) { WorkingDirectory = World.Root, RedirectStandardOutput = true }
            )!;
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return output;
        }
    }
}
