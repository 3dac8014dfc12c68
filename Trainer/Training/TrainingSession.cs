using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Contracts.Layers;
using Latent.Contracts.Recipes;
using Latent.Models;
using Latent.Models.Objectives;
using Latent.Trainer.Checkpoints;
using Latent.Trainer.Data;
using Latent.Trainer.Mpi;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Latent.Trainer.Training;

/// <summary>
/// Holds what training changes: the model, its optimizer, the best weights so far and the position. All of it goes into checkpoints.
/// </summary>
internal sealed class TrainingSession : IDisposable
{
    private const string ModelPrefix = "model.";
    private const string BestPrefix = "best.";
    private readonly (string name, Parameter parameter)[] _parameters;
    private readonly OptimizerHelper _optimizer;
    private SharedStep? _shared;
    private Dictionary<string, SafeTensor>? _best;

    public TrainingSession(Recipe recipe, DataSet train, Device device, Ranks? ranks = null)
    {
        Recipe = recipe;
        Device = device;
        MemoryNeed.RefuseTraining(recipe, train.Input, train.Count);
        manual_seed(recipe.Training.Seed);
        var scaling = Scaling.For(recipe.Data.Scaling, train.Values, train.Features);
        using var mean = TrainingMean(recipe, train, scaling);
        Model = Autoencoder.Create(recipe, train.Input, scaling, mean);
        Model.to(device);
        Objective = Objective.Create(recipe);
        _parameters = [.. Model.named_parameters()];
        _optimizer = OptimizerMoments.Create(recipe.Optimizer, _parameters);
        Ranks = ranks ?? Ranks.Single;
    }

    public Recipe Recipe { get; }

    public Device Device { get; }

    public Autoencoder Model { get; }

    public Objective Objective { get; }

    /// <summary>Gets the processes that train this model together.</summary>
    public Ranks Ranks { get; }

    /// <summary>Gets what the processes exchange in each step; null for a single one.</summary>
    public StepExchange? Exchange { get; private set; }

    /// <summary>Gets the bundle whose weights training started from; null if the weights were drawn.</summary>
    public InitialWeights? StartedFrom { get; private set; }

    /// <summary>Gets whether layers draw random numbers by themselves, from torch's global generator.</summary>
    public bool HasRandomLayers =>
        LayerDefinition.Flatten(Recipe.Encoder.Concat(Recipe.Decoder)).Any(layer => LayerDefinition.Of(layer.Type).IsRandom);

    /// <summary>Trains together with the other processes from now on; all of them have the same state, and call this.</summary>
    public void Join()
    {
        Parameter[] parameters = [.. _parameters.Select(p => p.parameter)];
        _shared = SharedStep.TryCreate(Ranks, parameters, Recipe.Optimizer, _optimizer);
        Exchange = new StepExchange(Ranks, Model, parameters, _shared?.Gradients);
    }

    /// <summary>Makes one step on a minibatch; the losses live in the caller's dispose scope.</summary>
    /// <param name="input">What is encoded; of several processes, each gives its slice.</param>
    /// <param name="target">What is to be reconstructed.</param>
    /// <param name="beta">Weight of the KL term.</param>
    /// <param name="generator">Source of samples of z.</param>
    /// <param name="share">The part of the minibatch that the rows are.</param>
    /// <returns>The losses of the whole minibatch.</returns>
    public Losses Step(Tensor input, Tensor target, double beta, Generator generator, double share = 1)
    {
        _optimizer.zero_grad();
        var losses = Objective.Compute(Model, input, target, beta, generator);
        if (Exchange is null)
        {
            losses.Total.backward();
        }
        else
        {
            (losses.Total * share).backward();
            losses = Exchange.Sum(losses, share);
        }

        if (Recipe.Optimizer.ClipNorm is { } most)
        {
            foreach (var member in Model.Members)
                nn.utils.clip_grad_norm_(member.parameters(), most);
        }

        if (_shared is null)
            _optimizer.step();
        else
            _shared.Step();
        return losses;
    }

    public void SetLearningRate(double rate)
    {
        foreach (var group in _optimizer.ParamGroups)
            group.LearningRate = rate;
    }

    /// <summary>Keeps the weights as the best so far.</summary>
    public void KeepAsBest() => _best = Weights();

    /// <summary>Restores the best weights, if there are any.</summary>
    public void RestoreBest()
    {
        if (_best is not null)
            Load(Model.state_dict(), _best, "", "the best weights");
    }

    /// <summary>Takes over the weights of a bundle.</summary>
    /// <exception cref="LatentException">The folder is not a complete bundle, or is of another model.</exception>
    public void StartFrom(string folder)
    {
        var bundle = BundleFolder.Open(folder);
        LoadWeights(bundle);
        var sha256 = bundle.Manifest.Files.First(file => file.Role == BundleRole.Checkpoint).Sha256;
        StartedFrom = new InitialWeights(bundle.Manifest.Name, (int)bundle.Manifest.Metrics.GetValueOrDefault("epochs"), sha256);
    }

