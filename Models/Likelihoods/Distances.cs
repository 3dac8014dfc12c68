using Latent.Models.Onnx;
using static TorchSharp.torch;

namespace Latent.Models.Likelihoods;

/// <summary>Defines the terms that are distances on model units rather than likelihoods.</summary>
internal static class Distances
{
    /// <summary>(m - x)².</summary>
    public static readonly ReconstructionTerm Squared = new(
        (raw, target, _) => (raw - target).square(),
        (graph, raw, target, _) =>
        {
            var difference = graph.Add("Sub", "error.difference", [raw, target]);
            return graph.Add("Mul", "error.each", [difference, difference]);
        },
        "Squared error in model units"
    );

    /// <summary>|m - x|.</summary>
    public static readonly ReconstructionTerm Absolute = new(
        (raw, target, _) => Size(raw - target),
        (graph, raw, target, _) => graph.Add("Abs", "error.each", [graph.Add("Sub", "error.difference", [raw, target])]),
        "Absolute error in model units"
    );

    /// <summary>(m - x)² where |m - x| is at most 1, and 2|m - x| - 1 beyond (Huber 1964).</summary>
    public static readonly ReconstructionTerm Huber = new(
        (raw, target, _) =>
        {
            var size = Size(raw - target);
            var inner = size.clamp_max(1);
            return inner.square() + ((size - inner) * 2);
        },
        (graph, raw, target, _) => OnnxExport.Huber(graph, "error", graph.Add("Sub", "error.difference", [raw, target])),
        "Huber's error in model units"
    );

    /// <summary>Computes |x|.</summary>
    public static Tensor Size(Tensor x) => x.relu() + (-x).relu();
}
