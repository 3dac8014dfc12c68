using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Contracts.Recipes;
using Latent.Models.Objectives;
using Latent.Trainer.Data;
using Latent.Trainer.Training;
using static TorchSharp.torch;

namespace Latent.Trainer.Evaluation;

/// <summary>Estimates the likelihood of held-out rows by importance sampling, from the torch modules or from the exported graphs.</summary>
internal static class TestLikelihood
{
    private const int RowsAtOnce = 4000;

    /// <summary>
    /// Estimates with <see cref="LikelihoodEstimate"/>. Rows are binarized once, from the recipe's seed, as they are when a run ends.
    /// </summary>
    /// <param name="session">The model, in eval mode.</param>
    /// <param name="heldOut">Rows in the data's units.</param>
    /// <param name="samples">Number of importance samples per row.</param>
    /// <param name="count">Number of rows, from the first one on; null for all.</param>
    /// <param name="progress">Receives the number of rows done and the total number of rows.</param>
    public static LikelihoodMetrics Of(TrainingSession session, DataSet heldOut, int samples, int? count, Action<int, int> progress)
    {
        var (model, recipe) = (session.Model, session.Recipe);
        // A likelihood is of a whole row, whatever the training divided its loss by.
        var objective = Objective.Create(recipe with { Objective = recipe.Objective with { Reduction = ReductionKind.Sum } });
        return Collect(
            session,
            heldOut,
            count,
            progress,
            (input, target, generator) =>
            {
                var chunk = Math.Clamp(RowsAtOnce / (int)input.shape[0], 1, samples);
                var estimate = LikelihoodEstimate.Of(model, objective, input, target, samples, chunk, generator);
                return (
                    Doubles(estimate.LogLikelihood),
                    Doubles(estimate.Reconstruction),
                    Doubles(estimate.Kl),
                    model.Encode(input).Code.cpu().contiguous().data<float>().ToArray()
                );
            }
        );
    }

    /// <summary>Estimates the same through encoder.onnx and decoder.onnx in ONNX Runtime.</summary>
    public static LikelihoodMetrics OfGraphs(
        TrainingSession session,
        BundleFolder bundle,
        DataSet heldOut,
        int samples,
        int? count,
        Action<int, int> progress
    )
    {
        if (bundle.Manifest.Recipe.Objective.Reconstruction != ReconstructionKind.Bernoulli)
        {
            throw new LatentException(
                $"{bundle.Folder} has a {RecipeNames.Of(bundle.Manifest.Recipe.Objective.Reconstruction)} decoder; the likelihood of graphs is estimated for bernoulli ones."
            );
        }

        if (bundle.Manifest.Recipe.Ensemble > 1)
        {
            throw new LatentException(
                $"{bundle.Folder} is an ensemble, whose decoder.onnx gives the mean of its members; its likelihood is estimated without --graphs."
            );
        }

        if (bundle.Manifest.Recipe.Data.Scaling != ScalingKind.Unit)
        {
            throw new LatentException(
                $"{bundle.Folder} has data.scaling {RecipeNames.Of(bundle.Manifest.Recipe.Data.Scaling)}; the likelihood of graphs is estimated where it is unit."
            );
        }

        if (bundle.Manifest.PriorNoise is not null || !bundle.Manifest.Recipe.Latent.HasNormalPosterior())
        {
            throw new LatentException(
                $"{bundle.Folder} has a prior or posterior other than the normal one; the likelihood of graphs is estimated for those, and that of the model for all."
            );
        }

        if (bundle.Manifest.Recipe.Condition is not null)
        {
            throw new LatentException($"{bundle.Folder} is conditioned on labels; its likelihood is estimated without --graphs.");
        }

        using var graphs = new BundleGraphs(bundle);
        var latent = bundle.Manifest.LatentDimension;
        return Collect(
            session,
            heldOut,
            count,
            progress,
            (input, target, generator) =>
            {
                var rows = (int)input.shape[0];
                var data = session.Model.ToDataUnits(input).contiguous().data<float>().ToArray();
                var pixels = target.contiguous().data<float>().ToArray();
                var (mean, logVariance) = graphs.Encode(data);
                var chunk = Math.Clamp(RowsAtOnce / rows, 1, samples);
                var logWeights = Enumerable.Range(0, rows).Select(_ => new List<double>(samples)).ToList();
                var errors = new double[rows];
                for (var done = 0; done < samples; done += chunk)
                {
                    var draws = Math.Min(chunk, samples - done);
                    using var scope = NewDisposeScope();
                    var noise = randn([draws, rows, latent], generator: generator).data<float>().ToArray();
                    var codes = new float[noise.Length];
                    for (var i = 0; i < codes.Length; i++)
                        codes[i] = mean[i % mean.Length] + (MathF.Exp(logVariance[i % mean.Length] / 2) * noise[i]);
                    var output = graphs.Decode(codes);
                    for (var i = 0; i < draws * rows; i++)
                    {
                        var row = i % rows;
                        var error = CrossEntropy(
                            output.AsSpan(i * graphs.Features, graphs.Features),
                            pixels.AsSpan(row * graphs.Features, graphs.Features)
                        );
                        var ratio = 0.0;
                        for (var d = 0; d < latent; d++)
                        {
                            var (z, e) = (codes[(i * latent) + d], noise[(i * latent) + d]);
                            ratio += (0.5 * ((e * e) - ((double)z * z))) + (0.5 * logVariance[(row * latent) + d]);
                        }

                        logWeights[row].Add(ratio - error);
                        errors[row] += error / samples;
                    }
                }

                var kl = Enumerable
                    .Range(0, rows)
                    .Select(r => Enumerable.Range(r * latent, latent).Sum(i => NormalKl.Of(mean[i], logVariance[i])))
                    .ToArray();
                return ([.. logWeights.Select(LogMeanExp)], errors, kl, mean);
            }
        );
    }

