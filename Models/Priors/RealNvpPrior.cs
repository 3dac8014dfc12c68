using Latent.Contracts.Bundles;
using Latent.Models.Distributions;
using Latent.Models.Layers;
using Latent.Models.Onnx;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Latent.Models.Priors;

/// <summary>
/// Represents N(0, I) transformed by affine couplings (Dinh et al. 2017, eq. 4 to 8): each leaves one half a of a code as it is and makes
/// u = (b - t(a)) · exp(-s(a)) of the other, halves taking turns, so that ln p(z) = ln N(u; 0, I) - Σ s. Scales are 2 tanh(·/2).
/// </summary>
internal sealed class RealNvpPrior : nn.Module, IPrior
{
    private readonly Sequential steps;
    private readonly int _first;
    private readonly int _length;

    /// <summary>Makes couplings that leave codes as they are until something is learned.</summary>
    public RealNvpPrior(int length, int count, int hidden)
        : base(nameof(RealNvpPrior))
    {
        (_length, _first) = (length, length / 2);
        steps = nn.Sequential(Enumerable.Range(0, count).Select(i => (nn.Module<Tensor, Tensor>)Network(i, hidden)));
        RegisterComponents();
    }

    public string Description => $"RealNVP flow of {steps.Count} couplings";

    public NoiseDescription Noise => new(_length, 0);

    public Tensor LogProb(Tensor z)
    {
        var rows = z.reshape(-1, _length);
        var (a, b) = (rows.narrow(1, 0, _first), rows.narrow(1, _first, _length - _first));
        Tensor? volume = null;
        foreach (var (i, step) in steps.children().Index())
        {
            var (scale, shift) = Affine(step, i, IsFirst(i) ? a : b);
            var moved = ((IsFirst(i) ? b : a) - shift) * (-scale).exp();
            (a, b) = IsFirst(i) ? (a, moved) : (moved, b);
            volume = volume is null ? scale.sum(1) : volume + scale.sum(1);
        }

        return (DiagonalNormal.StandardLogProb(cat([a, b], 1)) - volume!).reshape(z.shape[..^1]);
    }

    public Tensor At(Tensor noise)
    {
        var (a, b) = (noise.narrow(1, 0, _first), noise.narrow(1, _first, _length - _first));
        foreach (var (i, step) in steps.children().Index().Reverse())
        {
            var (scale, shift) = Affine(step, i, IsFirst(i) ? a : b);
            var moved = ((IsFirst(i) ? b : a) * scale.exp()) + shift;
            (a, b) = IsFirst(i) ? (a, moved) : (moved, b);
        }

        return cat([a, b], 1);
    }

    public string WriteLogProb(OnnxGraph graph, string z)
    {
        var (a, b) = Halves(graph, "prior.density", z);
        var volumes = new List<string>();
        foreach (var (i, step) in steps.children().Index())
        {
            var name = $"prior.density.{i}";
            var (scale, shift) = WriteAffine(graph, name, step, i, IsFirst(i) ? a : b);
            var shifted = graph.Add("Sub", $"{name}.shifted", [IsFirst(i) ? b : a, shift]);
            var factor = graph.Add("Exp", $"{name}.factor", [graph.Add("Neg", $"{name}.negative", [scale])]);
            var moved = graph.Add("Mul", $"{name}.moved", [shifted, factor]);
            (a, b) = IsFirst(i) ? (a, moved) : (moved, b);
            volumes.Add(scale);
        }

        var transformed = StandardNormal.Write(graph, "prior.base", graph.Add("Concat", "prior.whole", [a, b], ("axis", 1)));
        var all = graph.Add("Concat", "prior.volumes", volumes, ("axis", 1));
        var volume = graph.Add("ReduceSum", "prior.volume", [all, graph.Integers("prior.volume.axes", [1])], ("keepdims", 0));
        return graph.Add("Sub", "prior.log_density", [transformed, volume]);
    }

    public string WriteAt(OnnxGraph graph, string noise)
    {
        var (a, b) = Halves(graph, "prior", noise);
        foreach (var (i, step) in steps.children().Index().Reverse())
        {
            var name = $"prior.{i}";
            var (scale, shift) = WriteAffine(graph, name, step, i, IsFirst(i) ? a : b);
            var scaled = graph.Add("Mul", $"{name}.scaled", [IsFirst(i) ? b : a, graph.Add("Exp", $"{name}.factor", [scale])]);
            var moved = graph.Add("Add", $"{name}.moved", [scaled, shift]);
            (a, b) = IsFirst(i) ? (a, moved) : (moved, b);
        }

        return graph.Add("Concat", "prior.code", [a, b], ("axis", 1));
    }

    // Whether a step reads the first half and moves the second.
    private static bool IsFirst(int step) => step % 2 == 0;

    private int Moved(int step) => IsFirst(step) ? _length - _first : _first;

    private Sequential Network(int step, int hidden)
    {
        var last = nn.Linear(hidden, 2 * Moved(step));
        nn.init.zeros_(last.weight!);
        nn.init.zeros_(last.bias!);
        return nn.Sequential(nn.Linear(_length - Moved(step), hidden), nn.Tanh(), last);
    }

    private (Tensor Scale, Tensor Shift) Affine(nn.Module step, int i, Tensor given)
    {
        var both = ((Sequential)step).call(given);
        return ((both.narrow(1, 0, Moved(i)) * 0.5).tanh() * 2, both.narrow(1, Moved(i), Moved(i)));
    }

    private (string Scale, string Shift) WriteAffine(OnnxGraph graph, string name, nn.Module step, int i, string given)
    {
        nn.Module[] layers = [.. step.children()];
        var hidden = graph.Add("Tanh", $"{name}.tanh", [Write($"{name}.hidden", 0, given)]);
        var both = Write($"{name}.both", 2, hidden);
        var raw = graph.Slice($"{name}.raw", both, 0, Moved(i));
        return (graph.BoundedScale($"{name}.scale", raw), graph.Slice($"{name}.shift", both, Moved(i), Moved(i)));

        // Weights have the same name in the density and in the draw.
        string Write(string node, int layer, string input) =>
            LinearLayer.Write(graph, node, $"prior.steps.{i}.{layer}", (Linear)layers[layer], input);
    }

    private (string A, string B) Halves(OnnxGraph graph, string name, string whole) =>
        (graph.Slice($"{name}.a", whole, 0, _first), graph.Slice($"{name}.b", whole, _first, _length - _first));
}
