using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        public class SGD : OptimizerHelper
        {
            private readonly Kernels.SgdStep _options;

            internal SGD(IEnumerable<Parameter> parameters, Kernels.SgdStep options)
                : base(parameters, options.LearningRate, p => new State(p))
            {
                Check(options.Momentum >= 0, "momentum value", options.Momentum);
                Check(options.WeightDecay >= 0, "weight_decay value", options.WeightDecay);
                _options = options;
            }

            private protected override unsafe void Step(OptimizerState state, Tensor grad, double rate)
            {
                var s = (State)state;
                var moves = _options.Momentum != 0;
                var first = moves && s.momentum_buffer is null;
                if (first)
                    s.momentum_buffer = s.Zeros();
                using var g = grad.Dense();
                using var p = new InPlace(s.Parameter);
                Kernels.Sgd.Step(
                    grad.Count,
                    p.Float,
                    g.Float,
                    moves ? s.Moment(s.momentum_buffer) : null,
                    _options with
                    {
                        LearningRate = rate,
                        First = first,
                    }
                );
                if (moves)
                    s.momentum_buffer!.Written();
            }

            public sealed class State : OptimizerState
            {
                public Tensor? momentum_buffer;

                internal State(Parameter parameter)
                    : base(parameter) { }

                internal override void Release() => momentum_buffer?.Dispose();
            }
        }
    }

    public static partial class torch
    {
        public static partial class optim
        {
            public static SGD SGD(
                IEnumerable<Parameter> parameters,
                double learningRate,
                double momentum = 0,
                double dampening = 0,
                double weight_decay = 0,
                bool nesterov = false,
                bool maximize = false
            )
            {
                TorchErrors.CheckUnset(dampening == 0, nameof(dampening));
                TorchErrors.CheckUnset(!nesterov, nameof(nesterov));
                TorchErrors.CheckUnset(!maximize, nameof(maximize));
                return new(parameters, new(learningRate, momentum, weight_decay, false));
            }
        }
    }
}
