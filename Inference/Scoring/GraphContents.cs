using Latent.Contracts;
using Latent.Inference.Saving;
using static Latent.Inference.Saving.OnnxFields;

namespace Latent.Inference.Scoring;

/// <summary>
/// Refuses graphs with contents that a bundle's own never have: loops, tensors whose size a number decides, data outside the file.
/// </summary>
internal static class GraphContents
{
    /// <summary>The operators that Latent's export writes, and those that turn a saved graph's batches into columns.</summary>
    private static readonly HashSet<string> s_operators = new(StringComparer.Ordinal)
    {
        "Abs",
        "Add",
        "ArgMax",
        "ArgMin",
        "AveragePool",
        "BatchNormalization",
        "Cast",
        "Clip",
        "Concat",
        "Conv",
        "ConvTranspose",
        "Cos",
        "Div",
        "Elu",
        "Equal",
        "Erf",
        "Exp",
        "Flatten",
        "Floor",
        "Gather",
        "Gemm",
        "GreaterOrEqual",
        "Identity",
        "IsNaN",
        "LeakyRelu",
        "Log",
        "MatMul",
        "Max",
        "MaxPool",
        "Min",
        "Mul",
        "Neg",
        "ReduceLogSumExp",
        "ReduceMax",
        "ReduceMean",
        "ReduceSum",
        "Relu",
        "Reshape",
        "Round",
        "Sigmoid",
        "Sign",
        "Sin",
        "Slice",
        "Softplus",
        "Sqrt",
        "Sub",
        "Tanh",
        "TopK",
        "Transpose",
        "Unsqueeze",
        "Where",
    };

    private const string MlDomain = "ai.onnx.ml";

    /// <summary>The operators of <see cref="MlDomain"/> that Latent's export writes.</summary>
    private static readonly HashSet<string> s_mlOperators = new(StringComparer.Ordinal) { "LabelEncoder" };

    private const int MaxDepth = 32;

    /// <summary>Checks a graph.</summary>
    /// <param name="model">The bytes of an ONNX file.</param>
    /// <param name="source">Origin of the bytes, for messages.</param>
    /// <param name="anyOperator">Whether all of ONNX's operators may run; data outside the file are refused in any case.</param>
    /// <exception cref="LatentException">
    /// The bytes are not a protobuf message, or contain something that is refused; the message names it.
    /// </exception>
    public static void Check(byte[] model, string source, bool anyOperator)
    {
        WireMessage message;
        try
        {
            message = WireMessage.Parse(model);
        }
        catch (LatentException e)
        {
            throw new LatentException($"{source} cannot be loaded as an ONNX graph: {e.Message}", e);
        }

        try
        {
            if (!anyOperator && message.Fields.Any(f => f.Number == Functions))
                throw Refused("functions of its own", source);
            foreach (var graph in message.Messages(Graph))
                CheckGraph(graph, source, anyOperator, 0);
            foreach (var function in message.Messages(Functions))
                CheckNodes(function, FunctionNode, source, anyOperator, 0);
        }
        catch (LatentException e) when (!e.Message.StartsWith(source, StringComparison.Ordinal))
        {
            throw new LatentException($"{source} cannot be loaded as an ONNX graph: {e.Message}", e);
        }
    }

    private static void CheckGraph(WireMessage graph, string source, bool anyOperator, int depth)
    {
        if (depth > MaxDepth)
            throw new LatentException($"{source} has graphs within graphs, deeper than {MaxDepth}.");
        foreach (var tensor in graph.Messages(Initializer))
            CheckTensor(tensor, source);
        if (!anyOperator && graph.Fields.Any(f => f.Number == SparseInitializer))
            throw Refused("sparse weights", source);
        CheckNodes(graph, Node, source, anyOperator, depth);
    }

    private static void CheckNodes(WireMessage owner, int field, string source, bool anyOperator, int depth)
    {
        foreach (var node in owner.Messages(field))
        {
            var (type, domain) = (node.Strings(OpType).LastOrDefault(""), node.Strings(Domain).LastOrDefault(""));
            var known = domain is "" or "ai.onnx" ? s_operators.Contains(type) : domain == MlDomain && s_mlOperators.Contains(type);
            if (!anyOperator && !known)
                throw Refused($"the operator {(domain.Length > 0 ? $"{domain}." : "")}{type}", source);
            foreach (var attribute in node.Messages(NodeAttribute))
            {
                if (!anyOperator && attribute.Fields.Any(f => f.Number is Subgraph or Subgraphs or SparseTensor or SparseTensors))
                    throw Refused($"a graph or sparse tensor within {type}", source);
                foreach (var tensor in attribute.Messages(AttributeTensor).Concat(attribute.Messages(AttributeTensors)))
                    CheckTensor(tensor, source);
                foreach (var graph in attribute.Messages(Subgraph).Concat(attribute.Messages(Subgraphs)))
                    CheckGraph(graph, source, anyOperator, depth + 1);
            }
        }
    }

    // Every element takes at least four bits, whatever its type.
    private static void CheckTensor(WireMessage tensor, string source)
    {
        var name = tensor.Strings(TensorName).LastOrDefault("");
        if (tensor.Fields.Any(f => f.Number == ExternalData) || tensor.Numbers(DataLocation).Any(place => place != 0))
        {
            throw new LatentException(
                $"{source} keeps the values of {name} in another file; a bundle's graphs have all of theirs within, which the manifest vouches for."
            );
        }

        var elements = 1.0;
        var bytes = tensor
            .Fields.Where(f => f.Number is not (TensorDimensions or DataType or TensorName))
            .Sum(f => (double)f.Payload.Length);
        foreach (var size in tensor.Numbers(TensorDimensions))
            elements *= size;
        if (!(elements >= 0 && elements <= 2 * bytes))
        {
            throw new LatentException(
                FormattableString.Invariant(
                    $"{source} is damaged: {name} is said to have {elements:0} values, but {bytes:0} bytes are there for it."
                )
            );
        }
    }

    private static LatentException Refused(string what, string source) =>
        new(
            $"{source} has {what}, which Latent's export never writes; "
                + "a bundle that is to be trusted runs with LatentBundleOptions.AllowAnyOperator, or Scorer's --any-operator."
        );
}
