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
            bool allow_unused = false)
        {
            var wanted = Differentiate(outputs, grad_outputs, retain_graph || create_graph, create_graph, inputs);
            var results = new Tensor[inputs.Count];
            for (var i = 0; i < results.Length; i++)
            {
                var result = wanted[inputs[i].Node!];
                if (result is null && !allow_unused)
                {
                    foreach (var other in wanted.Values)
                        other?.Dispose();
                    TorchErrors.Throw($"Input {i} was not used to compute the outputs; pass allow_unused: true if that is meant.");
                }

                results[i] = result?.Detached()!;
            }

            foreach (var result in wanted.Values)
                result?.Dispose();
            return results;
        }

        public static void backward(
            IList<Tensor> tensors,
            IList<Tensor>? grad_tensors = null,
            bool? retain_graph = null,
            bool create_graph = false,
            IList<Tensor>? inputs = null)
        {
            var retain = retain_graph ?? create_graph;
            if (inputs is null)
            {
                CheckArguments(tensors, grad_tensors, create_graph);
                Engine.Backward(Span(tensors), grad_tensors, retain);
                return;
            }

            foreach (var (node, result) in Differentiate(tensors, grad_tensors, retain, create_graph, inputs))
            {
                if (result is null)
                    continue;
                if (node.Grad is null)
                {
                    node.Grad = result.Storage.IsExclusive && result.IsDense ? result.Unregistered() : Copies.Unregistered(result);
                }
                else
                {
                    using (no_grad())
                        node.Grad.add_(result);
                }

                result.Dispose();
            }
        }

        public static void backward(
            Tensor tensor,
            IList<Tensor>? grad_tensors = null,
            bool? retain_graph = null,
            bool create_graph = false,
            IList<Tensor>? inputs = null) => backward([tensor], grad_tensors, retain_graph, create_graph, inputs);

        public static void backward(
            Tensor tensor,
            Tensor grad_tensor,
            bool? retain_graph = null,
            bool create_graph = false,
            IList<Tensor>? inputs = null) => backward([tensor], [grad_tensor], retain_graph, create_graph, inputs);

        private static Dictionary<Node, Tensor?> Differentiate(
            IList<Tensor> outputs, IList<Tensor>? grads, bool retainGraph, bool createGraph, IList<Tensor> inputs)
        {
            CheckArguments(outputs, grads, createGraph);
            var wanted = new Dictionary<Node, Tensor?>();
            for (var i = 0; i < inputs.Count; i++)
            {
                if (!inputs[i].requires_grad)
                    TorchErrors.Throw($"Input {i} doesn't require grad.");
                inputs[i].CheckHistory();
                wanted[inputs[i].Node!] = null;
            }

            Engine.Backward(Span(outputs), grads, retainGraph, wanted);
            return wanted;
        }

        private static void CheckArguments(IList<Tensor> tensors, IList<Tensor>? grads, bool createGraph)
        {
            if (createGraph)
                throw new NotSupportedException("Gradients of gradients are not available: create_graph must be false.");
            if (grads is not null && grads.Count != tensors.Count)
                TorchErrors.Throw($"{grads.Count} gradients were given for {tensors.Count} tensors.");
        }

    }
}
