using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>Ioffe and Szegedy 2015 over input [batch, channels, ...]; running statistics take the unbiased variance.</summary>
            public static Tensor batch_norm(
                Tensor input, Tensor? running_mean, Tensor? running_var, Tensor? weight = null, Tensor? bias = null, bool training = false,
                double momentum = 0.1, double eps = 1e-5)
            {
                if (input.Shape.Length < 2)
                {
                    throw TorchErrors.Error(
                        $"batch_norm takes an input of two or more dimensions, not of shape {TorchErrors.Text(input.Shape)}.");
                }
                var channels = input.Shape[1];
                if (!input.IsFloat) throw TorchErrors.Dtype("batch_norm", input.dtype);
                Check(running_mean, nameof(running_mean));
                Check(running_var, nameof(running_var));
                Check(weight, nameof(weight));
                Check(bias, nameof(bias));
                if (training && input.Count == channels)
                {
                    throw TorchErrors.Error(
                        $"Expected more than 1 value per channel when training, got input size {TorchErrors.Text(input.Shape)}");
                }
                if (!training && (running_mean is null || running_var is null))
                    throw TorchErrors.Error("Expected running_mean and running_var to be defined when training=False");
                return BatchNormNode.Run(input, running_mean, running_var, weight, bias, training, momentum, eps);

                void Check(Tensor? tensor, string name)
                {
                    if (tensor is null) return;
                    if (!tensor.IsFloat) throw TorchErrors.Dtype($"batch_norm's {name}", tensor.dtype);
                    if (tensor.Shape.Length != 1 || tensor.Shape[0] != channels)
                    {
                        throw TorchErrors.Error(
                            $"{name} should contain {channels} elements not {tensor.Count}: the input's shape is " +
                            $"{TorchErrors.Text(input.Shape)}, {name}'s {TorchErrors.Text(tensor.Shape)}.");
                    }
                }
            }
        }
    }
}
