using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Latent.Models.Priors;

/// <summary>Holds the learned weights, means and variances of a <see cref="NormalMixture"/>.</summary>
internal sealed class MixturePrior : nn.Module
{
    private readonly Parameter logWeights;
    private readonly Parameter means;
    private readonly Parameter logVariances;

    /// <summary>Draws means from N(0, I); variances are 1 and weights equal.</summary>
    public MixturePrior(int components, int length)
        : base(nameof(MixturePrior))
    {
        logWeights = new Parameter(zeros(components));
        long[] shape = [components, length];
        means = new Parameter(randn(shape));
        logVariances = new Parameter(zeros(shape));
        RegisterComponents();
    }

    /// <summary>Gets the number of components.</summary>
    public long Components => means.shape[0];

    /// <summary>Starts from codes: means are some of them, in turn, and variances those of all.</summary>
    /// <param name="codes">[n, z].</param>
    public void Start(Tensor codes)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var chosen = tensor(Enumerable.Range(0, (int)Components).Select(i => i % codes.shape[0]).ToArray(), device: codes.device);
        var variance = (codes - codes.mean([0])).square().mean([0]);
        means.copy_(codes.index_select(0, chosen));
        logVariances.copy_(variance.clamp(1e-6, 1e6).log().expand(logVariances.shape));
    }

    /// <summary>Gets p(z) as it is now.</summary>
    public NormalMixture Now()
    {
        var bounded = logVariances.clamp(Autoencoder.MinLogVariance, Autoencoder.MaxLogVariance);
        return new($"mixture of {means.shape[0]} normals", means, bounded, logWeights);
    }
}
