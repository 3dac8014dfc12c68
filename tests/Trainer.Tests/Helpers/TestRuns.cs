using Latent.Contracts.Recipes;
using Latent.Contracts.Training;
using Latent.Trainer.Data;
using Latent.Trainer.Runs;

namespace Latent.Trainer.Tests.Helpers;

/// <summary>Trains recipes into a temporary folder, and reads what the runs wrote.</summary>
internal static class TestRuns
{
    /// <summary>Trains a recipe on one thread; a bundle of that name is replaced.</summary>
    public static RunResult Train(this TemporaryFolder folder, Recipe recipe, string name, ITrainingDisplay? display = null) =>
        TrainingRun.Execute(
            recipe,
            DataLoader.Load(recipe),
            new RunOptions
            {
                Output = folder.File(name),
                Force = true,
                Threads = 1,
                Display = display ?? new RecordingDisplay(),
            },
            TestContext.Current.CancellationToken
        );

    /// <summary>Reads the weights of a bundle.</summary>
    public static byte[] Weights(this TemporaryFolder folder, string name) =>
        File.ReadAllBytes(folder.File($"{name}/checkpoint.safetensors"));

    /// <summary>Reads all files of a folder.</summary>
    public static (string File, string Bytes)[] Contents(string folder) =>
        [.. Directory.GetFiles(folder).Order().Select(file => (file, Convert.ToHexString(File.ReadAllBytes(file))))];
}
