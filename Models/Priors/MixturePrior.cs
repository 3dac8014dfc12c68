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

    /// <summary>Gets p(z) as it is now.</summary>
    public NormalMixture Now()
    {
        var bounded = logVariances.clamp(Autoencoder.MinLogVariance, Autoencoder.MaxLogVariance);
        return new($"mixture of {means.shape[0]} normals", means, bounded, logWeights);
    }
}