    private static LikelihoodMetrics Collect(
        TrainingSession session,
        DataSet heldOut,
        int? count,
        Action<int, int> progress,
        Func<Tensor, Tensor, Generator, (double[] LogLikelihood, double[] Reconstruction, double[] Kl, float[] Means)> estimate
    )
    {
        if (!session.Model.IsVariational)
        {
            throw new LatentException(
                $"{session.Recipe.Name} is a plain autoencoder, which has no likelihood; evaluate takes variational bundles."
            );
        }

        var recipe = session.Recipe;
        using var _ = no_grad();
        using var generator = new Generator(0, session.Device);
        using var batches = new Minibatches(heldOut, session.Model, session.Device);
        var rows = Math.Min(count ?? batches.Count, batches.Count);
        var (likelihood, reconstruction, kl, means) = (new List<double>(), new List<double>(), new List<double>(), new List<float>());
        for (var (first, batch) = (0, 0); first < rows; first += recipe.Training.BatchSize, batch++)
        {
            using var scope = NewDisposeScope();
            var seeds = new SeededRandom(recipe.Training.Seed, SeededRandom.Purpose.Evaluation, batch);
            generator.manual_seed(seeds.NextSeed());
            manual_seed(seeds.NextSeed());
            var (input, target) = batches.Take(first, Math.Min(recipe.Training.BatchSize, rows - first), generator);
            var part = estimate(input, target, generator);
            likelihood.AddRange(part.LogLikelihood);
            reconstruction.AddRange(part.Reconstruction);
            kl.AddRange(part.Kl);
            means.AddRange(part.Means);
            progress(likelihood.Count, rows);
        }

        return LikelihoodMetrics.Of(likelihood, reconstruction, kl, means, recipe.CodeLength());
    }

    // The graph gives probabilities as pixels 0 to 255; a float has no logit beyond these.
    private static double CrossEntropy(ReadOnlySpan<float> output, ReadOnlySpan<float> pixels)
    {
        var sum = 0.0;
        for (var i = 0; i < pixels.Length; i++)
        {
            var p = Math.Clamp(output[i] / 255.0, 1e-7, 1 - 1e-7);
            sum -=
                pixels[i] == 0 ? Math.Log(1 - p)
                : pixels[i] == 1 ? Math.Log(p)
                : (pixels[i] * Math.Log(p)) + ((1 - pixels[i]) * Math.Log(1 - p));
        }

        return sum;
    }

    private static double LogMeanExp(List<double> values)
    {
        var most = values.Max();
        return most + Math.Log(values.Average(v => Math.Exp(v - most)));
    }

    private static double[] Doubles(Tensor tensor) => Array.ConvertAll(tensor.cpu().contiguous().data<float>().ToArray(), v => (double)v);
}
