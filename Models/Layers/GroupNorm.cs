using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Latent.Models.Layers;

/// <summary>
/// Brings each row's values, or those of each group of its channels, to mean 0 and variance 1, then scales and shifts:
/// γ (x - E x) / √(Var x + ε) + β (Ba et al. 2016, eq. 4; Wu and He 2018, eq. 2).
/// </summary>
internal sealed class GroupNorm : nn.Module<Tensor, Tensor>
{
    /// <summary>Added to the variance, as PyTorch does.</summary>
    public const double Epsilon = 1e-5;

    private readonly Parameter weight;
    private readonly Parameter bias;
    private readonly long _groups;

    /// <param name="groups">Number of groups; 1 for whole rows.</param>
    /// <param name="shape">Shape of the scale and the shift, which are stretched to a row's.</param>
    public GroupNorm(long groups, long[] shape)
        : base(nameof(GroupNorm))
    {
        _groups = groups;
        weight = new Parameter(ones(shape));
        bias = new Parameter(zeros(shape));
        RegisterComponents();
    }

    public Parameter Weight => weight;

    public Parameter Bias => bias;

    public override Tensor forward(Tensor x)
    {
        if (x.shape.Length > 2 && weight.numel() == x.shape[1])
            return nn.functional.group_norm(x, _groups, weight.reshape(-1), bias.reshape(-1), Epsilon);
        var grouped = x.reshape(x.shape[0], _groups, -1);
        return (nn.functional.group_norm(grouped, _groups, eps: Epsilon).reshape(x.shape) * weight) + bias;
    }
}
