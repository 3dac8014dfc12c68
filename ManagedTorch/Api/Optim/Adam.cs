using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        public class Adam : OptimizerHelper, optim.IBetas
        {
            private readonly Options _defaults;

            public Adam(
                IEnumerable<Parameter> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8,
                double weight_decay = 0, bool amsgrad = false, bool maximize = false)
                : this([new ParamGroup { Parameters = parameters }], lr, beta1, beta2, eps, weight_decay, amsgrad, maximize)
            {
            }

            public Adam(
                IEnumerable<ParamGroup> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8,
                double weight_decay = 0, bool amsgrad = false, bool maximize = false)
            {
                if (lr < 0) throw new ArgumentException($"Invalid learning rate: {lr}");
                if (eps < 0) throw new ArgumentException($"Invalid ε: {eps}");
                if (beta1 is < 0 or >= 1.0) throw new ArgumentException($"Invalid beta1: {beta1}");
                if (beta2 is < 0 or >= 1.0) throw new ArgumentException($"Invalid beta2: {beta2}");
                if (weight_decay < 0.0) throw new ArgumentException($"Invalid weight_decay value: {weight_decay}");
                _defaults = new Options
                {
                    LearningRate = lr,
                    InitialLearningRate = lr,
                    beta1 = beta1,
                    beta2 = beta2,
                    eps = eps,
                    weight_decay = weight_decay,
                    amsgrad = amsgrad,
                    maximize = maximize,
                };
                foreach (var group in parameters) add_param_group(group);
            }

            public (double, double) Betas
            {
                get => (_defaults.beta1!.Value, _defaults.beta2!.Value);
                set => (_defaults.beta1, _defaults.beta2) = value;
            }

            private protected override void Complete(Modules.ParamGroup group)
            {
                var options = (Options)(group.Options ??= new Options());
                options.LearningRate ??= _defaults.LearningRate;
                options.beta1 ??= _defaults.beta1;
                options.beta2 ??= _defaults.beta2;
                options.eps ??= _defaults.eps;
                options.weight_decay ??= _defaults.weight_decay;
                options.amsgrad ??= _defaults.amsgrad;
                options.maximize ??= _defaults.maximize;
            }

            private protected override OptimizerState Create(Parameter parameter) => new State(parameter);

            private protected override unsafe void Step(OptimizerOptions options, OptimizerState[] states)
            {
                var o = (Options)options;
                foreach (State state in states)
                {
                    if (state.Parameter.GradOrNull is not { } grad) continue;
                    state.step++;
                    using var gradient = Gradient(grad, o.maximize!.Value);
                    using var p = new InPlace(state.Parameter);
                    Kernels.Adam.Step(
                        grad.Count, p.Float, gradient.Float, state.Moment(state.exp_avg), state.Moment(state.exp_avg_sq),
                        new(o.LearningRate!.Value, o.beta1!.Value, o.beta2!.Value, o.eps!.Value, o.weight_decay!.Value, false, state.step),
                        o.amsgrad!.Value ? state.Moment(state.max_exp_avg_sq) : null);
                }
            }

            public sealed class State : OptimizerState, IDisposable
            {
                public long step;
                public Tensor exp_avg = null!;
                public Tensor exp_avg_sq = null!;
                public Tensor? max_exp_avg_sq;

                public State(Parameter parameter) : base(parameter)
                {
                }

                public override void Initialize(OptimizerOptions options)
                {
                    Dispose();
                    step = 0;
                    exp_avg = Zeros();
                    exp_avg_sq = Zeros();
                    max_exp_avg_sq = ((Options)options).amsgrad!.Value ? Zeros() : null;
                }

                public override void LoadStateDict(OptimizerState source)
                {
                    var state = (State)source;
                    step = state.step;
                    Replace(ref exp_avg!, state.exp_avg);
                    Replace(ref exp_avg_sq!, state.exp_avg_sq);
                    Replace(ref max_exp_avg_sq, state.max_exp_avg_sq);
                }

                public override bool ApproximatelyEquals(OptimizerState other) =>
                    other is State state && step == state.step && Close(exp_avg, state.exp_avg) &&
                    Close(exp_avg_sq, state.exp_avg_sq) && Close(max_exp_avg_sq, state.max_exp_avg_sq);

                public void Dispose()
                {
                    exp_avg?.Dispose();
                    exp_avg_sq?.Dispose();
                    max_exp_avg_sq?.Dispose();
                }
            }

            public class Options : OptimizerOptions
            {
                public double? beta1;
                public double? beta2;
                public double? weight_decay;
                public double? eps;
                public bool? amsgrad;
                public bool? maximize;

                public override void LoadStateDict(OptimizerOptions source)
                {
                    base.LoadStateDict(source);
                    var options = (Options)source;
                    (beta1, beta2, eps, weight_decay) = (options.beta1, options.beta2, options.eps, options.weight_decay);
                    (amsgrad, maximize) = (options.amsgrad, options.maximize);
                }
            }

            public class ParamGroup : ParamGroup<Options>, optim.IBetas
            {
                public ParamGroup()
                {
                }

                public ParamGroup(IEnumerable<Parameter> parameters, Options options) : base(parameters, options)
                {
                }

                public ParamGroup(
                    IEnumerable<Parameter> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8,
                    double weight_decay = 0, bool amsgrad = false, bool maximize = false)
                    : base(parameters, new Options
                    {
                        LearningRate = lr,
                        beta1 = beta1,
                        beta2 = beta2,
                        eps = eps,
                        weight_decay = weight_decay,
                        amsgrad = amsgrad,
                        maximize = maximize,
                    })
                {
                }

                public (double, double) Betas
                {
                    get => (Options.beta1!.Value, Options.beta2!.Value);
                    set => (Options.beta1, Options.beta2) = value;
                }
            }
        }
    }

    public static partial class torch
    {
        public static partial class optim
        {
            public static Adam Adam(
                IEnumerable<Parameter> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8,
                double weight_decay = 0, bool amsgrad = false, bool maximize = false) =>
                new(parameters, lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);

            public static Adam Adam(
                IEnumerable<(string name, Parameter parameter)> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999,
                double eps = 1e-8, double weight_decay = 0, bool amsgrad = false, bool maximize = false) =>
                new(parameters.Select(p => p.parameter), lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);

            public static Adam Adam(
                IEnumerable<Adam.ParamGroup> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8,
                double weight_decay = 0, bool amsgrad = false, bool maximize = false) =>
                new(parameters, lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);
        }
    }
}
