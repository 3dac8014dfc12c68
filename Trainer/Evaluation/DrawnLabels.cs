using Latent.Models;
using Latent.Trainer.Data;
using static TorchSharp.torch;

namespace Latent.Trainer.Evaluation;

/// <summary>
/// Computes how often rows that a model draws with a label look like those of the label, to the nearest training rows.
/// </summary>
internal static class DrawnLabels
{
    /// <summary>The metric of the share of drawn rows that are told to have the label they were drawn with.</summary>
    public const string Accuracy = "samples.label_accuracy";

    /// <summary>The metric of the share of held-out rows whose label is told in the same way, for comparison.</summary>
    public const string OfRows = "samples.held_out_accuracy";

    private const int Seed = 1;

    /// <summary>Draws as many rows as there are held-out ones, with each label in turn, and tells their labels.</summary>
    /// <param name="model">A model with a condition, in eval mode and on the CPU.</param>
    /// <param name="train">Training rows, whose labels are known.</param>
    /// <param name="heldOut">Held-out rows.</param>
    /// <param name="stop">Cancels it.</param>
    public static IEnumerable<(string Name, double Value)> Of(Autoencoder model, DataSet train, DataSet heldOut, CancellationToken stop)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        using var generator = new Generator(Seed, CPU);
        var classes = model.Input.Classes!;
        string[] labels = [.. Enumerable.Range(0, heldOut.Count).Select(i => classes[i % classes.Count])];
        // The rows that labels are taken of for the decoder; their values are not used.
        var asked = new DataSet(heldOut.Input, new float[heldOut.Values.Length], labels);
        var sampler = model.Sampler();
        var noise = sampler.Noise ?? new Contracts.Bundles.NoiseDescription(model.Recipe.CodeLength(), 0);
        var codes = cat(
            [randn([asked.Count, noise.Normal], generator: generator), rand([asked.Count, noise.Uniform], generator: generator)],
            1
        );
        if (sampler.Noise is not null)
            codes = sampler.At(codes);
        var drawn = Floats(model.Mean(model.Decode(codes, Units(asked))));
        var known = Floats(model.ValuesOf(Units(train)));
        yield return (Accuracy, CodeClassifiers.NearestAccuracy(known, train.Labels!, drawn, labels, stop));
        var rows = Floats(model.ValuesOf(Units(heldOut)));
        yield return (OfRows, CodeClassifiers.NearestAccuracy(known, train.Labels!, rows, heldOut.Labels!, stop));

        Tensor Units(DataSet set) => model.ToModelUnits(tensor(set.Cells(), set.CellShape(set.Count)));
    }

    private static float[] Floats(Tensor tensor) => tensor.contiguous().data<float>().ToArray();
}
