using TorchSharp.Kernels;
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class utils
        {
            /// <summary>
            /// Scales all gradients by one factor so that their norm, taken together, is at most max_norm; gives the norm before.
            /// </summary>
            public static unsafe double clip_grad_norm_(IEnumerable<Parameter> tensors, double max_norm, double norm_type = 2.0)
            {
                TorchErrors.CheckUnset(norm_type == 2, nameof(norm_type));
                using var _ = no_grad();
                var grads = tensors.Select(p => p.GradOrNull).OfType<Tensor>().ToList();
                var squares = 0.0;
                foreach (var grad in grads)
                {
                    using var dense = grad.Dense();
                    squares += BlockSum.Binary<MultiplyOp>(grad.Count, dense.Float, dense.Float);
                }

                var norm = Math.Pow(squares, 0.5);
                var factor = max_norm / (norm + 1e-6);
                if (!(factor >= 1))
                {
                    foreach (var grad in grads)
                        grad.mul_(factor);
                }

                return norm;
            }
        }
    }
}
