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
                if (Shapes.Same(input.Shape, target.Shape)) return LossNode.Run(LossKind.MeanSquaredError, input, target, reduction);
                var shape = Broadcast.Shape(input.Shape, target.Shape, "mse_loss");
                using var stretchedInput = input.expand(shape);
                using var stretchedTarget = target.expand(shape);
                return LossNode.Run(LossKind.MeanSquaredError, stretchedInput, stretchedTarget, reduction);
            }

            public static Tensor l1_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean)
            {
                using var difference = input - target;
                return Reduce(difference.abs(), reduction);
            }

            public static Tensor binary_cross_entropy(
                Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean)
            {
                if (!Shapes.Same(input.Shape, target.Shape))
                {
                    throw TorchErrors.Error(
                        $"Using a target size ({TorchErrors.Text(target.Shape)}) that is different to the input size " +
                        $"({TorchErrors.Text(input.Shape)}) is deprecated. Please ensure they have the same size.");
                }
                return weight is null
                    ? LossNode.Run(LossKind.BinaryCrossEntropy, input, target, reduction)
                    : Weighted(LossNode.Run(LossKind.BinaryCrossEntropy, input, target, Reduction.None), weight, reduction);
            }

            public static Tensor binary_cross_entropy_with_logits(
                Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean, Tensor? pos_weights = null)
            {
                if (!Shapes.Same(input.Shape, target.Shape))
                {
                    throw TorchErrors.Error(
                        $"Target size ({TorchErrors.Text(target.Shape)}) must be the same as input size ({TorchErrors.Text(input.Shape)})");
                }
                if (weight is null && pos_weights is null) return LossNode.Run(LossKind.WithLogits, input, target, reduction);
                var each = pos_weights is null
                    ? LossNode.Run(LossKind.WithLogits, input, target, Reduction.None)
                    : PositivesWeighted(input, target, pos_weights);
                return weight is null ? Reduce(each, reduction) : Weighted(each, weight, reduction);
            }

            /// <summary>(1 - t) x + (1 + (w - 1) t) softplus(-x).</summary>
            private static Tensor PositivesWeighted(Tensor input, Tensor target, Tensor weight)
            {
                using var scope = NewDisposeScope();
                var factor = (weight - 1) * target + 1;
                return ((1 - target) * input + factor * softplus(-input)).MoveToOuterDisposeScope();
            }

            private static Tensor Weighted(Tensor each, Tensor weight, Reduction reduction)
            {
                using (each) return Reduce(each * weight, reduction);
            }

            /// <summary>Takes the tensor over.</summary>
            private static Tensor Reduce(Tensor each, Reduction reduction)
            {
                if (reduction == Reduction.None) return each;
                using (each) return reduction == Reduction.Mean ? each.mean() : each.sum();
            }
        }
    }
}
