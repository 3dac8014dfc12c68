using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        public class RMSProp : OptimizerHelper, optim.IMomentum
        {
            private readonly Options _defaults;

            public RMSProp(
                IEnumerable<Parameter> parameters, double lr = 1e-3, double alpha = 0.99, double eps = 1e-8, double weight_decay = 0,
                double momentum = 0.0, bool centered = false, bool maximize = false)
                : this([new ParamGroup { Parameters = parameters }], lr, alpha, eps, weight_decay, momentum, centered, maximize)
            {
            }

            public RMSProp(
                IEnumerable<ParamGroup> parameters, double lr = 1e-3, double alpha = 0.99, double eps = 1e-8, double weight_decay = 0,
                double momentum = 0.0, bool centered = false, bool maximize = false)
            {
                if (lr < 0) throw new ArgumentException($"Invalid learning rate: {lr}");
                if (eps < 0) throw new ArgumentException($"Invalid ε: {eps}");
                if (alpha < 0) throw new ArgumentException($"Invalid alpha: {alpha}");
                if (momentum < 0.0) throw new ArgumentException($"Invalid momentum value: {momentum}");
                if (weight_decay < 0.0) throw new ArgumentException($"Invalid weight_decay value: {weight_decay}");
                _defaults = new Options
                {
                    LearningRate = lr,
                    InitialLearningRate = lr,
                    alpha = alpha,
                    eps = eps,
                    weight_decay = weight_decay,
                    momentum = momentum,
                    centered = centered,
                    maximize = maximize,
                };
                foreach (var group in parameters) add_param_group(group);
            }

            public double Momentum
            {
                get => _defaults.momentum!.Value;
                set => _defaults.momentum = value;
            }

            private protected override void Complete(Modules.ParamGroup group)
            {
                var options = (Options)(group.Options ??= new Options());
                options.LearningRate ??= _defaults.LearningRate;
                options.alpha ??= _defaults.alpha;
                options.eps ??= _defaults.eps;
                options.weight_decay ??= _defaults.weight_decay;
                options.momentum ??= _defaults.momentum;
                options.centered ??= _defaults.centered;
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
                    Kernels.RmsProp.Step(
                        grad.Count, p.Float, gradient.Float, state.Moment(state.square_avg), state.Moment(state.grad_avg),
                        state.Moment(state.momentum_buffer),
                        new(o.LearningRate!.Value, o.alpha!.Value, o.eps!.Value, o.weight_decay!.Value, o.momentum!.Value,
                            o.centered!.Value));
                }
            }

            public sealed class State : OptimizerState, IDisposable
            {
                public long step;
                public Tensor square_avg = null!;
                public Tensor momentum_buffer = null!;
                public Tensor grad_avg = null!;

                public State(Parameter parameter) : base(parameter)
                {
                }

                public override void Initialize(OptimizerOptions options)
                {
                    Dispose();
                    step = 0;
                    square_avg = Zeros();
                    grad_avg = Zeros();
                    momentum_buffer = Zeros();
                }

                public override void LoadStateDict(OptimizerState source)
                {
                    var state = (State)source;
                    step = state.step;
                    Replace(ref square_avg!, state.square_avg);
                    Replace(ref grad_avg!, state.grad_avg);
                    Replace(ref momentum_buffer!, state.momentum_buffer);
                }

                public override bool ApproximatelyEquals(OptimizerState other) =>
                    other is State state && step == state.step && Close(square_avg, state.square_avg) &&
                    Close(grad_avg, state.grad_avg) && Close(momentum_buffer, state.momentum_buffer);

                public void Dispose()
                {
                    square_avg?.Dispose();
                    grad_avg?.Dispose();
                    momentum_buffer?.Dispose();
                }
            }

            public class Options : OptimizerOptions
            {
                public bool? maximize;
                public double? momentum;
                public double? alpha;
                public double? eps;
                public double? weight_decay;
                public bool? centered;

                public override void LoadStateDict(OptimizerOptions source)
                {
                    base.LoadStateDict(source);
                    var options = (Options)source;
                    (momentum, alpha, eps, weight_decay) = (options.momentum, options.alpha, options.eps, options.weight_decay);
                    (centered, maximize) = (options.centered, options.maximize);
                }
            }

            public class ParamGroup : ParamGroup<Options>, optim.IMomentum
            {
                public ParamGroup()
                {
                }

                public ParamGroup(IEnumerable<Parameter> parameters, Options options) : base(parameters, options)
                {
                }

                public ParamGroup(
                    IEnumerable<Parameter> parameters, double lr = 1e-3, double eps = 1e-8, double alpha = 0.99, double weight_decay = 0,
                    double momentum = 0.0, bool centered = false)
                    : base(parameters, new Options
                    {
                        LearningRate = lr,
                        eps = eps,
                        alpha = alpha,
                        weight_decay = weight_decay,
                        momentum = momentum,
                        centered = centered,
                    })
                {
                }

                public double Momentum
                {
                    get => Options.momentum!.Value;
                    set => Options.momentum = value;
                }
            }
        }
    }

    public static partial class torch
    {
        public static partial class optim
        {
            public static RMSProp RMSProp(
                IEnumerable<Parameter> parameters, double lr = 0.01, double alpha = 0.99, double eps = 1e-8, double weight_decay = 0,
                double momentum = 0, bool centered = false, bool maximize = false) =>
                new(parameters, lr, alpha, eps, weight_decay, momentum, centered, maximize);

            public static RMSProp RMSProp(
                IEnumerable<(string name, Parameter parameter)> parameters, double lr = 0.01, double alpha = 0.99, double eps = 1e-8,
                double weight_decay = 0, double momentum = 0, bool centered = false, bool maximize = false) =>
                new(parameters.Select(p => p.parameter), lr, alpha, eps, weight_decay, momentum, centered, maximize);

            public static RMSProp RMSProp(
                IEnumerable<RMSProp.ParamGroup> parameters, double lr = 0.01, double alpha = 0.99, double eps = 1e-8,
                double weight_decay = 0, double momentum = 0, bool centered = false, bool maximize = false) =>
                new(parameters, lr, alpha, eps, weight_decay, momentum, centered, maximize);
        }
    }
}
