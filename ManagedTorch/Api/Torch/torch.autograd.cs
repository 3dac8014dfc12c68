using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    public static partial class autograd
    {
        public static IList<Tensor> grad(
            IList<Tensor> outputs,
            IList<Tensor> inputs,
            IList<Tensor>? grad_outputs = null,
            bool retain_graph = false,
            bool create_graph = false,
            bool allow_unused = false
        )
        {
            TorchErrors.CheckUnset(grad_outputs is null, nameof(grad_outputs));
            TorchErrors.CheckUnset(!create_graph, nameof(create_graph));
            TorchErrors.CheckUnset(!allow_unused, nameof(allow_unused));
            var wanted = new Dictionary<Node, Tensor?>();
            for (var i = 0; i < inputs.Count; i++)
            {
                if (!inputs[i].requires_grad)
                    TorchErrors.Throw($"Input {i} doesn't require grad.");
                inputs[i].CheckHistory();
                wanted[inputs[i].Node!] = null;
            }

            Engine.Backward(outputs, retain_graph, wanted);
            try
            {
                return
                [
                    .. inputs.Select(
                        (input, i) =>
                            wanted[input.Node!]?.Detached() ?? throw TorchErrors.Error($"Input {i} was not used to compute the outputs.")
                    ),
                ];
            }
            finally
            {
                foreach (var result in wanted.Values)
                    result?.Dispose();
            }
        }
    }
}
