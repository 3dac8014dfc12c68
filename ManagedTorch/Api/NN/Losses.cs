using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    public abstract class Loss<T1, T2, TResult> : nn.Module<T1, T2, TResult>
    {
        public Loss(nn.Reduction reduction = nn.Reduction.Mean) : base("Loss") => this.reduction = reduction;

        public nn.Reduction reduction { get; }
    }

    public abstract class WeightedLoss<T1, T2, TResult> : Loss<T1, T2, TResult>
    {
        public WeightedLoss(Tensor? weight = null, nn.Reduction reduction = nn.Reduction.Mean) : base(reduction) => this.weight = weight;

        public Tensor? weight { get; }
    }

    namespace Modules
    {
        public sealed class MSELoss(nn.Reduction reduction = nn.Reduction.Mean) : Loss<Tensor, Tensor, Tensor>(reduction)
        {
            public override Tensor forward(Tensor input, Tensor target) => nn.functional.mse_loss(input, target, reduction);
        }

        public sealed class L1Loss(nn.Reduction reduction = nn.Reduction.Mean) : Loss<Tensor, Tensor, Tensor>(reduction)
        {
            public override Tensor forward(Tensor input, Tensor target) => nn.functional.l1_loss(input, target, reduction);
        }

        public sealed class BCELoss(Tensor? weight = null, nn.Reduction reduction = nn.Reduction.Mean)
            : WeightedLoss<Tensor, Tensor, Tensor>(weight, reduction)
        {
            public override Tensor forward(Tensor input, Tensor target) =>
                nn.functional.binary_cross_entropy(input, target, weight, reduction);
        }

        public sealed class BCEWithLogitsLoss(
            Tensor? weight = null, nn.Reduction reduction = nn.Reduction.Mean, Tensor? pos_weights = null)
            : WeightedLoss<Tensor, Tensor, Tensor>(weight, reduction)
        {
            public Tensor? pos_weights { get; } = pos_weights;

            public override Tensor forward(Tensor input, Tensor target) =>
                nn.functional.binary_cross_entropy_with_logits(input, target, weight, reduction, pos_weights);
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public enum Reduction : long
            {
                None = 0,
                Mean = 1,
                Sum = 2,
            }

            public static MSELoss MSELoss(Reduction reduction = Reduction.Mean) => new(reduction);

            public static L1Loss L1Loss(Reduction reduction = Reduction.Mean) => new(reduction);

            public static BCELoss BCELoss(Tensor? weight = null, Reduction reduction = Reduction.Mean) => new(weight, reduction);

            public static BCEWithLogitsLoss BCEWithLogitsLoss(
                Tensor? weight = null, Reduction reduction = Reduction.Mean, Tensor? pos_weights = null) =>
                new(weight, reduction, pos_weights);
        }
    }
}
