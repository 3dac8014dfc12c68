using Latent.Contracts.Bundles;
using Latent.Trainer.Checkpoints;
using Latent.Trainer.Data;
using Latent.Trainer.Evaluation;
using Latent.Trainer.Tests.Helpers;

namespace Latent.Trainer.Tests.Runs;

/// <summary>kill -9 at random moments from the program's start to its end, then --resume, again and again.</summary>
public sealed class KillTests : IDisposable
{
    private const int Kills = 20;
    private static readonly string[] s_arguments =
    [
        "digits-vae",
        "--threads",
        "1",
        "--set",
        "schedule.kind=burdaStages",
        "--set",
        "schedule.scale=0.009",
        "--batch-size",
        "32",
        "--set",
        "data.count=400",
        "--set",
        "encoder[0].out=24",
        "--set",
        "decoder[0].out=24",
        "--set",
        "training.checkpointSeconds=0.01",
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Twenty_kills_change_no_bit_of_the_weights_and_no_point_of_the_curve()
    {
        var started = Environment.TickCount64;
        using (var whole = TrainerProcess.Start(_folder.Path, [.. s_arguments, "--out", "whole"]))
            Assert.Equal((0, ""), (whole.Wait().Code, whole.Wait().Error));
        var milliseconds = Environment.TickCount64 - started;

        Assert.Equal(8, LikelihoodCurve.Read(_folder.File("whole")).Count);
        var random = new SeededRandom(20, SeededRandom.Purpose.Step);
        var (kills, runs, phases, midway) = (0, 0, new List<string>(), false);
        while (kills < Kills)
        {
            var name = $"killed{runs++}";
            for (var ended = false; !ended; )
            {
                using var run = TrainerProcess.Start(_folder.Path, [.. s_arguments, "--out", name, "--resume"]);
                // One kill within the training is sure, the others are at random.
                if (!midway)
                    WaitForCheckpoint(run, name);
                else if (kills < Kills)
                    Thread.Sleep((int)(milliseconds * random.Between(0.15, 1)));
                if (kills < Kills && !run.HasExited)
                {
                    phases.Add(Phase(name));
                    run.Kill();
                    kills++;
                    run.Wait();
                    midway |= IsMidway(name);
                }
                else
                {
                    var (code, _, error) = run.Wait();
                    Assert.Equal((0, ""), (code, error));
                    ended = true;
                }
            }

            BundleFolder.Open(_folder.File(name));
            Assert.Equal(_folder.Weights("whole"), _folder.Weights(name));
            Assert.Equal(LikelihoodCurve.Read(_folder.File("whole")), LikelihoodCurve.Read(_folder.File(name)));
            Assert.Empty(Directory.EnumerateDirectories(_folder.Path, $".{name}.*"));
        }

        Assert.True(midway, "No kill was within the training.");
        TestContext.Current.TestOutputHelper?.WriteLine($"killed in: {string.Join(", ", phases)}");
    }

    private string Phase(string name)
    {
        if (Directory.EnumerateDirectories(_folder.Path, $".{name}.*.tmp").Any())
            return "export";
        var folder = _folder.File($".{name}.run");
        return !Directory.Exists(folder) ? "start"
            : Directory.EnumerateFiles(folder, "*.tmp").Any() ? "checkpoint"
            : "training";
    }

    private void WaitForCheckpoint(TrainerProcess run, string name)
    {
        var folder = _folder.File($".{name}.run");
        while (!run.HasExited && !(Directory.Exists(folder) && new CheckpointStore(folder).Any))
            Thread.Sleep(1);
    }

    // A training saves a last checkpoint when it is finished.
    private bool IsMidway(string name)
    {
        var folder = _folder.File($".{name}.run");
        return Directory.Exists(folder) && new CheckpointStore(folder).LoadNewest(_ => { }) is { State.Position.Finished: false };
    }
}
