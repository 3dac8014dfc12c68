using Latent.Models.Layers;
using Latent.Models.Onnx;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Latent.Models.Posteriors;

/// <summary>
/// Transforms codes by inverse autoregressive flows, zᵢ' = zᵢ exp(αᵢ) + μᵢ with αᵢ and μᵢ of the dimensions before i and of the encoder's
/// last layer, in orders that take turns (Kingma et al. 2016, eq. 10); ln |det| is Σ α (eq. 11). Scales are bounded, α = 2 tanh(·/2).
/// </summary>
internal sealed class IafPosterior : nn.Module, IPosterior
{
    private readonly Sequential steps;

    public IafPosterior(int features, int length, int count, int hidden)
        : base(nameof(IafPosterior))
    {
        steps = nn.Sequential(
            Enumerable.Range(0, count).Select(i => (nn.Module<Tensor, Tensor>)new Made(length, hidden, features, isReversed: i % 2 == 1))
        );
        RegisterComponents();
    }

    public IFlow Of(Tensor hidden) => new Flow(steps, hidden);

    public (string Z, string Volume) Write(OnnxGraph graph, string name, string hidden, string z)
    {
        var volumes = new List<string>();
        foreach (var (i, step) in steps.children().Index())
        {
            var prefix = $"{name}.{i}";
            var (scale, shift) = ((Made)step).Write(graph, prefix, $"posterior.steps.{i}", z, hidden);
            var scaled = graph.Add("Mul", $"{prefix}.scaled", [z, graph.Add("Exp", $"{prefix}.factor", [scale])]);
            z = graph.Add("Add", $"{prefix}.moved", [scaled, shift]);
            volumes.Add(scale);
        }

        var whole = graph.Add("Concat", $"{name}.volumes", volumes, ("axis", 1));
        return (z, graph.Add("ReduceSum", $"{name}.volume", [whole, graph.Integers($"{name}.volume.axes", [1])], ("keepdims", 0)));
    }

    private sealed class Flow(Sequential steps, Tensor hidden) : IFlow
    {
        public (Tensor Z, Tensor Volume) Transform(Tensor z)
        {
            Tensor? volume = null;
            foreach (var step in steps.children())
            {
                var (scale, shift) = ((Made)step).Affine(z, hidden);
                z = (z * scale.exp()) + shift;
                volume = volume is null ? scale.sum(2) : volume + scale.sum(2);
            }

            return (z, volume!);
        }
    }
}
