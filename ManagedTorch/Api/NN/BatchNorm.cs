using TorchSharp.Autograd;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        /// <summary>Ioffe and Szegedy 2015 over input [batch, channels, ...]; running statistics take the unbiased variance.</summary>
        public abstract class BatchNorm : NormBase
        {
            private readonly double _eps;
            private readonly double _momentum;

            private protected BatchNorm(long features, double eps, double momentum, Device? device, ScalarType? dtype, string name)
                : base(features, device, dtype, name) => (_eps, _momentum) = (eps, momentum);

            public override Tensor forward(Tensor input)
            {
                if (!Takes(input.ndim))
                    throw new ArgumentException($"{GetType().Name} doesn't take an input of {input.ndim} dimensions.");
                if (!input.IsFloat)
                    throw TorchErrors.Dtype("batch_norm", input.dtype);
                var channels = input.Shape[1];
                if (weight.Count != channels)
                {
                    throw TorchErrors.Error(
                        $"running_mean should contain {channels} elements not {weight.Count}: the input's shape is "
                            + $"{TorchErrors.Text(input.Shape)}."
                    );
                }

                if (training)
                {
                    Batches.add_(1);
                    if (input.Count == channels)
                    {
                        throw TorchErrors.Error(
                            $"Expected more than 1 value per channel when training, got input size {TorchErrors.Text(input.Shape)}"
                        );
                    }
                }

                return BatchNormNode.Run(input, running_mean, running_var, weight, bias, training, _momentum, _eps);
            }

            private protected abstract bool Takes(long dimensions);
        }

        public sealed class BatchNorm1d : BatchNorm
        {
            internal BatchNorm1d(long features, double eps, double momentum, Device? device, ScalarType? dtype)
                : base(features, eps, momentum, device, dtype, nameof(BatchNorm1d)) { }

            private protected override bool Takes(long dimensions) => dimensions is 2 or 3;
        }

        public sealed class BatchNorm2d : BatchNorm
        {
            internal BatchNorm2d(long features, double eps, double momentum, Device? device, ScalarType? dtype)
                : base(features, eps, momentum, device, dtype, nameof(BatchNorm2d)) { }

            private protected override bool Takes(long dimensions) => dimensions == 4;
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static BatchNorm1d BatchNorm1d(
                long num_features,
                double eps = 1e-05,
                double momentum = 0.1,
                bool affine = true,
                bool track_running_stats = true,
                Device? device = null,
                ScalarType? dtype = null
            )
            {
                CheckNorm(affine, track_running_stats);
                return new(num_features, eps, momentum, device, dtype);
            }

            public static BatchNorm2d BatchNorm2d(
                long num_features,
                double eps = 1e-05,
                double momentum = 0.1,
                bool affine = true,
                bool track_running_stats = true,
                Device? device = null,
                ScalarType? dtype = null
            )
            {
                CheckNorm(affine, track_running_stats);
                return new(num_features, eps, momentum, device, dtype);
            }

            private static void CheckNorm(bool affine, bool track_running_stats)
            {
                TorchErrors.CheckUnset(affine, nameof(affine));
                TorchErrors.CheckUnset(track_running_stats, nameof(track_running_stats));
            }
        }
    }
}
