using System.Globalization;
using Latent.Contracts.Recipes;
using Latent.Models;
using Latent.Models.Distributions;
using Latent.Models.Priors;
using Latent.Trainer.Data;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Latent.Trainer.Training;

/// <summary>
/// Fits a recipe's sampler to the codes of the training rows, drawn anew in each epoch, while encoder and decoder stay as they are: by
/// maximum likelihood, with Adam and a learning rate that falls along a cosine; a Gaussian has the mean and the covariance of the codes.
/// </summary>
internal sealed class SamplerFit : IDisposable
{
    private const int BatchSize = 256;
    private const int MinSteps = 100;
    private const int Patience = 5;
    private const double LearningRate = 2e-3;
    private const double ClipNorm = 10;
    private readonly TrainingSession _session;
    private readonly Minibatches _rows;
    private readonly Minibatches? _validation;
    private readonly EpochSteps _steps;
    private readonly SliceGenerator _generator;
    private readonly Action<string> _say;

    private SamplerFit(TrainingSession session, DataSplits data, Action<string> say)
    {
        (_session, _say) = (session, say);
        _rows = new Minibatches(data.Train, session.Model, session.Device, session.Recipe.Data.Mirror);
        _validation = data.Validation is { } validation ? new Minibatches(validation, session.Model, session.Device) : null;
        _steps = new EpochSteps(session.Recipe.Training with { BatchSize = BatchSize, MinStepsPerEpoch = MinSteps }, _rows.Count);
        _generator = new SliceGenerator(session.Device);
    }

    private Autoencoder Model => _session.Model;

    private SamplerRecipe Recipe => _session.Recipe.Sampler!;

    /// <summary>Adds the sampler to the session's model, and fits it.</summary>
    /// <param name="session">The trained session.</param>
    /// <param name="data">The rows.</param>
    /// <param name="say">Is told how it goes, in lines.</param>
    /// <param name="stop">Cancels the fit.</param>
    /// <returns>
    /// Metrics: the mean of -ln p(z) of codes under the sampler and under the prior, in nats per row, of validation rows if there are any.
    /// </returns>
    /// <exception cref="OperationCanceledException">The fit was cancelled.</exception>
    public static IReadOnlyDictionary<string, double> Run(
        TrainingSession session,
        DataSplits data,
        Action<string> say,
        CancellationToken stop
    )
    {
        session.Model.eval();
        manual_seed(session.Recipe.Training.Seed);
        session.Model.AddSampler();
        session.Model.to(session.Device);
        using var fit = new SamplerFit(session, data, say);
        return fit.Run(stop);
    }

    public void Dispose()
    {
        _rows.Dispose();
        _validation?.Dispose();
        _generator.Dispose();
    }

    private Dictionary<string, double> Run(CancellationToken stop)
    {
        Start();
        if (Recipe.Kind != SamplerKind.Gaussian)
            Learn(stop);
        Dictionary<string, double> metrics = new() { ["sampler.nll"] = Mean(model => model.Sampler(), stop) };
        if (Model.IsVariational)
            metrics["sampler.prior_nll"] = Mean(model => model.Prior(), stop);
        return metrics;
    }

