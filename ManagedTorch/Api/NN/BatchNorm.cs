using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        public abstract class BatchNorm : NormBase
        {
            public BatchNorm(
                long num_features, double eps, double momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype,
                string name)
                : base(num_features, eps, momentum, affine, track_running_stats, device, dtype, name)
            {
            }

            public override Tensor forward(Tensor input)
            {
                ValidateInputDimensions(input);
                var factor = momentum ?? 0;
                if (training && track_running_stats && num_batches_tracked is { } count)
                {
                    count.add_(1);
                    factor = momentum ?? 1.0 / count.item<long>();
                }
                var useBatch = training || (running_mean is null && running_var is null);
                var useRunning = !training || track_running_stats;
                return nn.functional.batch_norm(
                    input, useRunning ? running_mean : null, useRunning ? running_var : null, weight, bias, useBatch, factor, eps);
            }
        }

        public sealed class BatchNorm1d : BatchNorm
        {
            internal BatchNorm1d(
                long num_features, double eps, double momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype)
                : base(num_features, eps, momentum, affine, track_running_stats, device, dtype, nameof(BatchNorm1d))
            {
            }

            protected override void ValidateInputDimensions(Tensor input)
            {
                if (input.ndim is not (2 or 3)) throw new ArgumentException($"expected 2D or 3D input, but got {input.ndim}D input.");
            }
        }

        public sealed class BatchNorm2d : BatchNorm
        {
            /// <summary>Its name is BatchNorm1d, as in TorchSharp.</summary>
            internal BatchNorm2d(
                long num_features, double eps, double momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype)
                : base(num_features, eps, momentum, affine, track_running_stats, device, dtype, nameof(BatchNorm1d))
            {
            }

            protected override void ValidateInputDimensions(Tensor input)
            {
                if (input.ndim != 4) throw new ArgumentException($"expected 4D input, but got {input.ndim}D input.");
            }
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static BatchNorm1d BatchNorm1d(
                long num_features, double eps = 1e-05, double momentum = 0.1, bool affine = true, bool track_running_stats = true,
                Device? device = null, ScalarType? dtype = null) =>
                new(num_features, eps, momentum, affine, track_running_stats, device, dtype);

            public static BatchNorm2d BatchNorm2d(
                long num_features, double eps = 1e-05, double momentum = 0.1, bool affine = true, bool track_running_stats = true,
                Device? device = null, ScalarType? dtype = null) =>
                new(num_features, eps, momentum, affine, track_running_stats, device, dtype);
        }
    }
}
