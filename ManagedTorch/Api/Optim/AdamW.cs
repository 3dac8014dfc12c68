using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        public class AdamW : OptimizerHelper
        {
            private readonly Kernels.AdamStep _options;

            internal AdamW(IEnumerable<Parameter> parameters, Kernels.AdamStep options)
                : base(parameters, options.LearningRate, p => new State(p)) => _options = options;

            private protected override void Step(OptimizerState state, Tensor grad, double rate)
            {
                var s = (State)state;
                AdamSteps.Take(_options with { LearningRate = rate, Step = ++s.step }, s, grad, s.exp_avg, s.exp_avg_sq);
            }

            public sealed class State : OptimizerState
            {
                public long step;
                public Tensor exp_avg;
                public Tensor exp_avg_sq;

                internal State(Parameter parameter)
                    : base(parameter) => (exp_avg, exp_avg_sq) = (Zeros(), Zeros());

                internal override void Release()
                {
                    exp_avg.Dispose();
                    exp_avg_sq.Dispose();
                }
            }
        }
    }

    public static partial class torch
    {
        public static partial class optim
        {
            public static AdamW AdamW(
                IEnumerable<Parameter> parameters,
                double lr = 1e-3,
                double beta1 = 0.9,
                double beta2 = 0.999,
                double eps = 1e-8,
                double weight_decay = 0,
                bool amsgrad = false,
                bool maximize = false
            ) => new(parameters, AdamSteps.Options(lr, beta1, beta2, eps, weight_decay, decoupled: true, amsgrad, maximize));
        }
    }
}
