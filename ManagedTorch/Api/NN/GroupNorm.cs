using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>Wu and He 2018, eq. 2, over input [batch, channels, ...].</summary>
            public static Tensor group_norm(Tensor input, long num_groups, Tensor? weight = null, Tensor? bias = null, double eps = 1e-5)
            {
                if (!input.IsFloat)
                    throw TorchErrors.Dtype("group_norm", input.dtype);
                if (input.ndim < 2)
                    throw TorchErrors.Error($"Expected at least 2 dimensions for input tensor but received {input.ndim}");
                var channels = input.Shape[1];
                if (num_groups <= 0 || channels % num_groups != 0)
                {
                    throw TorchErrors.Error(
                        $"Expected number of channels in input to be divisible by num_groups, but got input of shape "
                            + $"{TorchErrors.Text(input.Shape)} and num_groups={num_groups}"
                    );
                }

                foreach (var given in (Tensor?[])[weight, bias])
                {
                    if (given is not null && (given.ndim != 1 || given.Count != channels))
                    {
                        throw TorchErrors.Error(
                            $"Expected weight and bias to be vectors of size {channels}, the number of channels, but got "
                                + TorchErrors.Text(given.Shape)
                        );
                    }
                }

                return GroupNormNode.Run(input, num_groups, weight, bias, eps);
            }
        }
    }
}
