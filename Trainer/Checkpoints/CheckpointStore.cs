using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Contracts.Files;
using Latent.Contracts.Training;

namespace Latent.Trainer.Checkpoints;

/// <summary>
/// Stores the checkpoints of a run: pairs checkpoint-N.safetensors and checkpoint-N.json. A pair counts once its JSON is there, which is
/// written last; each file is written under a temporary name, flushed to disk and renamed. The last two pairs are kept.
/// </summary>
public sealed class CheckpointStore
{
    private const int Kept = 2;
    private const double MaxSeconds = 1e12;
    private const long MaxLogBytes = 1 << 30;
    private const string Prefix = "checkpoint-";
    private readonly string _folder;

    /// <summary>Opens a folder's checkpoints.</summary>
    /// <param name="folder">The run's folder, which must exist.</param>
    public CheckpointStore(string folder) => _folder = folder;

    /// <summary>Gets whether there is any checkpoint, complete or not.</summary>
    public bool Any => Numbers().Count > 0;

    /// <summary>Writes a checkpoint and removes all but the last two.</summary>
    /// <param name="tensors">The tensors.</param>
    /// <param name="state">Everything else; <see cref="CheckpointState.Tensors"/> and its hash are filled in here.</param>
    /// <returns>The checkpoint's path.</returns>
    /// <exception cref="LatentException">The disk is full or the folder can't be written; earlier checkpoints are untouched.</exception>
    public string Save(IReadOnlyDictionary<string, SafeTensor> tensors, CheckpointState state)
    {
        var numbers = Numbers();
        var number = numbers.Count == 0 ? 1 : numbers[0] + 1;
        var (tensorPath, statePath) = (PathOf(number, "safetensors"), PathOf(number, "json"));
        using var bytes = new MemoryStream();
        SafeTensorsFile.Write(
            bytes,
            tensors,
            new Dictionary<string, string>
            {
                ["format"] = "latent-checkpoint",
                ["step"] = state.Position.Step.ToString(CultureInfo.InvariantCulture),
            }
        );
        var content = bytes.GetBuffer().AsSpan(0, (int)bytes.Length);
        AtomicFile.Write(tensorPath, content);
        state = state with { Tensors = Path.GetFileName(tensorPath), Sha256 = Convert.ToHexStringLower(SHA256.HashData(content)) };
        AtomicFile.Write(statePath, JsonSerializer.SerializeToUtf8Bytes(state, CheckpointState.Json));
        foreach (var old in numbers.Skip(Kept - 1))
        {
            File.Delete(PathOf(old, "json"));
            File.Delete(PathOf(old, "safetensors"));
        }

        return statePath;
    }

    /// <summary>Reads the newest complete checkpoint.</summary>
    /// <param name="say">Receives a sentence about each newer checkpoint that is not complete.</param>
    /// <returns>The checkpoint; null if none is complete.</returns>
    public (CheckpointState State, Dictionary<string, SafeTensor> Tensors)? LoadNewest(Action<string> say)
    {
        foreach (var number in Numbers())
        {
            try
            {
                return Load(PathOf(number, "json"));
            }
            catch (LatentException e)
            {
                say($"Going back to the checkpoint before: {e.Message}");
            }
        }

        return null;
    }

    private (CheckpointState State, Dictionary<string, SafeTensor> Tensors) Load(string path)
    {
        try
        {
            if (SmallFile.Length(path) is 0 or > SmallFile.MaxBytes)
                throw new LatentException($"{path} is empty, or larger than a checkpoint's state can be.");
            var state =
                JsonSerializer.Deserialize<CheckpointState>(File.ReadAllBytes(path), CheckpointState.Json)
                ?? throw new LatentException($"{path} holds nothing.");
            RefuseWrong(state, path);
            RefuseTorn(state.Position, path);
            var tensorPath = Path.Combine(_folder, Path.GetFileName(state.Tensors));
            var bytes = File.ReadAllBytes(tensorPath);
            return Convert.ToHexStringLower(SHA256.HashData(bytes)) == state.Sha256
                ? (state, SafeTensorsFile.Parse(bytes, tensorPath))
                : throw new LatentException($"{tensorPath} is truncated or damaged: its SHA-256 is not the one that {path} states.");
        }
        catch (Exception e) when (FileError.Is(e) || e is JsonException)
        {
            throw FileError.CannotRead(path, e);
        }
    }

