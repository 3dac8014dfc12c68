namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static class init
        {
            public static Tensor zeros_(Tensor tensor)
            {
                using (no_grad())
                    return tensor.zero_();
            }

            /// <summary>The default generator draws, whatever generator is given, as in TorchSharp.</summary>
            public static Tensor normal_(Tensor tensor, double mean = 0, double std = 1, Generator? generator = null)
            {
                using (no_grad())
                    return tensor.normal_(mean, std);
            }

            /// <summary>Glorot and Bengio 2010, equation 16: uniform with the variance 2 gain^2 / (fan in + fan out).</summary>
            public static Tensor xavier_uniform_(Tensor tensor, double gain = 1.0)
            {
                var (fanIn, fanOut) = Fans(tensor);
                return Uniform(tensor, Math.Sqrt(3) * gain * Math.Sqrt(2.0 / (fanIn + fanOut)));
            }

            /// <summary>
            /// He et al. 2015, equation 15, as PyTorch's layers use it: uniform with the variance 1 / (3 fan in), which is that of a leaky
            /// ReLU with the slope sqrt(5).
            /// </summary>
            internal static void KaimingUniform(Tensor weight)
            {
                var slope = Math.Sqrt(5);
                var std = Math.Sqrt(2 / (1 + slope * slope)) / Math.Sqrt(Fans(weight).In);
                Uniform(weight, Math.Sqrt(3) * std);
            }

            /// <summary>Uniform between -bound and bound.</summary>
            internal static Tensor Uniform(Tensor tensor, double bound)
            {
                using (no_grad())
                    return tensor.uniform_(-bound, bound);
            }

            internal static (long In, long Out) Fans(Tensor weight)
            {
                var shape = weight.Shape;
                if (shape.Length < 2)
                {
                    throw new ArgumentException(
                        $"Fan in and fan out can not be computed for tensor with fewer than 2 dimensions, but its shape "
                            + $"is {TorchErrors.Text(shape)}."
                    );
                }

                var receptive = Shapes.Count(shape[2..]);
                return (shape[1] * receptive, shape[0] * receptive);
            }
        }
    }
}
