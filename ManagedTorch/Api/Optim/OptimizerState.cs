using static TorchSharp.torch;

namespace TorchSharp.Modules;

public abstract class OptimizerState
{
    private protected OptimizerState(Parameter parameter) => Parameter = parameter;

    internal Parameter Parameter { get; }

    /// <summary>Disposes what is remembered.</summary>
    internal abstract void Release();

    internal Tensor Zeros() => zeros(Parameter.Shape).DetachFromDisposeScope();

    /// <summary>Where the elements of a moment lie; states come from outside, and the kernels trust that each fits its parameter.</summary>
    internal unsafe float* Moment(Tensor? moment)
    {
        if (moment is null || !moment.IsFloat || !moment.IsDense || !Shapes.Same(moment.Shape, Parameter.Shape))
        {
            TorchErrors.Throw(
                $"The optimizer's state doesn't fit its parameter of shape {TorchErrors.Text(Parameter.Shape)}: "
                    + (moment is null ? "a moment is missing." : $"a moment is {moment.dtype} of shape {TorchErrors.Text(moment.Shape)}.")
            );
        }

        return moment.Float;
    }
}
