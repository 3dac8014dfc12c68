using Latent.Models.Onnx;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Latent.Models.Layers;

/// <summary>
/// Computes, for each dimension of a code, a shift and a bounded scale of the dimensions before it, by a network of one hidden layer whose
/// weights are masked (Germain et al. 2015, eq. 8 and 9). A context may be added to the hidden layer. It leaves codes as they are until
/// something is learned.
/// </summary>
internal sealed class Made : nn.Module<Tensor, Tensor>
{
    private readonly Linear first;
    private readonly Linear last;
    private readonly Linear? context;
    private readonly Tensor firstMask;
    private readonly Tensor lastMask;
    private readonly int _length;

    /// <param name="length">Number of dimensions.</param>
    /// <param name="hidden">Width of the hidden layer.</param>
    /// <param name="contextLength">Length of the context; 0 for none.</param>
    /// <param name="isReversed">Whether the last dimension comes first.</param>
    public Made(int length, int hidden, int contextLength, bool isReversed)
        : base(nameof(Made))
    {
        _length = length;
        int[] order = [.. Enumerable.Range(1, length).Select(d => isReversed ? length + 1 - d : d)];
        int[] degrees = [.. Enumerable.Range(0, hidden).Select(i => 1 + (i % Math.Max(1, length - 1)))];
        first = nn.Linear(length, hidden);
        last = nn.Linear(hidden, 2 * length);
        context = contextLength > 0 ? nn.Linear(contextLength, hidden, hasBias: false) : null;
        nn.init.zeros_(last.weight!);
        nn.init.zeros_(last.bias!);
        firstMask = Mask(degrees, order, (output, input) => output >= input);
        lastMask = Mask([.. order, .. order], degrees, (output, input) => output > input);
        RegisterComponents();
    }

    /// <summary>Computes the network's output, [rows, 2 · length], scales first; they are not bounded yet.</summary>
    public override Tensor forward(Tensor z) => Output(Hidden(z));

    /// <summary>Computes the scale 2 tanh(·/2) and the shift of each dimension.</summary>
    /// <param name="z">[rows, length].</param>
    public (Tensor Scale, Tensor Shift) Affine(Tensor z) => Split(call(z));

    /// <summary>Computes the scale and the shift of each dimension in a context.</summary>
    /// <param name="z">[draws, rows, length].</param>
    /// <param name="about">The context, [rows, contextLength], which all draws share.</param>
    public (Tensor Scale, Tensor Shift) Affine(Tensor z, Tensor about)
    {
        var hidden = Hidden(z.reshape(-1, _length)).reshape(z.shape[0], z.shape[1], -1) + context!.call(about);
        var (scale, shift) = Split(Output(hidden.reshape(-1, hidden.shape[2])));
        return (scale.reshape(z.shape), shift.reshape(z.shape));
    }

    /// <summary>Writes the scale and the shift of codes [batch, length].</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="name">Beginning of the nodes' names.</param>
    /// <param name="weights">Beginning of the weights' names, which several calls share.</param>
    /// <param name="z">Name of the codes.</param>
    /// <param name="about">Name of the context, or null.</param>
    public (string Scale, string Shift) Write(OnnxGraph graph, string name, string weights, string z, string? about = null)
    {
        using var scope = NewDisposeScope();
        var hidden = Masked("first", first, firstMask, z);
        if (about is not null)
        {
            var given = LinearLayer.Write(graph, $"{name}.context", $"{weights}.context", context!, about);
            hidden = graph.Add("Add", $"{name}.with_context", [hidden, given]);
        }

        var both = Masked("last", last, lastMask, graph.Add("Tanh", $"{name}.tanh", [hidden]));
        var scale = graph.BoundedScale($"{name}.scale", graph.Slice($"{name}.raw", both, 0, _length));
        return (scale, graph.Slice($"{name}.shift", both, _length, _length));

        string Masked(string layer, Linear linear, Tensor mask, string input) =>
            graph.Add(
                "Gemm",
                $"{name}.{layer}",
                [
                    input,
                    graph.Weight($"{weights}.{layer}.weight", linear.weight! * mask),
                    graph.Weight($"{weights}.{layer}.bias", linear.bias!),
                ],
                ("transB", 1)
            );
    }

    private Tensor Hidden(Tensor z) => z.mm((first.weight! * firstMask).t()) + first.bias!;

    private Tensor Output(Tensor hidden) => hidden.tanh().mm((last.weight! * lastMask).t()) + last.bias!;

    private (Tensor Scale, Tensor Shift) Split(Tensor both) =>
        ((both.narrow(1, 0, _length) * 0.5).tanh() * 2, both.narrow(1, _length, _length));

    private static Tensor Mask(int[] outputs, int[] inputs, Func<int, int, bool> connects) =>
        tensor(
            [.. outputs.SelectMany(output => inputs.Select(input => connects(output, input) ? 1f : 0f))],
            [outputs.Length, inputs.Length]
        );
}
