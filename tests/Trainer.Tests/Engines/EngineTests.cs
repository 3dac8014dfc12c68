using Latent.Contracts.Bundles;
using Latent.Contracts.Training;
using Latent.Trainer.Checkpoints;
using Latent.Trainer.Engines;
using Latent.Trainer.Tests.Helpers;

namespace Latent.Trainer.Tests.Engines;

/// <summary>The choice of an engine, through the command line, in processes of their own.</summary>
public sealed class EngineTests : IDisposable
{
    private const string Libtorch = "TorchSharp 0.107.0",
        Managed = "Latent's managed engine 0.1.0";
    private static readonly string[] s_quick =
    [
        "--epochs",
        "2",
        "--threads",
        "1",
        "--set",
        "data.count=300",
        "--set",
        "encoder[0].out=8",
        "--set",
        "decoder[0].out=8",
    ];
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, string> BothWays => new() { { "managed", "libtorch" }, { "libtorch", "managed" } };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_engine_that_trained_names_itself_in_manifest_and_log_and_both_reach_the_same_loss()
    {
        SkipWithoutLibtorch();
        foreach (var (name, engine) in new[] { ("libtorch", Libtorch), ("managed", Managed) })
        {
            Assert.Contains(engine, Train(name, "--engine", name).Output);
            Assert.Equal(engine, ManifestFile.Read(_folder.File(name)).Engine);
            Assert.All(Log(name), record => Assert.Equal(engine, record.Engine));
        }

        var (a, b) = (
            ManifestFile.Read(_folder.File("libtorch")).Metrics["test.loss"],
            ManifestFile.Read(_folder.File("managed")).Metrics["test.loss"]
        );
        Assert.InRange(a / b, 0.9999, 1.0001);
    }

    [Fact]
    public void What_trains_on_libtorchs_processor_kernels_is_told_of_the_other_engine()
    {
        SkipWithoutLibtorch();
        Assert.Contains("--engine managed", Train("libtorch", "--engine", "libtorch").Output);
        Assert.DoesNotContain("--engine managed", Train("managed", "--engine", "managed").Output);
    }

    [Fact]
    public void The_variable_chooses_where_the_option_does_not()
    {
        using (var run = TrainerProcess.Start(_folder.Path, [.. s_quick, "--out", "variable"], (EngineChoice.Variable, "managed")))
            Assert.Contains(Managed, run.Wait().Output);
        using (var run = TrainerProcess.Start(_folder.Path, [.. s_quick, "--out", "wrong"], (EngineChoice.Variable, "torch")))
            Assert.Equal((1, "LATENT_ENGINE is 'torch'; it must be auto, libtorch or managed.\n"), (run.Wait().Code, run.Wait().Error));
        SkipWithoutLibtorch();
        using (
            var run = TrainerProcess.Start(
                _folder.Path,
                [.. s_quick, "--engine", "libtorch", "--out", "option"],
                (EngineChoice.Variable, "managed")
            )
        )
        {
            Assert.Contains(Libtorch, run.Wait().Output);
        }
    }

    [Fact]
    public void What_cannot_be_is_refused_in_one_sentence()
    {
        Assert.Equal((2, "--engine is 'torch'; it must be auto, libtorch or managed.\n"), Refused("--engine", "torch"));
        Assert.Equal(
            (1, "--device cuda: the managed engine computes on the processor only; --engine libtorch can use CUDA.\n"),
            Refused("--engine", "managed", "--device", "cuda")
        );
    }

    [Fact]
    public void Verbose_says_how_the_engine_was_loaded() =>
        Assert.StartsWith(Engine.IsManaged ? $"Engine: {Managed}." : $"Engine: {Libtorch}", Train("verbose", "--verbose").Output);

    [Theory]
    [MemberData(nameof(BothWays))]
    public void A_run_killed_on_one_engine_is_resumed_on_the_other(string first, string second)
    {
        SkipWithoutLibtorch();
        string[] arguments = [.. s_quick[2..], "--epochs", "400", "--set", "training.checkpointSeconds=0.01", "--out", "bundle"];
        using (var run = TrainerProcess.Start(_folder.Path, [.. arguments, "--engine", first]))
        {
            while (
                !run.HasExited && !(Directory.Exists(_folder.File(".bundle.run")) && new CheckpointStore(_folder.File(".bundle.run")).Any)
            )
            {
                Thread.Sleep(1);
            }

            run.Kill();
            run.Wait();
        }

        Assert.False(Directory.Exists(_folder.File("bundle")));
        using (var run = TrainerProcess.Start(_folder.Path, [.. arguments, "--engine", second, "--resume"]))
        {
            var (code, output, error) = run.Wait();
            Assert.Equal((0, ""), (code, error));
            Assert.Contains("Resuming after step", output);
            Assert.Contains(FormattableString.Invariant($"The checkpoint comes from {(first == "managed" ? Managed : Libtorch)}"), output);
        }

        using (var run = TrainerProcess.Start(_folder.Path, [.. arguments[..^1], "whole", "--engine", second]))
            Assert.Equal(0, run.Wait().Code);
        var engines = Log("bundle").Select(record => record.Engine).Distinct().ToList();
        Assert.Equal(second == "managed" ? Managed : Libtorch, engines[^1]);
        Assert.InRange(Loss("bundle") / Loss("whole"), 0.98, 1.02);
    }

    private static void SkipWithoutLibtorch() =>
        Assert.SkipWhen(Engine.IsManaged, "The managed engine lies in the place of TorchSharp's assembly here.");

    private double Loss(string name) => ManifestFile.Read(_folder.File(name)).Metrics["test.loss"];

    private IEnumerable<EpochRecord> Log(string name) => File.ReadLines(_folder.File($"{name}/training.jsonl")).Select(EpochRecord.Parse);

    private (int Code, string Output, string Error) Train(string name, params string[] arguments)
    {
        using var run = TrainerProcess.Start(_folder.Path, [.. s_quick, .. arguments, "--out", name]);
        var result = run.Wait();
        Assert.Equal((0, ""), (result.Code, result.Error));
        return result;
    }

    private (int Code, string Error) Refused(params string[] arguments)
    {
        using var run = TrainerProcess.Start(_folder.Path, [.. s_quick, .. arguments]);
        return (run.Wait().Code, run.Wait().Error);
    }
}
