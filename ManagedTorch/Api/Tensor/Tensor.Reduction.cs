namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor sum(ScalarType? type = null)
        {
            TorchErrors.CheckUnset(type is null, nameof(type));
            return Reductions.Sum(this, [], false);
        }

        public Tensor sum(long dim, bool keepdim = false, ScalarType? type = null)
        {
            TorchErrors.CheckUnset(type is null, nameof(type));
            return Reductions.Sum(this, [dim], keepdim);
        }

        public Tensor mean() => Reductions.Mean(this, [], false);

        public Tensor mean(long[] dimensions, bool keepdim = false, ScalarType? type = null)
        {
            TorchErrors.CheckUnset(type is null, nameof(type));
            return Reductions.Mean(this, dimensions, keepdim);
        }

        public Tensor norm(float p = 2)
        {
            TorchErrors.CheckUnset(p == 2, nameof(p));
            return Statistics.Norm(this);
        }

        public Tensor logsumexp(long dim, bool keepdim = false) => Statistics.LogSumExp(this, dim, keepdim);

        public Tensor argmin(long dim, bool keepdim = false) => Statistics.ArgMin(this, dim, keepdim);

        public Tensor softmax(long dim, ScalarType? dtype = null)
        {
            TorchErrors.CheckUnset(dtype is null, nameof(dtype));
            return Statistics.Softmax(this, dim);
        }

        public Tensor cumsum(long dim, ScalarType? type = null)
        {
            TorchErrors.CheckUnset(type is null, nameof(type));
            return Statistics.CumulativeSum(this, dim);
        }
    }
}
