using System.Reflection;
using System.Runtime.Loader;
using Latent.Models;
using Latent.Trainer.Commands;
using Latent.Trainer.Tests.Helpers;

namespace Latent.Trainer.Tests.Commands;

/// <summary>show, in processes of its own.</summary>
public sealed class ShowCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_recipe_is_shown_with_its_layers()
    {
        var output = Show("mnist-vae");
        Assert.Contains("\"learningRate\": 0.001", output);
        Assert.Matches(@"│ input +│ \[784\] +│ +│", output);
        Assert.Matches(@"│ encoder\[0\] linear +│ \[400\] +│ +314,000 │", output);
        Assert.Matches(@"│ logVariance linear +│ \[20\] +│ +8,020 │", output);
        Assert.Matches(@"│ total +│ +│ +652,824 │", output);
    }

    [Fact]
    public void Keys_are_set_in_the_recipe_and_its_layers()
    {
        var output = Show(
            "faces-conv-ae",
            "--set",
            "latent.dimension=7",
            "--set",
            "training.epochs=3",
            "--set",
            "encoder[1].type=leakyRelu"
        );
        Assert.Contains("\"dimension\": 7", output);
        Assert.Contains("\"epochs\": 3", output);
        Assert.Contains("\"type\": \"leakyRelu\"", output);
        Assert.Matches(@"│ encoder\[0\] conv2d +│ \[32, 62, 62\] +│ +320 │", output);
        Assert.Matches(@"│ encoder\[1\] leakyRelu +│", output);
        Assert.Matches(@"│ code linear +│ \[7\] +│ +32,263 │", output);
    }

    [Fact]
    public void An_ensemble_is_shown_as_the_layers_of_a_member_and_the_sum_of_all()
    {
        var output = Show("mnist-vae", "--set", "ensemble=3");
        Assert.Contains("\"ensemble\": 3", output);
        Assert.Matches(@"│ encoder\[0\] linear +│ \[400\] +│ +314,000 │", output);
        Assert.Matches(@"│ each member +│ +│ +652,824 │\s+│ 3 members +│ +│ +1,958,472 │", output);
    }

    [Fact]
    public void The_layers_of_a_table_depend_on_its_columns()
    {
        var output = Show(Table(), "--set", "encoder[0].out=5");
        Assert.Contains("\"out\": 5", output);
        Assert.EndsWith("The layers depend on the number of columns of the data.\n", output);
    }

    [Theory]
    [InlineData(1, "--set training.epoch: epoch is not a known key; did you mean epochs?", "mnist-vae", "--set", "training.epoch=3")]
    [InlineData(1, "training.epochs is -3; it must be at least 1 (", "mnist-vae", "--set", "training.epochs=-3")]
    [InlineData(1, "decoder[2] linear gives [9], but the input is [784] (", "mnist-vae", "--set", "decoder[2].out=9")]
    [InlineData(1, "--set x is not of the form key=value, such as training.epochs=3.", "mnist-vae", "--set", "x")]
    [InlineData(2, "There is no recipe 'mnist-vea'; did you mean mnist-vae?", "mnist-vea")]
    public void What_is_wrong_is_said_as_for_training(int code, string message, params string[] arguments)
    {
        foreach (
            var command in (string[][])
                [
                    ["show", .. arguments],
                    arguments,
                ]
        )
        {
            using var run = TrainerProcess.Start(_folder.Path, command);
            var (actual, output, error) = run.Wait();
            Assert.Equal((code, ""), (actual, output));
            Assert.StartsWith(message, error);
            Assert.Single(error.TrimEnd().Split('\n'));
        }
    }

    [Fact]
    public void A_model_that_no_memory_holds_can_be_looked_at()
    {
        var output = Show("mnist-vae", "--set", "encoder=[{\"type\":\"linear\",\"out\":1048576},{\"type\":\"linear\",\"out\":1048576}]");
        Assert.Contains("1,099,512,676,352", output);
    }

    [Fact]
    public void No_engine_is_needed()
    {
        var context = new WithoutTorchSharp();
        Assert.ThrowsAny<Exception>(() => context.LoadFromAssemblyName(new AssemblyName("TorchSharp")));
        var trainer = context.LoadFromAssemblyName(typeof(TrainerCommandLine).Assembly.GetName());
        var run = trainer.GetType(typeof(TrainerCommandLine).FullName!, throwOnError: true)!.GetMethod(nameof(TrainerCommandLine.Run))!;
        Assert.Equal(0, run.Invoke(null, [(string[])["show", "mnist-vae", "--set", "latent.dimension=2"]]));
    }

    private string Table() =>
        _folder.Write(
            "table.json",
            """
            {
              "name": "table", "kind": "variational", "data": { "source": "csv", "path": "table.csv", "scaling": "standard" },
              "encoder": [ { "type": "linear", "out": 4 } ], "latent": { "dimension": 2 }, "decoder": [ { "type": "linear", "out": 2 } ],
              "objective": { "reconstruction": "meanSquaredError" }
            }
            """
        );

    private string Show(params string[] arguments)
    {
        using var run = TrainerProcess.Start(_folder.Path, ["show", .. arguments]);
        var (code, output, error) = run.Wait();
        Assert.Equal((0, ""), (code, error));
        return output;
    }

    /// <summary>Loads Trainer and Models anew, and nothing for the name TorchSharp.</summary>
    private sealed class WithoutTorchSharp() : AssemblyLoadContext("Without TorchSharp")
    {
        protected override Assembly? Load(AssemblyName assemblyName) =>
            assemblyName.Name switch
            {
                "TorchSharp" => throw new FileNotFoundException("There is no engine."),
                "Latent.Models" => LoadFromAssemblyPath(typeof(Autoencoder).Assembly.Location),
                "Latent.Trainer" => LoadFromAssemblyPath(typeof(TrainerCommandLine).Assembly.Location),
                _ => null,
            };
    }
}
