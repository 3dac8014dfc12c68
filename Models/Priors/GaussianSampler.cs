using Latent.Contracts.Bundles;
using Latent.Models.Distributions;
using Latent.Models.Onnx;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Latent.Models.Priors;

/// <summary>Represents N(μ, LLᵀ), the normal distribution with the mean and the covariance of codes: z = μ + L·ε.</summary>
internal sealed class GaussianSampler : nn.Module, ISampler
{
    private readonly Parameter mean;
    private readonly Parameter factor;
    private readonly Parameter whitening;
    private readonly Parameter logVolume;
    private readonly int _length;

    /// <summary>Makes N(0, I).</summary>
    public GaussianSampler(int length)
        : base(nameof(GaussianSampler))
    {
        _length = length;
        mean = new Parameter(zeros(length), requires_grad: false);
        factor = new Parameter(Identity(), requires_grad: false);
        whitening = new Parameter(Identity(), requires_grad: false);
        logVolume = new Parameter(zeros(1), requires_grad: false);
        RegisterComponents();
    }

    public string Description => "normal distribution with full covariance";

    public NoiseDescription Noise => new(_length, 0);

    /// <summary>Takes over the mean and the covariance of codes.</summary>
    /// <param name="codes">Codes, row after row.</param>
    public void Fit(float[] codes)
    {
        var rows = codes.Length / _length;
        var average = new double[_length];
        for (var i = 0; i < codes.Length; i++)
            average[i % _length] += codes[i] / (double)rows;
        var covariance = new double[_length, _length];
        for (var row = 0; row < rows; row++)
        {
            for (var i = 0; i < _length; i++)
            {
                for (var j = 0; j <= i; j++)
                {
                    covariance[i, j] +=
                        (codes[(row * _length) + i] - average[i]) * (codes[(row * _length) + j] - average[j]) / Math.Max(1, rows - 1);
                }
            }
        }

        var (lower, inverse) = Cholesky(covariance);
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        long[] square = [_length, _length];
        mean.copy_(tensor([.. average.Select(value => (float)value)]));
        factor.copy_(tensor(Floats(lower), square));
        whitening.copy_(tensor(Floats(inverse), square));
        logVolume.copy_(tensor([(float)Enumerable.Range(0, _length).Sum(i => Math.Log(lower[i, i]))]));
    }

    public Tensor LogProb(Tensor z)
    {
        var white = (z.reshape(-1, _length) - mean).mm(whitening.t());
        return (DiagonalNormal.StandardLogProb(white) - logVolume).reshape(z.shape[..^1]);
    }

    public Tensor At(Tensor noise) => mean + noise.mm(factor.t());

    public string WriteAt(OnnxGraph graph, string noise) =>
        graph.Add(
            "Gemm",
            "sampler.code",
            [noise, graph.Weight("sampler.factor", factor), graph.Weight("sampler.mean", mean)],
            ("transB", 1)
        );

    private Tensor Identity()
    {
        var values = new float[_length * _length];
        for (var i = 0; i < _length; i++)
            values[(i * _length) + i] = 1;
        long[] square = [_length, _length];
        return tensor(values, square);
    }

    // Of a matrix of which the lower half is filled. What varies too little, or not at all, gets a variance of 10⁻⁶ of the largest.
    private static (double[,] Lower, double[,] Inverse) Cholesky(double[,] matrix)
    {
        var n = matrix.GetLength(0);
        var floor = Math.Max(1e-12, 1e-6 * Enumerable.Range(0, n).Max(i => matrix[i, i]));
        var (lower, inverse) = (new double[n, n], new double[n, n]);
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var sum = matrix[i, j];
                for (var k = 0; k < j; k++)
                    sum -= lower[i, k] * lower[j, k];
                lower[i, j] = i == j ? Math.Sqrt(Math.Max(floor, sum)) : sum / lower[j, j];
            }
        }

        for (var column = 0; column < n; column++)
        {
            for (var i = column; i < n; i++)
            {
                var sum = i == column ? 1.0 : 0;
                for (var k = column; k < i; k++)
                    sum -= lower[i, k] * inverse[k, column];
                inverse[i, column] = sum / lower[i, i];
            }
        }

        return (lower, inverse);
    }

    private static float[] Floats(double[,] matrix) => [.. matrix.Cast<double>().Select(value => (float)value)];
}
