using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor mse_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean)
            {
                CheckShapes(input, target, "mse_loss");
                return LossNode.Run(LossKind.MeanSquaredError, input, target, reduction);
            }

            public static Tensor binary_cross_entropy_with_logits(
                Tensor input,
                Tensor target,
                Tensor? weight = null,
                Reduction reduction = Reduction.Mean,
                Tensor? pos_weights = null
            )
            {
                TorchErrors.CheckUnset(weight is null, nameof(weight));
                TorchErrors.CheckUnset(pos_weights is null, nameof(pos_weights));
                CheckShapes(input, target, "binary_cross_entropy_with_logits");
                return LossNode.Run(LossKind.WithLogits, input, target, reduction);
            }

            private static void CheckShapes(Tensor input, Tensor target, string name)
            {
                if (Shapes.Same(input.Shape, target.Shape))
                    return;
                throw TorchErrors.Error(
                    $"{name} takes a target of the input's shape {TorchErrors.Text(input.Shape)}, not {TorchErrors.Text(target.Shape)}."
                );
            }
        }
    }
}