    private static void RefuseWrong(CheckpointState state, string path)
    {
        var position = state.Position;
        Require(position.Step is >= 0 and < 1L << 53, "step", position.Step);
        Require(position.Epoch >= 0 && position.Epoch <= position.Step, "epoch", position.Epoch);
        Require(position.StepInEpoch >= 0 && position.StepInEpoch <= position.Step, "step_in_epoch", position.StepInEpoch);
        Require(position.Seconds is >= 0 and < MaxSeconds, "seconds", position.Seconds);
        Require(position.EpochSeconds is >= 0 and < MaxSeconds, "epoch_seconds", position.EpochSeconds);
        Require(position.EpochRows >= 0, "epoch_rows", position.EpochRows);
        Require(position.LogBytes is >= 0 and < MaxLogBytes, "log_bytes", position.LogBytes);
        Require(position.BestLoss is null || double.IsFinite(position.BestLoss.Value), "best_loss", position.BestLoss);
        Require(position.BestEpoch >= 0 && position.BestEpoch <= position.Epoch, "best_epoch", position.BestEpoch);
        Require(state.Random.NextStep == position.Step, "random.next_step", state.Random.NextStep);
        foreach (var (name, sum) in position.EpochSums)
            Require(double.IsFinite(sum), $"epoch_sums.{name}", sum);

        void Require(bool holds, string key, object? value)
        {
            if (!holds)
                throw new LatentException(FormattableString.Invariant($"{path} is damaged: its {key} is {value}, where no run can stand."));
        }
    }

    // After a loss of power a file may have lost its end, or have zeros in its place.
    private void RefuseTorn(TrainingPosition position, string path)
    {
        if (position is { Epoch: 0, LogBytes: 0 })
            return;
        var log = Path.Combine(_folder, BundleFile.NameOf(BundleRole.Log));
        var bytes = File.Exists(log) ? File.ReadAllBytes(log) : [];
        if (bytes.Length < position.LogBytes)
            throw new LatentException($"{log} has {bytes.Length} bytes, but {path} counts {position.LogBytes}: its end is lost.");
        var lines = Encoding.UTF8.GetString(bytes.AsSpan(0, (int)position.LogBytes)).Split('\n');
        var whole =
            lines.Length == position.Epoch + 1
            && lines[^1].Length == 0
            && lines[..^1].Index().All(line => IsEpoch(line.Item, line.Index + 1));
        if (!whole)
        {
            throw new LatentException(
                $"{log} is damaged: its first {position.LogBytes} bytes are not the {position.Epoch} epochs that {path} counts."
            );
        }
    }

    private static bool IsEpoch(string line, int number)
    {
        try
        {
            return JsonSerializer.Deserialize<JsonElement>(line).ValueKind == JsonValueKind.Object
                && EpochRecord.Parse(line).Epoch == number;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    // Newest first.
    private List<long> Numbers() =>
        [
            .. Directory
                .EnumerateFiles(_folder, Prefix + "*.json")
                .Select(path =>
                    long.TryParse(
                        Path.GetFileNameWithoutExtension(path)[Prefix.Length..],
                        NumberStyles.None,
                        CultureInfo.InvariantCulture,
                        out var number
                    )
                        ? number
                        : -1
                )
                .Where(number => number >= 0)
                .OrderDescending(),
        ];

    private string PathOf(long number, string extension) =>
        Path.Combine(_folder, FormattableString.Invariant($"{Prefix}{number:D6}.{extension}"));
}
