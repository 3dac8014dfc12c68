using Latent.Models.Layers;
using Latent.Models.Onnx;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Latent.Models.Posteriors;

/// <summary>
/// Transforms codes by planar flows, z' = z + û tanh(wᵀz + b), each with parameters u, w and b that a linear layer makes of the encoder's
/// last layer (Rezende and Mohamed 2015, eq. 10). û = u + (softplus(wᵀu) - 1 - wᵀu) w/‖w‖² keeps wᵀû above -1, so that the flow is
/// invertible (appendix A.1), and ln |det| is ln(1 + (1 - tanh²) wᵀû) (eq. 12).
/// </summary>
internal sealed class PlanarPosterior : nn.Module, IPosterior
{
    // Added to ‖w‖², and to a determinant that rounding would make 0.
    private const double Least = 1e-7;

    private readonly Linear head;
    private readonly int _length;
    private readonly int _steps;

    public PlanarPosterior(int features, int length, int steps)
        : base(nameof(PlanarPosterior))
    {
        (_length, _steps) = (length, steps);
        head = nn.Linear(features, steps * ((2 * length) + 1));
        RegisterComponents();
    }

    public IFlow Of(Tensor hidden) => new Flow(head.call(hidden), _length, _steps);

    public (string Z, string Volume) Write(OnnxGraph graph, string name, string hidden, string z)
    {
        var all = LinearLayer.Write(graph, $"{name}.parameters", "posterior.head", head, hidden);
        var volumes = new List<string>();
        for (var step = 0; step < _steps; step++)
        {
            var prefix = $"{name}.{step}";
            var from = step * ((2L * _length) + 1);
            var u = graph.Slice($"{prefix}.u", all, from, _length);
            var w = graph.Slice($"{prefix}.w", all, from + _length, _length);
            var b = graph.Slice($"{prefix}.b", all, from + (2 * _length), 1);
            var product = Dot("wu", w, u);
            var least = graph.Constant("posterior.least", (float)Least);
            var norm = Add("Add", "norm", Dot("ww", w, w), least);
            var soft = Activations.WriteSoftplus(graph, $"{prefix}.softplus", product);
            var excess = Add("Sub", "excess", Add("Sub", "soft_less_one", soft, graph.Constant("one", 1)), product);
            var bent = Add("Add", "bent", u, Add("Mul", "correction", Add("Div", "share", excess, norm), w));
            var tanh = Add("Tanh", "tanh", Add("Add", "plane", Dot("wz", w, z), b));
            z = Add("Add", "moved", z, Add("Mul", "move", bent, tanh));
            var slope = Add("Sub", "slope", graph.Constant("one", 1), Add("Mul", "tanh_squared", tanh, tanh));
            var determinant = Add("Add", "determinant", Add("Mul", "stretch", slope, Dot("wb", w, bent)), graph.Constant("one", 1));
            volumes.Add(Add("Log", "log_determinant", Add("Max", "bounded", determinant, least)));

            string Add(string op, string node, params string[] inputs) => graph.Add(op, $"{prefix}.{node}", inputs);

            string Dot(string node, string left, string right) =>
                graph.Add(
                    "ReduceSum",
                    $"{prefix}.{node}",
                    [Add("Mul", $"{node}.products", left, right), graph.Integers($"{prefix}.{node}.axes", [1])],
                    ("keepdims", 1)
                );
        }

        var whole = graph.Add("Concat", $"{name}.volumes", volumes, ("axis", 1));
        return (z, graph.Add("ReduceSum", $"{name}.volume", [whole, graph.Integers($"{name}.volume.axes", [1])], ("keepdims", 0)));
    }

    private sealed class Flow(Tensor parameters, int length, int steps) : IFlow
    {
        public (Tensor Z, Tensor Volume) Transform(Tensor z)
        {
            Tensor? volume = null;
            for (var step = 0; step < steps; step++)
            {
                var from = step * ((2L * length) + 1);
                var u = parameters.narrow(1, from, length);
                var w = parameters.narrow(1, from + length, length);
                var b = parameters.narrow(1, from + (2 * length), 1);
                var product = (w * u).sum(1, keepdim: true);
                var excess = nn.functional.softplus(product) - 1 - product;
                var bent = u + (excess / (w.square().sum(1, keepdim: true) + Least) * w);
                var tanh = ((z * w).sum(2, keepdim: true) + b).tanh();
                z += bent * tanh;
                var stretch = (1 - tanh.square()) * (w * bent).sum(1, keepdim: true);
                var log = (stretch + 1.0).clamp_min(Least).log().sum(2);
                volume = volume is null ? log : volume + log;
            }

            return (z, volume!);
        }
    }
}
