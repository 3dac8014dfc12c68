using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Inference.Scoring;
using Latent.Models;
using Latent.Models.Objectives;
using Latent.Models.Tables;
using Latent.Trainer.Data;
using Microsoft.ML.OnnxRuntime;
using static TorchSharp.torch;

namespace Latent.Trainer.Export;

/// <summary>Compares the outputs of exported graphs in ONNX Runtime with those of the torch modules for the same rows.</summary>
internal static class GraphCheck
{
    /// <summary>The largest allowed difference, relative to an output's range.</summary>
    public const double Tolerance = 1e-4;

    private const int Rows = 256;
    private static readonly int[] s_batchSizes = [1, 7, 256];

    /// <summary>Scores 256 rows with every graph at batch 1, 7 and 256.</summary>
    /// <param name="model">The model, in eval mode.</param>
    /// <param name="objective">The model's objective.</param>
    /// <param name="rows">Rows in the data's units; repeated if there are fewer than 256.</param>
    /// <param name="folder">The folder of the three graphs.</param>
    /// <param name="score">The anomaly score of a table's rows; null for other models.</param>
    /// <param name="stop">Cancels the run of a graph.</param>
    /// <returns>The largest difference, relative to the range of its output.</returns>
    /// <exception cref="OperationCanceledException">The check was cancelled.</exception>
    /// <exception cref="LatentException">A graph can't be run, or differs by more than <see cref="Tolerance"/>.</exception>
    public static double Run(
        Autoencoder model,
        Objective objective,
        DataSet rows,
        string folder,
        AnomalyScore? score = null,
        CancellationToken stop = default
    )
    {
        var set = Certain(model, rows);
        set = set.Select([.. Enumerable.Range(0, Rows).Select(i => i % set.Count)]);
        var tensors = new RowTensors(set.Input);
        var input = new GraphInput(tensors.Names, set.Cells(), tensors.Create);
        if (model.IsDenoiser)
            return Compare(folder, BundleFile.NameOf(BundleRole.Autoencoder), set.Input, input, Denoised(model, objective, set), stop);
        var expected = Expected(model, objective, set, score);
        var dimension = model.Recipe.CodeLength();
        var latent = set.Input.Classes is { } classes
            ? Labelled(expected[TensorNames.LatentMean], model, set.Labels, classes)
            : new GraphInput(
                [TensorNames.Latent],
                expected[TensorNames.LatentMean],
                codes => [OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, codes, [codes.Length / dimension, dimension])]
            );
        // The position of a word is no number: words of equal probability may come out either way, and errors tell whether they are right.
        expected[TensorNames.Output] = WithoutWords(set.Input, expected[TensorNames.Output]);
        double[] differences =
        [
            Compare(folder, BundleFile.NameOf(BundleRole.Encoder), set.Input, input, expected, stop),
            Compare(folder, BundleFile.NameOf(BundleRole.Decoder), set.Input, latent, expected, stop),
            Compare(folder, BundleFile.NameOf(BundleRole.Autoencoder), set.Input, input, expected, stop),
            Sampler(model, folder, set.Input, stop),
            Posterior(model, folder, set, tensors, stop),
        ];
        return differences.Max();
    }

    private static GraphInput Labelled(float[] codes, Autoencoder model, string[]? labels, IReadOnlyList<string> classes)
    {
        var length = model.Recipe.CodeLength();
        var tensors = RowTensors.OfCodes(length, classes);
        return new GraphInput(tensors.Names, DataSet.WithLabels(codes, length, labels, classes), tensors.Create);
    }

    private static Dictionary<string, float[]> Denoised(Autoencoder model, Objective objective, DataSet set)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var x = model.ToModelUnits(tensor(set.Values, [set.Count, .. set.Input.Shape]));
        var denoised = model.Denoise(x);
        return new()
        {
            [TensorNames.Output] = Values(model.ToDataUnits(denoised)),
            [TensorNames.ReconstructionError] = Values(objective.ReconstructionPerRow(model, denoised, x)),
        };
    }

    // Of two vectors of a codebook that are equally near, rounding chooses.
    private static DataSet Certain(Autoencoder model, DataSet rows)
    {
        var set = rows.Select([.. Enumerable.Range(0, Math.Min(rows.Count, 4 * Rows))]);
        if (model.Codebook is not { } codebook)
            return set;
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var device = model.parameters().First().device;
        var x = model.ToModelUnits(tensor(set.Values, [set.Count, .. set.Input.Shape], device: device));
        var isDoubtful = Values(codebook.IsDoubtful(model.EncodeValues(x)));
        int[] certain = [.. Enumerable.Range(0, set.Count).Where(i => isDoubtful[i] == 0)];
        return certain.Length > 0 ? set.Select(certain) : set;
    }

    // Each row is followed by the noise of its draw.
    private static double Posterior(Autoencoder model, string folder, DataSet set, RowTensors tensors, CancellationToken stop)
    {
        if (model.PosteriorModule is null)
            return 0;
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        using var generator = new Generator(2);
        int z = model.Recipe.CodeLength(),
            features = set.CellCount;
        var noise = randn([1, Rows, z], generator: generator);
        var rows = tensor(set.Cells(), set.CellShape(Rows));
        var (codes, _) = model.Encode(model.ToModelUnits(rows)).DrawWithDensity(noise);
        var both = cat([rows.reshape(Rows, -1), noise.reshape(Rows, z)], 1);
        var input = new GraphInput([.. tensors.Names, TensorNames.Noise], Values(both), Split);
        var expected = new Dictionary<string, float[]> { [TensorNames.Latent] = Values(codes) };
        return Compare(folder, BundleFile.NameOf(BundleRole.Posterior), set.Input, input, expected, stop);

        OrtValue[] Split(Memory<float> part)
        {
            var count = part.Length / (features + z);
            var (given, drawn) = (new float[count * features], new float[count * z]);
            for (var i = 0; i < count; i++)
            {
                var row = part.Span.Slice(i * (features + z), features + z);
                row[..features].CopyTo(given.AsSpan(i * features));
                row[features..].CopyTo(drawn.AsSpan(i * z));
            }

            return [.. tensors.Create(given), OrtValue.CreateTensorValueFromMemory(drawn, [count, z])];
        }
    }

    /// <summary>Draws 256 codes with prior.onnx at batch 1, 7 and 256.</summary>
    /// <returns>The largest difference from the model's, relative to their range; 0 where there is no prior.onnx.</returns>
    /// <exception cref="OperationCanceledException">The check was cancelled.</exception>
    /// <exception cref="LatentException">The graph can't be run, or differs by more than <see cref="Tolerance"/>.</exception>
    public static double Sampler(Autoencoder model, string folder, InputDescription description, CancellationToken stop)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        if (model.Sampler() is not { Noise: { } layout } prior)
            return 0;
        using var generator = new Generator(1);
        var noise = cat([randn([Rows, layout.Normal], generator: generator), rand([Rows, layout.Uniform], generator: generator)], 1);
        var columns = layout.Normal + layout.Uniform;
        var input = new GraphInput(
            [TensorNames.Noise],
            Values(noise),
            part => [OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, part, [part.Length / columns, columns])]
        );
        var expected = new Dictionary<string, float[]> { [TensorNames.Latent] = Values(prior.At(noise)) };
        return Compare(folder, BundleFile.NameOf(BundleRole.Prior), description, input, expected, stop);
    }

    private static float[] WithoutWords(InputDescription input, ReadOnlySpan<float> cells)
    {
        var values = cells.ToArray();
        for (var i = 0; i < values.Length && input.Table is { } table; i++)
            values[i] = table.Columns[i % table.Columns.Count].Levels is null ? values[i] : 0;
        return values;
    }

    private static Dictionary<string, float[]> Expected(Autoencoder model, Objective objective, DataSet set, AnomalyScore? score)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var device = model.parameters().First().device;
        var x = model.ToModelUnits(tensor(set.Cells(), set.CellShape(set.Count), device: device));
        var posterior = model.Encode(x);
        var raw = model.Decode(posterior.Code, x);
        var expected = new Dictionary<string, float[]>
        {
            [TensorNames.LatentMean] = Values(posterior.Code),
            [TensorNames.Output] = Values(model.Reconstruct(raw)),
            [TensorNames.ReconstructionError] = Values(objective.ReconstructionPerRow(model, raw, x)),
        };
        if (posterior.LogVariance is { } logVariance)
        {
            expected[TensorNames.LatentLogVariance] = Values(logVariance);
            expected[TensorNames.Kl] = Values(model.KlOf(posterior));
        }

        if (score is not null)
        {
            var errors = Values(model.ColumnErrorsOf(raw, x, withEntropy: false));
            var present = Values(x.narrow(1, model.Table!.Width, model.Table.Columns));
            var units = Values(x.narrow(1, 0, model.Table.Width));
            (expected[TensorNames.FeatureErrors], expected[TensorNames.Score]) = score.Of(
                errors,
                present,
                units,
                expected[TensorNames.LatentMean]
            );
        }

        return expected;
    }

    private static double Compare(
        string folder,
        string graph,
        InputDescription description,
        GraphInput input,
        Dictionary<string, float[]> expected,
        CancellationToken stop
    )
    {
        using var session = new GraphSession(
            $"The exported {graph}",
            File.ReadAllBytes(Path.Combine(folder, graph)),
            gpu: null,
            get_num_threads()
        );
        using var stopping = stop.Register(session.Terminate);
        return s_batchSizes.Max(batch => Compare(session, graph, description, input, expected, batch));
    }

    private static double Compare(
        GraphSession session,
        string graph,
        InputDescription description,
        GraphInput input,
        Dictionary<string, float[]> expected,
        int batch
    )
    {
        string[] names = [.. session.Outputs.Where(name => name != TensorNames.OutputCategories)];
        var features = input.Values.Length / Rows;
        var worst = 0.0;
        for (var first = 0; first < Rows; first += batch)
        {
            var count = Math.Min(batch, Rows - first);
            var values = input.Tensors(input.Values.AsMemory(first * features, count * features));
            using var outputs = session.Run(input.Names, values, names);
            foreach (var value in values)
                value.Dispose();
            foreach (var (name, output) in names.Zip(outputs))
            {
                var actual =
                    name == TensorNames.Output
                        ? WithoutWords(description, output.GetTensorDataAsSpan<float>())
                        : output.GetTensorDataAsSpan<float>();
                var wanted = expected[name];
                var width = wanted.Length / Rows;
                if (actual.Length != count * width)
                {
                    throw new LatentException(
                        $"The exported {graph} gives {actual.Length} values of {name} for {count} rows, where the model gives {count * width}."
                    );
                }

                var scale = Scale(name, wanted);
                for (var i = 0; i < actual.Length; i++)
                {
                    var difference = Math.Abs((double)actual[i] - wanted[(first * width) + i]) / scale;
                    worst = Math.Max(worst, difference);
                    if (!(difference <= Tolerance))
                    {
                        throw new LatentException(
                            FormattableString.Invariant(
                                $"The exported {graph} differs from the model: {name} of row {first + (i / width)} is {actual[i]} rather than {wanted[(first * width) + i]}, at batch size {batch}; {Tolerance} of the range {scale} is allowed."
                            )
                        );
                    }
                }
            }
        }

        return worst;
    }

    // Codes have the prior's unit even where training has collapsed them to a point.
    private static double Scale(string name, float[] values)
    {
        var (min, max) = (values.Min(), values.Max());
        var floor = name is TensorNames.LatentMean or TensorNames.LatentLogVariance or TensorNames.Latent or TensorNames.Kl ? 1 : 1e-30;
        return Math.Max(floor, Math.Max((double)max - min, Math.Max(Math.Abs(min), Math.Abs(max))));
    }

    private static float[] Values(Tensor tensor) => tensor.cpu().contiguous().data<float>().ToArray();

    private sealed record GraphInput(string[] Names, float[] Values, Func<Memory<float>, OrtValue[]> Tensors);
}
