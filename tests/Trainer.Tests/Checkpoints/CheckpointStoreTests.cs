using Latent.Contracts;
using Latent.Contracts.Recipes;
using Latent.Trainer.Checkpoints;
using Latent.Trainer.Tests.Helpers;

namespace Latent.Trainer.Tests.Checkpoints;

public sealed class CheckpointStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _said = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_newest_of_the_last_two_is_read()
    {
        var store = new CheckpointStore(_folder.Path);
        Assert.False(store.Any);
        Assert.Null(store.LoadNewest(_said.Add));
        for (var step = 1; step <= 5; step++)
            Save(store, step);
        Assert.Equal(4, Directory.GetFiles(_folder.Path).Length);
        Assert.Equal(5, store.LoadNewest(_said.Add)!.Value.State.Position.Step);
        Assert.Empty(_said);
    }

    [Theory]
    [InlineData("safetensors")]
    [InlineData("json")]
    public void A_truncated_newest_one_falls_back_to_the_one_before_saying_so(string extension)
    {
        var store = new CheckpointStore(_folder.Path);
        Save(store, 1);
        Save(store, 2);
        var path = Directory.GetFiles(_folder.Path, $"*.{extension}").Order().Last();
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^7]);
        Assert.Equal(1, store.LoadNewest(_said.Add)!.Value.State.Position.Step);
        Assert.Contains(Path.GetFileName(path), Assert.Single(_said));
    }

    [Fact]
    public void Every_cut_of_the_state_is_noticed()
    {
        var store = new CheckpointStore(_folder.Path);
        Save(store, 1);
        var path = Directory.GetFiles(_folder.Path, "*.json").Single();
        var bytes = File.ReadAllBytes(path);
        for (var length = 0; length < bytes.Length; length += 11)
        {
            File.WriteAllBytes(path, bytes[..length]);
            Assert.Null(store.LoadNewest(_said.Add));
        }
    }

    [Fact]
    public void Tensors_without_their_state_do_not_count()
    {
        var store = new CheckpointStore(_folder.Path);
        Save(store, 1);
        Save(store, 2);
        File.Delete(Directory.GetFiles(_folder.Path, "*.json").Order().Last());
        Assert.Equal(1, store.LoadNewest(_said.Add)!.Value.State.Position.Step);
    }

    [Fact]
    public void A_folder_that_can_not_be_written_keeps_what_it_had()
    {
        var store = new CheckpointStore(_folder.Path);
        Save(store, 1);
        Directory.CreateDirectory(_folder.File("checkpoint-000002.safetensors.tmp"));
        var error = Assert.Throws<LatentException>(() => Save(store, 2));
        Assert.Contains("could not be written", error.Message);
        Assert.Equal(1, store.LoadNewest(_said.Add)!.Value.State.Position.Step);
    }

    private static void Save(CheckpointStore store, int step) => store.Save(SafeTensorsFileTests.Some(), new CheckpointState
    {
        Tensors = "",
        Sha256 = "",
        Engine = "test",
        Threads = 1,
        DataFingerprint = "f",
        Optimizer = OptimizerKind.Adam,
        LearningRate = 0.1,
        Random = new RandomState(1, step),
        Position = new TrainingPosition { Step = step, EpochSums = new Dictionary<string, double> { ["loss"] = 0.1 + 0.2 } },
    });
}
