using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Latent.Contracts;
using Latent.Models;
using Latent.Models.Objectives;
using Latent.Trainer.Mpi;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Latent.Trainer.Training;

/// <summary>
/// Sums over the processes, once a step, what each has of its slice of the minibatch: the gradients (unless the processes share memory for
/// them), the running statistics of batch normalization, the losses, and whether to stop. All of it goes in one flat buffer.
/// </summary>
internal sealed class StepExchange : IDisposable
{
    private readonly Ranks _ranks;
    private readonly Parameter[] _parameters;
    private readonly Tensor[] _statistics;
    private readonly bool _areShared;
    private readonly int _values;
    private IReadOnlyList<Tensor> _gradientPlaces;
    private Tensor? _flat;
    private Tensor[] _statisticsPlaces = [];

    /// <summary>Nothing is exchanged yet.</summary>
    /// <param name="ranks">The processes.</param>
    /// <param name="model">The model.</param>
    /// <param name="parameters">Its weights.</param>
    /// <param name="shared">Where to put the gradients instead of summing them; null to sum them.</param>
    public StepExchange(Ranks ranks, Autoencoder model, Parameter[] parameters, IReadOnlyList<Tensor>? shared)
    {
        _ranks = ranks;
        _parameters = parameters;
        _areShared = shared is not null;
        _gradientPlaces = shared ?? [];
        _statistics =
        [
            .. model
                .state_dict()
                .Where(t =>
                    t.Key.EndsWith(".running_mean", StringComparison.Ordinal) || t.Key.EndsWith(".running_var", StringComparison.Ordinal)
                )
                .Select(t => t.Value),
        ];
        _values = checked((int)(_areShared ? _statistics : _parameters.Concat(_statistics)).Sum(tensor => tensor.numel()));
    }

    /// <summary>Gets or sets whether to stop: before a step this process's wish, after it the same for all.</summary>
    public bool Stop { get; set; }

    /// <summary>Sums over the processes.</summary>
    /// <param name="losses">The losses of this process's slice.</param>
    /// <param name="share">The part of the minibatch that the slice is; the gradients already have this factor.</param>
    /// <returns>The losses of the whole minibatch.</returns>
    public Losses Sum(Losses losses, double share)
    {
        using var _ = no_grad();
        var names = losses.Terms.Keys.ToArray();
        var flat = _flat ??= MakePlaces(names.Length);
        // A gradient lies in its place once it was given it, and the backward pass adds to it there.
        foreach (var (parameter, place) in _parameters.Zip(_gradientPlaces))
        {
            if (parameter.grad is not { } gradient)
                place.zero_();
            else if (gradient.device.type != DeviceType.CPU || !Same(gradient, place))
                place.copy_(gradient);
        }

        foreach (var (statistic, place) in _statistics.Zip(_statisticsPlaces))
            place.copy_(statistic).mul_((float)share);
        var values = MemoryMarshal.Cast<byte, float>(flat.bytes);
        var rest = values[_values..];
        if (rest.Length != names.Length + 1)
            throw new LatentException("A slice of one row has not all terms of the loss; make training.batchSize larger.");
        rest[0] = Stop ? 1 : 0;
        foreach (var (i, name) in names.Index())
            rest[i + 1] = (float)(losses.Terms[name].item<float>() * share);

        _ranks.Sum(values);

        Stop = rest[0] > 0;
        var terms = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var (i, name) in names.Index())
            terms[name] = tensor(rest[i + 1]);
        foreach (var (parameter, place) in _parameters.Zip(_gradientPlaces))
        {
            if (parameter.grad is not { } gradient)
                continue;
            if (gradient.device.type != DeviceType.CPU)
                gradient.copy_(place);
            else if (!Same(gradient, place))
                parameter.grad = place;
        }

        foreach (var (statistic, place) in _statistics.Zip(_statisticsPlaces))
            statistic.copy_(place);
        return losses with { Terms = terms };
    }

    public void Dispose()
    {
        foreach (var tensor in _statisticsPlaces.Concat(_areShared ? [] : _gradientPlaces))
            tensor.Dispose();
        _flat?.Dispose();
    }

    private static bool Same(Tensor one, Tensor other) =>
        Unsafe.AreSame(ref MemoryMarshal.GetReference(one.bytes), ref MemoryMarshal.GetReference(other.bytes));

    private Tensor MakePlaces(int terms)
    {
        var flat = zeros(_values + 1 + terms).DetachFromDisposeScope();
        var at = 0L;
        if (!_areShared)
            _gradientPlaces = [.. _parameters.Select(Place)];
        _statisticsPlaces = [.. _statistics.Select(Place)];
        return flat;

        Tensor Place(Tensor like)
        {
            var place = flat.narrow(0, at, like.numel()).reshape(like.shape).DetachFromDisposeScope();
            at += like.numel();
            return place;
        }
    }
}
