using Latent.Contracts.Bundles;
using Latent.Models.Distributions;
using Latent.Models.Layers;
using Latent.Models.Onnx;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Latent.Models.Priors;

/// <summary>
/// Represents a second variational autoencoder, of codes: z = f(u) + σ·ε with u from N(0, I) and as long as z, and a σ learned by dimension
/// (Dai and Wipf 2019, section 3). Its density has no closed form: p(z|u) p(u) / q(u|z) at one draw of u from q(u|z) is an unbiased estimate
/// of p(z), whose logarithm is on average the second ELBO, and which keeps an importance-sampled likelihood of rows a lower bound.
/// </summary>
internal sealed class TwoStageSampler : nn.Module, ISampler
{
    private readonly Sequential encoder;
    private readonly Sequential decoder;
    private readonly Parameter logVariance;
    private readonly int _length;

    /// <summary>Draws weights.</summary>
    public TwoStageSampler(int length, int hidden)
        : base(nameof(TwoStageSampler))
    {
        _length = length;
        encoder = Network(length, hidden, 2 * length);
        decoder = Network(length, hidden, length);
        logVariance = new Parameter(zeros(length));
        RegisterComponents();
    }

    public string Description => "second variational autoencoder, of codes";

    public NoiseDescription Noise => new(2 * _length, 0);

    public Tensor LogProb(Tensor z)
    {
        var codes = z.reshape(-1, _length);
        var both = encoder.call(codes);
        var q = new DiagonalNormal(both.narrow(1, 0, _length), Bounded(both.narrow(1, _length, _length)));
        var noise = q.Noise(1, null);
        var u = q.At(noise).reshape(-1, _length);
        var p = new DiagonalNormal(decoder.call(u), Bounded(logVariance));
        var ratio = (u.square() - noise.reshape(-1, _length).square() - q.LogVariance).sum(1) * 0.5;
        return (p.LogProb(codes) - ratio).reshape(z.shape[..^1]);
    }

    public Tensor At(Tensor noise) =>
        decoder.call(noise.narrow(1, 0, _length)) + ((Bounded(logVariance) * 0.5).exp() * noise.narrow(1, _length, _length));

    public string WriteAt(OnnxGraph graph, string noise)
    {
        using var scope = NewDisposeScope();
        var hidden = graph.Slice("sampler.u", noise, 0, _length);
        nn.Module[] layers = [.. decoder.children()];
        for (var i = 0; i < layers.Length; i++)
        {
            hidden = layers[i] is Linear linear
                ? LinearLayer.Write(graph, $"sampler.layer{i}", $"sampler.decoder.{i}", linear, hidden)
                : graph.Add("Tanh", $"sampler.layer{i}", [hidden]);
        }

        var deviation = graph.Weight("sampler.deviation", (Bounded(logVariance) * 0.5).exp());
        var spread = graph.Add("Mul", "sampler.spread", [graph.Slice("sampler.noise", noise, _length, _length), deviation]);
        return graph.Add("Add", "sampler.code", [hidden, spread]);
    }

    private static Tensor Bounded(Tensor logVariance) => logVariance.clamp(Autoencoder.MinLogVariance, Autoencoder.MaxLogVariance);

    private static Sequential Network(int from, int hidden, int to) =>
        nn.Sequential(nn.Linear(from, hidden), nn.Tanh(), nn.Linear(hidden, hidden), nn.Tanh(), nn.Linear(hidden, to));
}
