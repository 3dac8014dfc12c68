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
            state.Steps++;
            using var gradient = Gradient(grad, o.maximize!.Value);
            using var p = new InPlace(state.Parameter);
            Kernels.Adam.Step(
                grad.Count, p.Float, gradient.Float, state.Moment(state.Mean), state.Moment(state.Square),
                new(o.LearningRate!.Value, o.beta1!.Value, o.beta2!.Value, o.eps!.Value, o.weight_decay!.Value, _decoupled, state.Steps),
                o.amsgrad!.Value ? state.Moment(state.LargestSquare) : null);
        }
    }
}

/// <summary>The state of a parameter under Adam and AdamW, whose fields are in each: a field is not looked for in the bases of the type that is named.</summary>
public abstract class AdamState : OptimizerState, IDisposable
{
    private protected AdamState(Parameter parameter) : base(parameter)
    {
    }

    internal abstract ref long Steps { get; }

    internal abstract ref Tensor? Mean { get; }

    internal abstract ref Tensor? Square { get; }

    internal abstract ref Tensor? LargestSquare { get; }

    public override void Initialize(OptimizerOptions options)
    {
        Dispose();
        Steps = 0;
        Mean = Zeros();
        Square = Zeros();
        LargestSquare = ((AdamOptions)options).amsgrad!.Value ? Zeros() : null;
    }

    public override void LoadStateDict(OptimizerState source)
    {
        var state = (AdamState)source;
        Steps = state.Steps;
        Replace(ref Mean, state.Mean);
        Replace(ref Square, state.Square);
        Replace(ref LargestSquare, state.LargestSquare);
    }

    public override bool ApproximatelyEquals(OptimizerState other) =>
        other is AdamState state && other.GetType() == GetType() && Steps == state.Steps && Close(Mean, state.Mean) &&
        Close(Square, state.Square) && Close(LargestSquare, state.LargestSquare);

    public void Dispose()
    {
        Mean?.Dispose();
        Square?.Dispose();
        LargestSquare?.Dispose();
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
