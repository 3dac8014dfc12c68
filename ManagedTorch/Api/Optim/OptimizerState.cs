using static TorchSharp.torch;

namespace TorchSharp.Modules;

public abstract class OptimizerState
{
    protected Parameter _parameter;

    protected OptimizerState(Parameter parameter) => _parameter = parameter;

    internal Parameter Parameter => _parameter;

    public abstract void Initialize(OptimizerOptions options);

    public abstract void LoadStateDict(OptimizerState source);

    public virtual bool ApproximatelyEquals(OptimizerState other) => false;

    internal Tensor Zeros() => zeros_like(_parameter, requires_grad: false).DetachFromDisposeScope();

    /// <summary>Where the elements of a moment lie; states come from outside, and the kernels trust that each fits its parameter.</summary>
    internal unsafe float* Moment(Tensor? moment)
    {
        if (moment is null || !moment.IsFloat || !moment.IsDense || !Shapes.Same(moment.Shape, _parameter.Shape))
        {
            TorchErrors.Throw(
                $"The optimizer's state doesn't fit its parameter of shape {TorchErrors.Text(_parameter.Shape)}: " +
                (moment is null ? "a moment is missing." : $"a moment is {moment.dtype} of shape {TorchErrors.Text(moment.Shape)}."));
        }

        return moment.Float;
    }

    /// <summary>A copy that no dispose scope owns, in place of what was there.</summary>
    private protected static void Replace(ref Tensor? target, Tensor? source)
    {
        target?.Dispose();
        target = source?.detach().clone().DetachFromDisposeScope();
    }

    private protected static bool Close(Tensor? a, Tensor? b) => a is null || (b is not null && a.allclose(b));
}
