using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Contracts.Recipes;
using Latent.Trainer.Checkpoints;
using Latent.Trainer.Data;
using Latent.Trainer.Training;
using TorchSharp;

namespace Latent.Trainer.Runs;

/// <summary>Represents a bundle's model loaded into torch, with the rows it was trained on and those held out.</summary>
internal sealed class TrainedBundle : IDisposable
{
    private TrainedBundle(BundleFolder folder, DataSplits data, TrainingSession session, IReadOnlyDictionary<string, SafeTensor> weights)
    {
        Folder = folder;
        Data = data;
        Session = session;
        Weights = weights;
    }

    public BundleFolder Folder { get; }

    public BundleManifest Manifest => Folder.Manifest;

    public DataSplits Data { get; }

    /// <summary>Gets whether the data are those that the bundle was trained on.</summary>
    public bool HasItsData => Data.Fingerprint == Manifest.DataFingerprint;

    public TrainingSession Session { get; }

    public IReadOnlyDictionary<string, SafeTensor> Weights { get; }

    /// <summary>Opens a bundle and its data.</summary>
    /// <param name="bundle">Folder of the bundle.</param>
    /// <param name="dataPath">Path of the data; null for the path in the recipe.</param>
    /// <param name="say">Receives messages for people.</param>
    /// <param name="sampler">
    /// A sampler to fit to the model instead of the one that it has; it is not added yet. Null for the model's.
    /// </param>
    public static TrainedBundle Open(string bundle, string? dataPath, Action<string> say, SamplerRecipe? sampler = null)
    {
        var opened = BundleFolder.Open(bundle);
        var manifest = opened.Manifest;
        var recipe = manifest.Recipe with { Data = manifest.Recipe.Data with { Path = dataPath ?? manifest.Recipe.Data.Path } };
        recipe = recipe with { Sampler = sampler ?? recipe.Sampler };
        var data = DataLoader.Load(recipe, manifest.Input.Table, [], default);
        if (manifest.Input.Classes is { } classes && !classes.SequenceEqual(data.Train.Input.Classes!, StringComparer.Ordinal))
        {
            throw new LatentException(
                $"The rows have the labels {Printable.Of(string.Join(", ", data.Train.Input.Classes!))}; {manifest.Name} is conditioned on {string.Join(", ", classes)}."
            );
        }

        var session = new TrainingSession(recipe, data.Train, torch.CPU);
        if (sampler is null && recipe.Sampler is not null)
            session.Model.AddSampler();
        var weights = session.LoadWeights(opened);
        session.Model.eval();
        var trained = new TrainedBundle(opened, data, session, weights);
        if (!trained.HasItsData)
        {
            say(
                "The data are not those that the bundle was trained on: rows called held out may have been learned from, and the manifest keeps the figures it has."
            );
        }

        return trained;
    }

    public void Dispose() => Session.Dispose();
}