    /// <summary>Takes over the weights of a bundle's checkpoint, and returns them.</summary>
    /// <exception cref="LatentException">The weights are of another model, or can't be read.</exception>
    public IReadOnlyDictionary<string, SafeTensor> LoadWeights(BundleFolder bundle)
    {
        var checkpoint = bundle.PathOf(BundleRole.Checkpoint);
        var weights = SafeTensorsFile.Parse(bundle.Read(BundleRole.Checkpoint), checkpoint);
        Load(Model.state_dict(), weights, "", checkpoint);
        return weights;
    }

    /// <summary>Gets the model's weights, buffers and scaling by their names in its state_dict.</summary>
    public Dictionary<string, SafeTensor> Weights() => Model.state_dict().ToDictionary(t => t.Key, t => t.Value.ToSafeTensor());

    /// <summary>Tells whether every weight is finite.</summary>
    public bool IsFinite()
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        return _parameters.All(p => float.IsFinite(p.parameter.sum().item<float>()));
    }

    /// <summary>Gets all tensors of a checkpoint.</summary>
    public Dictionary<string, SafeTensor> ToTensors()
    {
        using var scope = NewDisposeScope();
        _shared?.WriteSteps();
        var tensors = Weights().ToDictionary(t => ModelPrefix + t.Key, t => t.Value);
        foreach (var (name, moment) in OptimizerMoments.Read(_optimizer, _parameters))
            tensors[name] = moment.ToSafeTensor();
        foreach (var (name, tensor) in _best ?? [])
            tensors[BestPrefix + name] = tensor;
        return tensors;
    }

    /// <summary>Restores the result of <see cref="ToTensors"/>.</summary>
    /// <param name="tensors">The tensors.</param>
    /// <param name="startedFrom">The bundle whose weights the checkpoint's training started from, or null.</param>
    /// <param name="source">Name of the checkpoint in messages.</param>
    /// <exception cref="LatentException">The tensors are of another model.</exception>
    public void FromTensors(IReadOnlyDictionary<string, SafeTensor> tensors, InitialWeights? startedFrom, string source)
    {
        StartedFrom = startedFrom;
        using var scope = NewDisposeScope();
        Load(Model.state_dict(), tensors, ModelPrefix, source);
        try
        {
            OptimizerMoments.Write(
                _optimizer,
                _parameters,
                tensors
                    .Where(t => t.Key.StartsWith("optimizer.", StringComparison.Ordinal))
                    .ToDictionary(t => t.Key, t => t.Value.ToTensor())
            );
        }
        catch (KeyNotFoundException e)
        {
            throw new LatentException(
                $"{source} lacks what {RecipeNames.Of(Recipe.Optimizer.Kind)} remembers; it belongs to another optimizer.",
                e
            );
        }

        var best = tensors
            .Where(t => t.Key.StartsWith(BestPrefix, StringComparison.Ordinal))
            .ToDictionary(t => t.Key[BestPrefix.Length..], t => t.Value);
        _best = best.Count == 0 ? null : best;
    }

    public void Dispose()
    {
        Exchange?.Dispose();
        _shared?.Dispose();
        _optimizer.Dispose();
        Model.Dispose();
    }

    private static void Load(
        Dictionary<string, Tensor> model,
        IReadOnlyDictionary<string, SafeTensor> tensors,
        string prefix,
        string source
    )
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (name, tensor) in model)
        {
            if (!tensors.TryGetValue(prefix + name, out var saved) || !saved.Shape.SequenceEqual(tensor.shape))
            {
                throw new LatentException(
                    $"{source} has no tensor {name} of shape [{string.Join(", ", tensor.shape)}]; it belongs to another model."
                );
            }

            tensor.copy_(saved.ToTensor());
        }
    }

    private static Tensor? TrainingMean(Recipe recipe, DataSet train, Scaling scaling)
    {
        if (!recipe.Initialization.OutputBiasFromMean)
            return null;
        var sums = new double[train.Features];
        for (var i = 0; i < train.Values.Length; i++)
        {
            var feature = i % train.Features;
            var at = scaling.Offset.Length == 1 ? 0 : feature;
            var scaled = (train.Values[i] - scaling.Offset[at]) * scaling.Factor[at];
            sums[feature] += recipe.Data.Binarization == BinarizationKind.Static ? (scaled >= 0.5f ? 1 : 0) : scaled;
        }

        return tensor([.. sums.Select(sum => (float)(sum / train.Count))]);
    }
}
