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

    [Theory]
    [InlineData("\"step\": 2", "\"step\": -2", "its step is -2")]
    [InlineData("\"step\": 2", "\"step\": 3", "its random.next_step is 2")]
    [InlineData("\"epoch\": 0", "\"epoch\": 1000000", "its epoch is 1000000")]
    [InlineData("\"step_in_epoch\": 0", "\"step_in_epoch\": -1", "its step_in_epoch is -1")]
    [InlineData("\"seconds\": 0", "\"seconds\": \"NaN\"", "its seconds is NaN")]
    [InlineData("\"epoch_seconds\": 0", "\"epoch_seconds\": 1e300", "its epoch_seconds is 1E+300")]
    [InlineData("\"epoch_rows\": 0", "\"epoch_rows\": -9223372036854775808", "its epoch_rows is -9223372036854775808")]
    [InlineData("\"log_bytes\": 0", "\"log_bytes\": -1", "its log_bytes is -1")]
    [InlineData("\"log_bytes\": 0", "\"log_bytes\": 100", "training.jsonl has 0 bytes, but ")]
    [InlineData("\"best_loss\": null", "\"best_loss\": \"Infinity\"", "its best_loss is Infinity")]
    [InlineData("\"best_epoch\": 0", "\"best_epoch\": 5", "its best_epoch is 5")]
    [InlineData("\"loss\": 0.30000000000000004", "\"loss\": \"NaN\"", "its epoch_sums.loss is NaN")]
    public void A_position_where_no_run_can_stand_is_refused_in_a_sentence(string right, string wrong, string message)
    {
        var store = new CheckpointStore(_folder.Path);
        Save(store, 1);
        Save(store, 2);
        var path = Directory.GetFiles(_folder.Path, "*.json").Order().Last();
        var json = File.ReadAllText(path);
        Assert.Contains(right, json);
        File.WriteAllText(path, json.Replace(right, wrong, StringComparison.Ordinal));
        Assert.Equal(1, store.LoadNewest(_said.Add)!.Value.State.Position.Step);
        Assert.Contains(message, Assert.Single(_said));
        Assert.DoesNotContain('\n', _said[0]);
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
        Directory.CreateDirectory(_folder.File("checkpoint-000002.safetensors"));
        var error = Assert.Throws<LatentException>(() => Save(store, 2));
        Assert.Contains("is a folder", error.Message);
        Assert.Equal(1, store.LoadNewest(_said.Add)!.Value.State.Position.Step);
    }

    private static void Save(CheckpointStore store, int step) =>
        store.Save(
            SafeTensorsFileTests.Some(),
            new CheckpointState
            {
                Tensors = "",
                Sha256 = "",
                Engine = "test",
                Threads = 1,
                DataFingerprint = "f",
                Optimizer = OptimizerKind.Adam,
                LearningRate = 0.1,
                Random = new RandomState(1, step),
                Position = new TrainingPosition
                {
                    Step = step,
                    EpochSums = new Dictionary<string, double> { ["loss"] = 0.1 + 0.2 },
                },
            }
        );
}
