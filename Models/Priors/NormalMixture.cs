using Latent.Contracts.Bundles;
using Latent.Models.Onnx;
using Latent.Models.Onnx.Proto;
using static TorchSharp.torch;

namespace Latent.Models.Priors;

/// <summary>
/// Represents a mixture of K normal distributions with diagonal covariance: ln p(z) = ln Σₖ πₖ N(z; μₖ, σₖ²). Squared distances are
/// products of matrices, z²·σ⁻² - 2 z·μσ⁻² + μ²·σ⁻² about the mean of all μₖ, since [rows, K, z] values would take too long.
/// </summary>
/// <param name="Description">Its name for people.</param>
/// <param name="Means">μ, [K, z].</param>
/// <param name="LogVariances">ln σ², [K, z].</param>
/// <param name="LogWeights">ln π, [K]; null for equal ones.</param>
internal sealed record NormalMixture(string Description, Tensor Means, Tensor LogVariances, Tensor? LogWeights) : IPrior
{
    private static readonly double s_logTwoPi = Math.Log(2 * Math.PI);

    private long Components => Means.shape[0];

    /// <summary>Gets the layout of the noise: ε, and a uniform draw that chooses the component.</summary>
    public NoiseDescription Noise => new((int)Means.shape[1], 1);

    public Tensor LogProb(Tensor z)
    {
        var (center, square, linear, constant) = Terms();
        var centered = z.reshape(-1, z.shape[^1]) - center;
        var distance = (centered.square().mm(square.t()) - centered.mm(linear.t()) + constant.Distance).relu();
        return (constant.Log - (distance * 0.5)).logsumexp(1).reshape(z.shape[..^1]);
    }

    public Tensor At(Tensor noise)
    {
        var length = Means.shape[1];
        var chosen = (Bounds().unsqueeze(0) <= noise.narrow(1, length, 1)).sum(1);
        var (means, logVariances) = (Means.index_select(0, chosen), LogVariances.index_select(0, chosen));
        return means + ((logVariances * 0.5).exp() * noise.narrow(1, 0, length));
    }

    public string WriteLogProb(OnnxGraph graph, string z)
    {
        using var scope = NewDisposeScope();
        var (center, square, linear, constant) = Terms();
        var centered = graph.Add("Sub", "prior.centered", [z, graph.Weight("prior.center", center)]);
        var squares = graph.Add("Mul", "prior.squares", [centered, centered]);
        var first = graph.Add("Gemm", "prior.square", [squares, graph.Weight("prior.precision", square)], ("transB", 1));
        var second = graph.Add("Gemm", "prior.linear", [centered, graph.Weight("prior.slope", linear)], ("transB", 1));
        var sum = graph.Add("Sub", "prior.both", [first, second]);
        var total = graph.Add("Add", "prior.sum", [sum, graph.Weight("prior.constant", constant.Distance)]);
        var distance = graph.Add("Relu", "prior.distance", [total]);
        var half = graph.Add("Mul", "prior.half_distance", [distance, graph.Constant("one_half", 0.5f)]);
        var each = graph.Add("Sub", "prior.components", [graph.Weight("prior.log_constant", constant.Log), half]);
        return graph.Add("ReduceLogSumExp", "prior.log_density", [each], ("axes", new long[] { 1 }), ("keepdims", 0));
    }

    public string WriteAt(OnnxGraph graph, string noise)
    {
        using var scope = NewDisposeScope();
        var length = Means.shape[1];
        var normal = graph.Slice("prior.normal", noise, 0, length);
        var uniform = graph.Slice("prior.uniform", noise, length, 1);
        var reached = graph.Add("GreaterOrEqual", "prior.reached", [uniform, graph.Weight("prior.bounds", Bounds())]);
        var ones = graph.Add("Cast", "prior.ones", [reached], ("to", (int)TensorProto.Types.DataType.Int64));
        var chosen = graph.Add("ReduceSum", "prior.chosen", [ones, graph.Integers("prior.chosen.axes", [1])], ("keepdims", 0));
        var means = graph.Add("Gather", "prior.mean", [graph.Weight("prior.means", Means), chosen]);
        var deviations = graph.Add("Gather", "prior.deviation", [graph.Weight("prior.deviations", (LogVariances * 0.5).exp()), chosen]);
        return graph.Add("Add", "prior.code", [means, graph.Add("Mul", "prior.spread", [deviations, normal])]);
    }

    /// <summary>Computes what the density needs of the components, about their center.</summary>
    private (Tensor Center, Tensor Square, Tensor Linear, (Tensor Distance, Tensor Log) Constant) Terms()
    {
        var center = Means.detach().mean([0]);
        var means = Means - center;
        var precision = (-LogVariances).exp();
        var linear = means * precision;
        var log = (LogVariances.sum(1) + (s_logTwoPi * Means.shape[1])) * -0.5;
        return (
            center,
            precision,
            linear * 2,
            ((means * linear).sum(1), LogWeights is null ? log - Math.Log(Components) : log + LogWeights - LogWeights.logsumexp(0))
        );
    }

    /// <summary>Computes where in [0, 1) each component but the first begins.</summary>
    private Tensor Bounds()
    {
        using var _ = no_grad();
        var weights = LogWeights is null ? full((int)Components, 1, 1.0 / Components).reshape(-1) : LogWeights.softmax(0);
        return weights.cumsum(0).narrow(0, 0, Components - 1).to(Means.device);
    }
}
