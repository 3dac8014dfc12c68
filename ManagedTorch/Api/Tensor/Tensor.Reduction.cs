namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor sum(ScalarType? type = null) => Reductions.Sum(this, [], false, type);

        public Tensor sum(long[] dim, bool keepdim = false, ScalarType? type = null) => Reductions.Sum(this, dim, keepdim, type);

        public Tensor sum(ReadOnlySpan<long> dim, bool keepdim = false, ScalarType? type = null) =>
            Reductions.Sum(this, dim, keepdim, type);

        public Tensor sum(long dim, bool keepdim = false, ScalarType? type = null) => Reductions.Sum(this, [dim], keepdim, type);

        public Tensor sum(long dim0, long dim1, bool keepdim = false, ScalarType? type = null) =>
            Reductions.Sum(this, [dim0, dim1], keepdim, type);

        public Tensor sum(long dim0, long dim1, long dim2, bool keepdim = false, ScalarType? type = null) =>
            Reductions.Sum(this, [dim0, dim1, dim2], keepdim, type);

        public Tensor mean() => Reductions.Mean(this, [], false, null);

        public Tensor mean(long[] dimensions, bool keepdim = false, ScalarType? type = null) =>
            Reductions.Mean(this, dimensions, keepdim, type);

        public Tensor max() => Reductions.Extreme(this, [], false, true, "max");

        public Tensor max(Tensor other) => maximum(other);

        public (Tensor values, Tensor indexes) max(long dim, bool keepdim = false) => Reductions.Extreme(this, dim, keepdim, true, "max");

        public Tensor min() => Reductions.Extreme(this, [], false, false, "min");

        public Tensor min(Tensor other) => minimum(other);

        public (Tensor values, Tensor indexes) min(long dim, bool keepdim = false) => Reductions.Extreme(this, dim, keepdim, false, "min");

        public Tensor amax(params long[] dims) => Reductions.Extreme(this, dims, false, true, "amax");

        public Tensor amax(long[] dims, bool keepdim = false, Tensor? @out = null) =>
            Put(@out, Reductions.Extreme(this, dims, keepdim, true, "amax"));

        public Tensor amin(params long[] dims) => Reductions.Extreme(this, dims, false, false, "amin");

        public Tensor amin(long[] dims, bool keepdim = false, Tensor? @out = null) =>
            Put(@out, Reductions.Extreme(this, dims, keepdim, false, "amin"));

        public Tensor argmax() => Reductions.ArgExtreme(this, null, false, true, "argmax");

        public Tensor argmax(long dim, bool keepdim = false) => Reductions.ArgExtreme(this, dim, keepdim, true, "argmax");

        public Tensor argmin() => Reductions.ArgExtreme(this, null, false, false, "argmin");

        public Tensor argmin(long dim, bool keepdim = false) => Reductions.ArgExtreme(this, dim, keepdim, false, "argmin");

        public Tensor all() => Truth([], false, true);

        public Tensor all(long dim, bool keepdim = false) => Truth([dim], keepdim, true);

        public Tensor any() => Truth([], false, false);

        public Tensor any(long dim, bool keepdim = false) => Truth([dim], keepdim, false);

        public Tensor var(bool unbiased = true) => Statistics.Variance(this, [], unbiased, false);

        public Tensor var(ReadOnlySpan<long> dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Statistics.Variance(Typed(type), dimensions, unbiased, keepdim);

        public Tensor var(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Statistics.Variance(Typed(type), dimensions, unbiased, keepdim);

        public Tensor var(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Statistics.Variance(Typed(type), [dim], unbiased, keepdim);

        public Tensor std(bool unbiased = true) => Root(var(unbiased));

        public Tensor std(ReadOnlySpan<long> dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Root(var(dimensions, unbiased, keepdim, type));

        public Tensor std(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Root(var(dimensions, unbiased, keepdim, type));

        public Tensor std(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Root(var(dim, unbiased, keepdim, type));

        public Tensor norm(float p = 2) => Statistics.Norm(this, [], false, p);

        public Tensor norm(int dim, bool keepdim = false, float p = 2) => Statistics.Norm(this, [dim], keepdim, p);

        public Tensor prod(ScalarType? type = null)
        {
            using var flat = reshape(-1);
            return flat.prod(0, false, type);
        }

        public Tensor prod(long dim, bool keepdim = false, ScalarType? type = null) => Statistics.Product(Typed(type), dim, keepdim);

        public Tensor logsumexp(long dim, bool keepdim = false) => Statistics.LogSumExp(this, dim, keepdim);

        public Tensor softmax(long dim, ScalarType? dtype = null) => Statistics.Softmax(Typed(dtype), dim);

        public Tensor log_softmax(long dim, ScalarType? dtype = null) => Statistics.LogSoftmax(Typed(dtype), dim);

        public Tensor cumsum(long dim, ScalarType? type = null) => Statistics.CumulativeSum(Typed(type), dim);

        private Tensor Truth(ReadOnlySpan<long> dims, bool keepDims, bool all)
        {
            Span<bool> reduced = stackalloc bool[Shape.Length];
            Reductions.Mark(dims, reduced);
            return Reductions.Truth(this, reduced, keepDims, all);
        }

        private Tensor Typed(ScalarType? type) => type is null || type == dtype ? this : to_type(type.Value);

        private static Tensor Root(Tensor variance)
        {
            using (variance)
                return Pointwise.Unary(variance, default(Kernels.SqrtOp), default(Kernels.DeviationBackwardOp), FromOutput, "std");
        }

        private static Tensor Put(Tensor? target, Tensor result)
        {
            if (target is null)
                return result;
            using (result)
                return target.copy_(result);
        }
    }
}
