using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        public class SGD : OptimizerHelper, optim.IMomentum
        {
            private readonly Options _defaults;

            public SGD(
                IEnumerable<Parameter> parameters, double lr, double momentum = 0.0, double dampening = 0, double weight_decay = 0,
                bool nesterov = false, bool maximize = false)
                : this([new ParamGroup { Parameters = parameters }], lr, momentum, dampening, weight_decay, nesterov, maximize)
            {
            }

            public SGD(
                IEnumerable<ParamGroup> parameters, double lr, double momentum = 0.0, double dampening = 0, double weight_decay = 0,
                bool nesterov = false, bool maximize = false)
            {
                if (lr < 0.0) throw new ArgumentException($"Invalid learning rate: {lr}");
                if (momentum < 0.0) throw new ArgumentException($"Invalid momentum value: {momentum}");
                if (weight_decay < 0.0) throw new ArgumentException($"Invalid weight_decay value: {weight_decay}");
                if (nesterov && (momentum <= 0 || dampening != 0))
                    throw new ArgumentException("Nesterov momentum requires a momentum and zero dampening");
                _defaults = new Options
                {
                    LearningRate = lr,
                    InitialLearningRate = lr,
                    momentum = momentum,
                    dampening = dampening,
                    weight_decay = weight_decay,
                    nesterov = nesterov,
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
                options.momentum ??= _defaults.momentum;
                options.dampening ??= _defaults.dampening;
                options.weight_decay ??= _defaults.weight_decay;
                options.nesterov ??= _defaults.nesterov;
                options.maximize ??= _defaults.maximize;
            }

            private protected override OptimizerState Create(Parameter parameter) => new State(parameter);

            private protected override unsafe void Step(OptimizerOptions options, OptimizerState[] states)
            {
                var o = (Options)options;
                var momentum = o.momentum!.Value;
                var rate = o.maximize!.Value ? -o.LearningRate!.Value : o.LearningRate!.Value;
                foreach (State state in states)
                {
                    if (state.Parameter.GradOrNull is not { } grad) continue;
                    var first = momentum != 0 && state.momentum_buffer is null;
                    if (first) state.momentum_buffer = state.Zeros();
                    using var g = grad.Dense();
                    using var p = new InPlace(state.Parameter);
                    Kernels.Sgd.Step(grad.Count, p.Float, g.Float, momentum == 0 ? null : state.Moment(state.momentum_buffer),
                        new(rate, momentum, o.dampening!.Value, o.weight_decay!.Value, o.nesterov!.Value, first));
                    if (momentum != 0) state.momentum_buffer!.Written();
                }
            }

            public sealed class State : OptimizerState, IDisposable
            {
                public Tensor? momentum_buffer;

                public State(Parameter parameter) : base(parameter)
                {
                }

                public override void Initialize(OptimizerOptions options) => Replace(ref momentum_buffer, null);

                public override void LoadStateDict(OptimizerState source) =>
                    Replace(ref momentum_buffer, ((State)source).momentum_buffer);

                public override bool ApproximatelyEquals(OptimizerState other) =>
                    other is State state && Close(momentum_buffer, state.momentum_buffer);

                public void Dispose() => momentum_buffer?.Dispose();
            }

            public class Options : OptimizerOptions
            {
                public double? momentum;
                public double? dampening;
                public double? weight_decay;
                public bool? nesterov;
                public bool? maximize;

                public override void LoadStateDict(OptimizerOptions source)
                {
                    base.LoadStateDict(source);
                    var options = (Options)source;
                    (momentum, dampening, weight_decay) = (options.momentum, options.dampening, options.weight_decay);
                    (nesterov, maximize) = (options.nesterov, options.maximize);
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
                    IEnumerable<Parameter> parameters, double lr = 1e-3, double momentum = 0.0, double dampening = 0,
                    double weight_decay = 0, bool nesterov = false, bool maximize = false)
                    : base(parameters, new Options
                    {
                        LearningRate = lr,
                        momentum = momentum,
                        dampening = dampening,
                        weight_decay = weight_decay,
                        nesterov = nesterov,
                        maximize = maximize,
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
            public static SGD SGD(
                IEnumerable<Parameter> parameters, double learningRate, double momentum = 0, double dampening = 0, double weight_decay = 0,
                bool nesterov = false, bool maximize = false) =>
                new(parameters, learningRate, momentum, dampening, weight_decay, nesterov, maximize);

            public static SGD SGD(
                IEnumerable<(string name, Parameter parameter)> parameters, double learningRate, double momentum = 0, double dampening = 0,
                double weight_decay = 0, bool nesterov = false, bool maximize = false) =>
                new(parameters.Select(p => p.parameter), learningRate, momentum, dampening, weight_decay, nesterov, maximize);

            public static SGD SGD(
                IEnumerable<SGD.ParamGroup> parameters, double learningRate, double momentum = 0.0, double dampening = 0,
                double weight_decay = 0, bool nesterov = false, bool maximize = false) =>
                new(parameters, learningRate, momentum, dampening, weight_decay, nesterov, maximize);
        }
    }
}
