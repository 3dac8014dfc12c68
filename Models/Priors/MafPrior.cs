using Latent.Contracts.Bundles;
using Latent.Models.Distributions;
using Latent.Models.Layers;
using Latent.Models.Onnx;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Latent.Models.Priors;

/// <summary>
/// Represents N(0, I) transformed by masked autoregressive layers (Papamakarios et al. 2017, eq. 3 to 5): each makes
/// uᵢ = (zᵢ - μᵢ) · exp(-αᵢ) with μᵢ and αᵢ of the dimensions before i, in orders that take turns, so that ln p(z) = ln N(u; 0, I) - Σ α.
/// A draw inverts a layer by iterating z ← u · exp(α(z)) + μ(z): after as many passes as there are dimensions it is exact.
/// </summary>
internal sealed class MafPrior : nn.Module, IPrior
{
    private readonly Sequential steps;
    private readonly int _length;

    /// <summary>Makes layers that leave codes as they are until something is learned.</summary>
    public MafPrior(int length, int count, int hidden)
        : base(nameof(MafPrior))
    {
        _length = length;
        steps = nn.Sequential(
            Enumerable.Range(0, count).Select(i => (nn.Module<Tensor, Tensor>)new Made(length, hidden, 0, isReversed: i % 2 == 1))
        );
        RegisterComponents();
    }

    public string Description => $"masked autoregressive flow of {steps.Count} layers";

    public NoiseDescription Noise => new(_length, 0);

    public Tensor LogProb(Tensor z)
    {
        var u = z.reshape(-1, _length);
        Tensor? volume = null;
        foreach (var step in steps.children())
        {
            var (scale, shift) = ((Made)step).Affine(u);
            u = (u - shift) * (-scale).exp();
            volume = volume is null ? scale.sum(1) : volume + scale.sum(1);
        }

        return (DiagonalNormal.StandardLogProb(u) - volume!).reshape(z.shape[..^1]);
    }

    public Tensor At(Tensor noise)
    {
        foreach (var step in steps.children().Reverse())
        {
            var z = zeros(noise.shape, device: noise.device);
            for (var pass = 0; pass < _length; pass++)
            {
                var (scale, shift) = ((Made)step).Affine(z);
                z = (noise * scale.exp()) + shift;
            }

            noise = z;
        }

        return noise;
    }

    public string WriteLogProb(OnnxGraph graph, string z)
    {
        var volumes = new List<string>();
        foreach (var (i, step) in steps.children().Index())
        {
            var name = $"prior.density.{i}";
            var (scale, shift) = ((Made)step).Write(graph, name, $"prior.steps.{i}", z);
            var shifted = graph.Add("Sub", $"{name}.shifted", [z, shift]);
            var factor = graph.Add("Exp", $"{name}.factor", [graph.Add("Neg", $"{name}.negative", [scale])]);
            z = graph.Add("Mul", $"{name}.moved", [shifted, factor]);
            volumes.Add(scale);
        }

        var all = graph.Add("Concat", "prior.volumes", volumes, ("axis", 1));
        var volume = graph.Add("ReduceSum", "prior.volume", [all, graph.Integers("prior.volume.axes", [1])], ("keepdims", 0));
        return graph.Add("Sub", "prior.log_density", [StandardNormal.Write(graph, "prior.base", z), volume]);
    }

    public string WriteAt(OnnxGraph graph, string noise)
    {
        foreach (var (i, step) in steps.children().Index().Reverse())
        {
            var z = graph.Add("Mul", $"prior.{i}.start", [noise, graph.Constant("prior.none", 0)]);
            for (var pass = 0; pass < _length; pass++)
            {
                var name = $"prior.{i}.pass{pass}";
                var (scale, shift) = ((Made)step).Write(graph, name, $"prior.steps.{i}", z);
                var scaled = graph.Add("Mul", $"{name}.scaled", [noise, graph.Add("Exp", $"{name}.factor", [scale])]);
                z = graph.Add("Add", $"{name}.moved", [scaled, shift]);
            }

            noise = z;
        }

        return noise;
    }
}
