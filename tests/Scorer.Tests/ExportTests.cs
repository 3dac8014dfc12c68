using System.Diagnostics;

namespace Latent.Tests;

/// <summary>Bundles for other engines; what needs one of them can't be run here, and says so in its header.</summary>
public sealed class ExportTests : IDisposable
{
    private readonly Folder _folder = new();

    public static TheoryData<string> Bundles => ["table", "pixels", "colour", "passengers", "sensors", "words"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Bundles))]
    public void Python_files_compile_name_their_tensors_and_say_that_they_were_not_run(string name)
    {
        foreach (var (target, file) in new[] { ("python", "score.py"), ("spark", "latent_score.py") })
        {
            var run = ScorerRun.Of("export", "--to", target, BundleOf(name), _folder[target]);
            Assert.Equal((0, ""), (run.Code, run.Error));
            Assert.Contains($"{_folder[target]}/{file}", run.Output);
            var text = File.ReadAllText(_folder[$"{target}/{file}"]);
            Assert.Contains("# Not run: ", text);
            Assert.Equal(
                File.ReadAllBytes(Path.Combine(BundleOf(name), "autoencoder.onnx")),
                File.ReadAllBytes(_folder[$"{target}/autoencoder.onnx"])
            );
            var (input, output) = name switch
            {
                "passengers" => ("\"numbers\": ", "[\"score\"]"),
                "words" => ("\"categories\": ", "[\"score\"]"),
                "sensors" => ("\"input\": ", "[\"score\"]"),
                "colour" => ("\"input\": ", "[\"reconstruction_error\"]"),
                _ => ("\"input\": ", "[\"reconstruction_error\", \"kl\"]"),
            };
            Assert.Contains(input, text);
            Assert.Contains(output, text);
            if (name == "passengers")
                Assert.Contains("\"boarded\": \"1912-04-", text);
            Compile(_folder[$"{target}/{file}"]);
        }
    }

    [Theory]
    [MemberData(nameof(Bundles))]
    public void A_triton_repository_has_a_model_of_each_graph_with_its_tensors(string name)
    {
        var bundle = BundleOf(name);
        Assert.Equal(0, ScorerRun.Of("export", "--to", "triton", bundle, _folder["models"]).Code);
        var models = Directory.GetDirectories(_folder["models"]);
        Assert.Equal(3, models.Length);
        foreach (var model in models)
        {
            var graph = Path.GetFileName(model).Split('-')[^1];
            Assert.Equal(
                File.ReadAllBytes(Path.Combine(bundle, graph + ".onnx")),
                File.ReadAllBytes(Path.Combine(model, "1", "model.onnx"))
            );
            var text = File.ReadAllText(Path.Combine(model, "config.pbtxt"));
            Assert.Contains("# Not run: ", text);
            Assert.Contains($"name: \"{Path.GetFileName(model)}\"\n", text);
            Assert.Equal(text.Count(c => c == '{'), text.Count(c => c == '}'));
            Assert.Equal(text.Count(c => c == '['), text.Count(c => c == ']'));
        }

        var config = File.ReadAllText(models.Single(model => model.EndsWith("-autoencoder", StringComparison.Ordinal)) + "/config.pbtxt");
        var expected = name switch
        {
            "passengers" => "{ name: \"categories\", data_type: TYPE_STRING, dims: [ ",
            "colour" => "{ name: \"input\", data_type: TYPE_FP32, dims: [ 3, 8, 8 ] }",
            "table" => "{ name: \"reconstruction_error\", data_type: TYPE_FP32, dims: [ 1 ], reshape { shape: [ ] } }",
            _ => "max_batch_size: 4096\ndynamic_batching { }\n",
        };
        Assert.Contains(expected, config);
    }

    [Fact]
    public void A_bundles_name_is_no_path_and_no_program()
    {
        var bundle = MixedTable.Write(_folder["odd"], manifest => manifest with { Name = "../x\nprint(1)\"" });
        Assert.Equal(0, ScorerRun.Of("export", "--to", "triton", bundle, _folder["models"]).Code);
        Assert.All(Directory.GetDirectories(_folder["models"]), model => Assert.StartsWith("-x-print-1---", Path.GetFileName(model)));
        Assert.Equal(0, ScorerRun.Of("export", "--to", "python", bundle, _folder["python"]).Code);
        Assert.DoesNotContain("\nprint(1)", File.ReadAllText(_folder["python/score.py"]));
    }

    [Fact]
    public void What_cannot_be_exported_is_said_in_a_sentence()
    {
        var usage = ScorerRun.Of("export", "--to", "tritn", TestBundles.Table, _folder["x"]);
        Assert.Equal((2, "--to is 'tritn'; did you mean triton?"), (usage.Code, usage.Sentence()));
        _folder.Write("full/file", "text");
        var full = ScorerRun.Of("export", "--to", "python", TestBundles.Table, _folder["full"]);
        Assert.Equal(1, full.Code);
        Assert.Contains("is there already and not an empty folder", full.Sentence());
        Assert.Equal(1, ScorerRun.Of("export", "--to", "python", _folder["nothing"], _folder["x"]).Code);
        Assert.Equal(["full/file"], _folder.Files());
    }

    private static string BundleOf(string name) =>
        name switch
        {
            "table" => TestBundles.Table,
            "pixels" => TestBundles.Pixels,
            "colour" => TestBundles.Colour,
            "passengers" => TestBundles.Passengers,
            "sensors" => TestBundles.Sensors,
            _ => TestBundles.Words,
        };

    // Without Python, the text is all that can be looked at.
    private static void Compile(string path)
    {
        try
        {
            using var python = Process.Start(
                new ProcessStartInfo("python3", ["-c", "import sys; compile(open(sys.argv[1]).read(), sys.argv[1], 'exec')", path])
                {
                    RedirectStandardError = true,
                }
            )!;
            var error = python.StandardError.ReadToEnd();
            python.WaitForExit();
            Assert.True(python.ExitCode == 0, error);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // There is no Python here.
        }
    }
}
