using Latent.Models.Layers;
using Latent.Models.Onnx;
using static TorchSharp.torch;

namespace Latent.Models.Likelihoods;

/// <summary>
/// Defines the likelihood of a pixel's level x = k/255 as the mass of a logistic distribution between the level's bounds, σ(a) - σ(b) with
/// a = (x + h - m)/s, b = (x - h - m)/s and h = 1/510; the first and the last level have all that lies beyond (Kingma et al. 2016, section
/// 5.2; Salimans et al. 2017, eq. 2). Its logarithm is -softplus(-a) - softplus(b) + ln(1 - exp(b - a)), where nothing cancels, and
/// ln(1 - exp(-δ)) is ln tanh(δ/2) + softplus(-δ). The mean is taken for the location m, clipped to the pixels' range.
/// </summary>
internal static class DiscretizedLogistic
{
    private const double HalfLevel = 1 / 510.0;

    public static readonly ReconstructionTerm Term = new(Errors, Write, "Negative log-probability of the levels in nats")
    {
        HasSpread = true,
        Mean = raw => raw.clamp(0, 1),
        WriteMean = (graph, raw) => graph.Add("Clip", "output.clip", [raw, graph.Constant("none", 0), graph.Constant("one", 1)]),
    };

    private static Tensor Errors(Tensor raw, Tensor target, Tensor? logSpread)
    {
        var inverse = (-logSpread!).exp();
        var distance = target - raw;
        var (above, below) = ((distance + HalfLevel) * inverse, (distance - HalfLevel) * inverse);
        var (hasLower, hasUpper) = Bounds(target);
        var width = inverse * (2 * HalfLevel);
        var both = (width * 0.5).tanh().log() + nn.functional.softplus(-width);
        return (nn.functional.softplus(-above) * hasUpper) + (nn.functional.softplus(below) * hasLower) - (both * (hasLower * hasUpper));
    }

    /// <summary>Tells, as 1 or 0, whether a level has a bound below and one above.</summary>
    private static (Tensor HasLower, Tensor HasUpper) Bounds(Tensor target)
    {
        using var _ = no_grad();
        return ((target >= HalfLevel).to(target.dtype), 1 + -(target >= 1 - HalfLevel).to(target.dtype));
    }

    private static string Write(OnnxGraph graph, string raw, string target, string logSpread)
    {
        var half = graph.Constant("error.half_level", (float)HalfLevel);
        var inverse = Add("Exp", "inverse_spread", Add("Neg", "negative_log_spread", logSpread));
        var distance = Add("Sub", "distance", target, raw);
        var above = Add("Mul", "above", Add("Add", "upper", distance, half), inverse);
        var below = Add("Mul", "below", Add("Sub", "lower", distance, half), inverse);
        var hasLower = AtLeast("has_lower", half);
        var top = AtLeast("is_top", graph.Constant("error.top", (float)(1 - HalfLevel)));
        var hasUpper = Add("Sub", "has_upper", graph.Constant("one", 1), top);
        var width = Add("Mul", "width", inverse, graph.Constant("error.level", (float)(2 * HalfLevel)));
        var tanh = Add("Tanh", "tanh", Add("Mul", "half_width", width, graph.Constant("one_half", 0.5f)));
        var tail = Activations.WriteSoftplus(graph, "error.tail", Add("Neg", "negative_width", width));
        var both = Add(
            "Mul",
            "between",
            Add("Add", "both", Add("Log", "log_tanh", tanh), tail),
            Add("Mul", "has_both", hasLower, hasUpper)
        );
        var upper = Activations.WriteSoftplus(graph, "error.upper_term", Add("Neg", "negative_above", above));
        var lower = Activations.WriteSoftplus(graph, "error.lower_term", below);
        var sum = Add("Add", "bounds", Add("Mul", "upper_bound", upper, hasUpper), Add("Mul", "lower_bound", lower, hasLower));
        return Add("Sub", "each", sum, both);

        string Add(string op, string name, params string[] inputs) => graph.Add(op, $"error.{name}", inputs);

        string AtLeast(string name, string bound)
        {
            var reached = Add("GreaterOrEqual", $"{name}.reached", target, bound);
            return graph.ToFloat($"error.{name}", reached);
        }
    }
}
