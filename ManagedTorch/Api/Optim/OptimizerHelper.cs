using static TorchSharp.torch;

namespace TorchSharp.Modules;

public abstract class OptimizerHelper : optim.Optimizer
{
    private readonly Dictionary<Parameter, OptimizerState> _states = new(ReferenceEqualityComparer.Instance);
    private readonly List<OptimizerState[]> _statesByGroup = [];

    private protected OptimizerHelper()
    {
    }

    public virtual StateDictionary state_dict()
    {
        var result = new StateDictionary();
        for (var i = 0; i < _groups.Count; i++)
        {
            var start = result.State.Count;
            result.Options.Add(_groups[i].Options);
            result.State.AddRange(_statesByGroup[i]);
            result.StateIndexRef.Add([.. Enumerable.Range(start, _statesByGroup[i].Length)]);
        }
        return result;
    }

    public virtual void load_state_dict(StateDictionary state_dict)
    {
        var own = this.state_dict();
        if (state_dict.Options.Count != own.Options.Count)
            throw new ArgumentException("Invalid optimizer state -- different number of parameter groups.");
        if (state_dict.State.Count != own.State.Count)
            throw new ArgumentException("Invalid optimizer state -- different number of states.");
        for (var i = 0; i < own.Options.Count; i++)
            if (own.Options[i] != state_dict.Options[i]) own.Options[i].LoadStateDict(state_dict.Options[i]);
        for (var i = 0; i < own.State.Count; i++)
            if (own.State[i] != state_dict.State[i]) own.State[i].LoadStateDict(state_dict.State[i]);
    }

    /// <summary>Fills the gradients with zeros; they stay, as in TorchSharp.</summary>
    public override void zero_grad()
    {
        foreach (var parameter in _states.Keys) parameter.ClearGrad();
    }

    public override Tensor? step(Func<Tensor>? closure = null)
    {
        Tensor? loss = null;
        if (closure is not null)
        {
            using (enable_grad()) loss = closure();
        }
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        for (var i = 0; i < _groups.Count; i++) Step(_groups[i].Options, _statesByGroup[i]);
        return loss;
    }

    public override void add_param_group(ParamGroup param_group)
    {
        foreach (var parameter in param_group.Parameters)
            if (!parameter.IsFloat) throw TorchErrors.Dtype("An optimizer", parameter.dtype);
        Complete(param_group);
        param_group.Options.InitialLearningRate = param_group.Options.LearningRate!.Value;
        var states = param_group.Parameters.Select(Create).ToArray();
        _groups.Add(param_group);
        _statesByGroup.Add(states);
        foreach (var state in states)
        {
            _states[state.Parameter] = state;
            state.Initialize(param_group.Options);
        }
    }

    /// <summary>Gives a group the defaults of the options that it doesn't set.</summary>
    private protected abstract void Complete(ParamGroup group);

    private protected abstract OptimizerState Create(Parameter parameter);

    /// <summary>One step of a group's parameters; those without a gradient are left out.</summary>
    private protected abstract void Step(OptimizerOptions options, OptimizerState[] states);

    /// <summary>A gradient row by row, negated for maximizing; in the dispose scope of the step.</summary>
    private protected static Dense Gradient(Tensor grad, bool maximize) => maximize ? new Dense(grad.neg()) : grad.Dense();

    protected override void Dispose(bool disposing)
    {
        if (!disposing) return;
        foreach (var state in _states.Values) (state as IDisposable)?.Dispose();
        _states.Clear();
        _statesByGroup.Clear();
        _groups.Clear();
    }
}
