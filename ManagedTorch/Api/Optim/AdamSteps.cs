using TorchSharp.Kernels;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What Adam and AdamW share, which is all but how the weights decay.</summary>
internal static class AdamSteps
{
    public static AdamStep Options(
        double lr,
        double beta1,
        double beta2,
        double eps,
        double weight_decay,
        bool decoupled,
        bool amsgrad,
        bool maximize
    )
    {
        OptimizerHelper.Check(eps >= 0, "ε", eps);
        OptimizerHelper.Check(beta1 is >= 0 and < 1, "beta1", beta1);
        OptimizerHelper.Check(beta2 is >= 0 and < 1, "beta2", beta2);
        OptimizerHelper.Check(weight_decay >= 0, "weight_decay", weight_decay);
        TorchErrors.CheckUnset(!amsgrad, nameof(amsgrad));
        TorchErrors.CheckUnset(!maximize, nameof(maximize));
        return new(lr, beta1, beta2, eps, weight_decay, decoupled, 0);
    }

    public static unsafe void Take(AdamStep step, OptimizerState state, Tensor grad, Tensor mean, Tensor square)
    {
        using var gradient = grad.Dense();
        using var p = new InPlace(state.Parameter);
        Kernels.Adam.Step(grad.Count, p.Float, gradient.Float, state.Moment(mean), state.Moment(square), step);
    }
}
