using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        public class RMSProp : OptimizerHelper
        {
            private readonly Kernels.RmsPropStep _options;

            internal RMSProp(IEnumerable<Parameter> parameters, Kernels.RmsPropStep options)
                : base(parameters, options.LearningRate, p => new State(p))
            {
                Check(options.Eps >= 0, "ε", options.Eps);
                Check(options.Alpha >= 0, "alpha", options.Alpha);
                Check(options.Momentum >= 0, "momentum value", options.Momentum);
                Check(options.WeightDecay >= 0, "weight_decay value", options.WeightDecay);
                _options = options;
            }

            private protected override unsafe void Step(OptimizerState state, Tensor grad, double rate)
            {
                var s = (State)state;
                s.step++;
                using var g = grad.Dense();
                using var p = new InPlace(s.Parameter);
                Kernels.RmsProp.Step(
                    grad.Count,
                    p.Float,
                    g.Float,
                    s.Moment(s.square_avg),
                    s.Moment(s.momentum_buffer),
                    _options with
                    {
                        LearningRate = rate,
                    }
                );
            }

            public sealed class State : OptimizerState
            {
                public long step;
                public Tensor square_avg;
                public Tensor momentum_buffer;

                internal State(Parameter parameter)
                    : base(parameter) => (square_avg, momentum_buffer) = (Zeros(), Zeros());

                internal override void Release()
                {
                    square_avg.Dispose();
                    momentum_buffer.Dispose();
                }
            }
        }
    }

    public static partial class torch
    {
        public static partial class optim
        {
            public static RMSProp RMSProp(
                IEnumerable<Parameter> parameters,
                double lr = 0.01,
                double alpha = 0.99,
                double eps = 1e-8,
                double weight_decay = 0,
                double momentum = 0,
                bool centered = false,
                bool maximize = false
            )
            {
                TorchErrors.CheckUnset(!centered, nameof(centered));
                TorchErrors.CheckUnset(!maximize, nameof(maximize));
                return new(parameters, new(lr, alpha, eps, weight_decay, momentum));
            }
        }
    }
}
