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
                using var _ = no_grad();
                var grads = tensors.Select(p => p.GradOrNull).OfType<Tensor>().ToList();
                var norm = 0.0;
                foreach (var grad in grads)
                {
                    if (!grad.IsFloat) throw TorchErrors.Dtype(nameof(clip_grad_norm_), grad.dtype);
                    using var dense = grad.Dense();
                    norm = norm_type switch
                    {
                        2 => norm + BlockSum.Binary<MultiplyOp>(grad.Count, dense.Float, dense.Float),
                        double.PositiveInfinity => Math.Max(norm, Largest(Values())),
                        _ => norm + Powers(Values(), norm_type),
                    };

                    ReadOnlySpan<float> Values() => new(dense.Float, checked((int)grad.Count));
                }
                if (!double.IsPositiveInfinity(norm_type)) norm = Math.Pow(norm, 1 / norm_type);
                var factor = max_norm / (norm + 1e-6);
                if (!(factor >= 1))
                {
                    foreach (var grad in grads) grad.mul_(factor);
                }
                return norm;
            }

            public static void clip_grad_value_(IEnumerable<Parameter> tensors, double clip_value)
            {
                using var _ = no_grad();
                foreach (var parameter in tensors) parameter.GradOrNull?.clamp_(-clip_value, clip_value);
            }

            public static Tensor parameters_to_vector(IEnumerable<Parameter> tensors)
            {
                using var scope = NewDisposeScope();
                return cat(tensors.Select(p => p.reshape(-1)).ToList()).MoveToOuterDisposeScope();
            }

            private static double Largest(ReadOnlySpan<float> values)
            {
                var largest = 0f;
                foreach (var value in values) largest = MathF.Max(largest, MathF.Abs(value));
                return largest;
            }

            private static double Powers(ReadOnlySpan<float> values, double power)
            {
                var sum = 0.0;
                foreach (var value in values) sum += Math.Pow(Math.Abs(value), power);
                return sum;
            }
        }
    }
}
