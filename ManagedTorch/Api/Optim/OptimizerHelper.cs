using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What all optimizers share: parameters under one learning rate, and what is remembered of each.</summary>
public abstract class OptimizerHelper : optim.Optimizer
{
    private readonly Group _group;
    private readonly OptimizerState[] _states;

    private protected OptimizerHelper(IEnumerable<Parameter> parameters, double rate, Func<Parameter, OptimizerState> remember)
    {
        Check(rate >= 0, "learning rate", rate);
        _group = new Group { LearningRate = rate };
        _states = [.. parameters.Select(p => p.IsFloat ? remember(p) : throw TorchErrors.Dtype("An optimizer", p.dtype))];
    }

    public override IEnumerable<optim.ILearningRateController> ParamGroups => [_group];

    public virtual StateDictionary state_dict() => new(_states);

    /// <summary>Fills the gradients with zeros; they stay, as in TorchSharp.</summary>
    public override void zero_grad()
    {
        foreach (var state in _states)
            state.Parameter.ClearGrad();
    }

    public override Tensor? step(Func<Tensor>? closure = null)
    {
        Tensor? loss = null;
        if (closure is not null)
        {
            using (enable_grad())
                loss = closure();
        }

        using var _ = no_grad();
        using var scope = NewDisposeScope();
        foreach (var state in _states)
        {
            if (state.Parameter.GradOrNull is { } grad)
                Step(state, grad, _group.LearningRate);
        }

        return loss;
    }

    /// <summary>One step of a parameter; those without a gradient are left out.</summary>
    private protected abstract void Step(OptimizerState state, Tensor grad, double rate);

    internal static void Check(bool valid, string name, double value)
    {
        if (!valid)
            throw new ArgumentException($"Invalid {name}: {value}");
    }

    protected override void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        foreach (var state in _states)
            state.Release();
    }

    private sealed class Group : optim.ILearningRateController
    {
        public double LearningRate { get; set; }
    }
}