    // Mixtures begin at the codes and rows of the data; the codes of a Gaussian are all that it needs.
    private void Start()
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var order = _steps.Order(0);
        switch (Model.SamplerModule)
        {
            case GaussianSampler gaussian:
                var codes = Enumerable.Range(0, _steps.Count).SelectMany(step => Floats(Codes(order, step, Seeds(0, step).NextSeed())));
                gaussian.Fit([.. codes]);
                break;
            case MixturePrior mixture:
                var some = order.Take(Math.Max(2048, 4 * (int)mixture.Components)).ToArray();
                mixture.Start(Model.Encode(Take(some, Seeds(0, 0).NextSeed()).Input).Sample(_generator));
                break;
            case VampPrior vamp:
                var chosen = Enumerable.Range(0, (int)vamp.Count).Select(i => order[i % order.Length]).ToArray();
                vamp.Start(Take(chosen, Seeds(0, 0).NextSeed()).Target);
                break;
            default:
                break;
        }
    }

    private void Learn(CancellationToken stop)
    {
        var module = Model.SamplerModule!;
        Parameter[] parameters = [.. module.parameters()];
        using var optimizer = optim.Adam(parameters, LearningRate);
        var (best, bestLoss, bestEpoch) = (new Dictionary<string, Tensor>(), double.PositiveInfinity, 0);
        for (var epoch = 0; epoch < Recipe.Epochs; epoch++)
        {
            foreach (var group in optimizer.ParamGroups)
                group.LearningRate = LearningRate * 0.5 * (1 + Math.Cos(Math.PI * epoch / Recipe.Epochs));
            var loss = Epoch(epoch, parameters, optimizer, stop);
            if (_validation is not null)
                loss = Mean(model => model.Sampler(), stop);
            if (!double.IsFinite(loss))
                throw new DivergenceException($"The sampler's loss became NaN or infinite in epoch {epoch + 1}");
            if (loss < bestLoss)
            {
                (bestLoss, bestEpoch) = (loss, epoch);
                Keep(module, best);
            }

            var text = string.Create(
                CultureInfo.InvariantCulture,
                $"sampler {epoch + 1}/{Recipe.Epochs}  -ln p(z) {loss:0.000} nats per row"
            );
            _say(text);
            if (_validation is not null && epoch - bestEpoch >= Patience)
                break;
        }

        using var _ = no_grad();
        foreach (var (name, tensor) in module.state_dict())
        {
            tensor.copy_(best[name]);
            best[name].Dispose();
        }
    }

    private double Epoch(int epoch, Parameter[] parameters, OptimizerHelper optimizer, CancellationToken stop)
    {
        var (order, sum) = (_steps.Order(epoch), 0.0);
        for (var step = 0; step < _steps.Count; step++)
        {
            stop.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var seeds = Seeds(epoch, step);
            var codes = Codes(order, step, seeds.NextSeed());
            // The second stage draws from the global generator, and must not draw what the codes were made of.
            manual_seed(seeds.NextSeed());
            optimizer.zero_grad();
            var loss = -Model.Sampler().LogProb(codes).mean();
            loss.backward();
            nn.utils.clip_grad_norm_(parameters, ClipNorm);
            optimizer.step();
            sum += loss.item<float>() * codes.shape[0];
        }

        return sum / _rows.Count;
    }

    private double Mean(Func<Autoencoder, ISampler> of, CancellationToken stop)
    {
        using var _ = no_grad();
        var rows = _validation ?? _rows;
        var sum = 0.0;
        for (var (first, batch) = (0, 0); first < rows.Count; first += BatchSize, batch++)
        {
            stop.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var seeds = new SeededRandom(_session.Recipe.Training.Seed, SeededRandom.Purpose.Evaluation, batch);
            Generator generator = Seeded(seeds.NextSeed());
            var (input, _) = rows.Take(first, Math.Min(BatchSize, rows.Count - first), generator);
            var codes = Model.Encode(input).Sample(_generator);
            manual_seed(seeds.NextSeed());
            sum -= of(Model).LogProb(codes).sum().item<float>();
        }

        return sum / rows.Count;
    }

    private Tensor Codes(long[] order, int step, long seed)
    {
        using var _ = no_grad();
        var (first, count) = _steps.Rows(step);
        return Model.Encode(Take(order[first..(first + count)], seed).Input).Sample(_generator);
    }

    private (Tensor Input, Tensor Target) Take(long[] indices, long seed)
    {
        using var rows = tensor(indices, device: _session.Device);
        return _rows.Take(rows, indices.Length, Seeded(seed));
    }

    private SeededRandom Seeds(int epoch, int step) =>
        new(_session.Recipe.Training.Seed, SeededRandom.Purpose.Sampler, ((long)epoch * _steps.Count) + step);

    private SliceGenerator Seeded(long seed)
    {
        _generator.manual_seed(seed);
        return _generator;
    }

    private static void Keep(nn.Module module, Dictionary<string, Tensor> best)
    {
        using var _ = no_grad();
        foreach (var (name, tensor) in module.state_dict())
        {
            if (best.TryGetValue(name, out var before))
                before.Dispose();
            best[name] = tensor.clone().DetachFromDisposeScope();
        }
    }

    private static float[] Floats(Tensor codes) => codes.cpu().contiguous().data<float>().ToArray();
}
