using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What Adam and AdamW share, which is all but how the weights decay.</summary>
public abstract class AdamBase : OptimizerHelper, optim.IBetas
{
    private readonly AdamOptions _defaults;
    private readonly bool _decoupled;

    private protected AdamBase(AdamOptions defaults, bool decoupled)
    {
        if (defaults.LearningRate < 0) throw new ArgumentException($"Invalid learning rate: {defaults.LearningRate}");
        if (defaults.eps < 0) throw new ArgumentException($"Invalid ε: {defaults.eps}");
        if (defaults.beta1 is < 0 or >= 1.0) throw new ArgumentException($"Invalid beta1: {defaults.beta1}");
        if (defaults.beta2 is < 0 or >= 1.0) throw new ArgumentException($"Invalid beta2: {defaults.beta2}");
        if (defaults.weight_decay < 0.0) throw new ArgumentException($"Invalid weight_decay value: {defaults.weight_decay}");
        (_defaults, _decoupled) = (defaults, decoupled);
    }

    public (double, double) Betas
    {
        get => (_defaults.beta1!.Value, _defaults.beta2!.Value);
        set => (_defaults.beta1, _defaults.beta2) = value;
    }

    private protected abstract AdamOptions NewOptions();

    private protected override void Complete(ParamGroup group)
    {
        var options = (AdamOptions)(group.Options ??= NewOptions());
        options.LearningRate ??= _defaults.LearningRate;
        options.beta1 ??= _defaults.beta1;
        options.beta2 ??= _defaults.beta2;
        options.eps ??= _defaults.eps;
        options.weight_decay ??= _defaults.weight_decay;
        options.amsgrad ??= _defaults.amsgrad;
        options.maximize ??= _defaults.maximize;
    }

    private protected override unsafe void Step(OptimizerOptions options, OptimizerState[] states)
    {
        var o = (AdamOptions)options;
        foreach (AdamState state in states)
        {
            if (state.Parameter.GradOrNull is not { } grad) continue;
            state.step++;
            using var gradient = Gradient(grad, o.maximize!.Value);
            using var p = new InPlace(state.Parameter);
            Kernels.Adam.Step(
                grad.Count, p.Float, gradient.Float, state.Moment(state.exp_avg), state.Moment(state.exp_avg_sq),
                new(o.LearningRate!.Value, o.beta1!.Value, o.beta2!.Value, o.eps!.Value, o.weight_decay!.Value, _decoupled, state.step),
                o.amsgrad!.Value ? state.Moment(state.max_exp_avg_sq) : null);
        }
    }
}

/// <summary>The state of a parameter under Adam and AdamW.</summary>
public abstract class AdamState : OptimizerState, IDisposable
{
    public long step;
    public Tensor exp_avg = null!;
    public Tensor exp_avg_sq = null!;
    public Tensor? max_exp_avg_sq;

    private protected AdamState(Parameter parameter) : base(parameter)
    {
    }

    public override void Initialize(OptimizerOptions options)
    {
        Dispose();
        step = 0;
        exp_avg = Zeros();
        exp_avg_sq = Zeros();
        max_exp_avg_sq = ((AdamOptions)options).amsgrad!.Value ? Zeros() : null;
    }

    public override void LoadStateDict(OptimizerState source)
    {
        var state = (AdamState)source;
        step = state.step;
        Replace(ref exp_avg!, state.exp_avg);
        Replace(ref exp_avg_sq!, state.exp_avg_sq);
        Replace(ref max_exp_avg_sq, state.max_exp_avg_sq);
    }

    public override bool ApproximatelyEquals(OptimizerState other) =>
        other is AdamState state && other.GetType() == GetType() && step == state.step && Close(exp_avg, state.exp_avg) &&
        Close(exp_avg_sq, state.exp_avg_sq) && Close(max_exp_avg_sq, state.max_exp_avg_sq);

    public void Dispose()
    {
        exp_avg?.Dispose();
        exp_avg_sq?.Dispose();
        max_exp_avg_sq?.Dispose();
    }
}

/// <summary>The options of a group under Adam and AdamW.</summary>
public abstract class AdamOptions : OptimizerOptions
{
    public double? beta1;
    public double? beta2;
    public double? weight_decay;
    public double? eps;
    public bool? amsgrad;
    public bool? maximize;

    private protected AdamOptions()
    {
    }

    public override void LoadStateDict(OptimizerOptions source)
    {
        base.LoadStateDict(source);
        var options = (AdamOptions)source;
        (beta1, beta2, eps, weight_decay) = (options.beta1, options.beta2, options.eps, options.weight_decay);
        (amsgrad, maximize) = (options.amsgrad, options.maximize);
    }

    internal TOptions With<TOptions>(double lr, double b1, double b2, double epsilon, double decay, bool ams, bool max)
        where TOptions : AdamOptions
    {
        (LearningRate, InitialLearningRate, beta1, beta2, eps, weight_decay, amsgrad, maximize) = (lr, lr, b1, b2, epsilon, decay, ams, max);
        return (TOptions)this;
    }
}
