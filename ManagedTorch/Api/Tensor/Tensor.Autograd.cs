using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public bool requires_grad
        {
            get
            {
                CheckAlive();
                return _node is { Enabled: true };
            }
            set => SetRequiresGrad(value);
        }

        public bool is_leaf
        {
            get
            {
                CheckAlive();
                return _node is not { Enabled: true } or Leaf;
            }
        }

        /// <summary>A new handle on the gradient, or null; of tensors that aren't leaves only after retain_grad().</summary>
        public Tensor? grad
        {
            get
            {
                CheckAlive();
                return _node?.Grad?.Alias();
            }
            set
            {
                CheckAlive();
                if (_node is null)
                {
                    if (value is null)
                        return;
                    var leaf = new Leaf();
                    leaf.Enable(false);
                    From(leaf);
                }

                if (value is not null && !Shapes.Same(value.Shape, Shape))
                {
                    TorchErrors.Throw(
                        $"A gradient of shape {TorchErrors.Text(value.Shape)} can't be given to a tensor of shape " +
                        $"{TorchErrors.Text(Shape)}.");
                }

                if (value is not null && value.dtype != dtype)
                    TorchErrors.Throw($"A gradient of type {value.dtype} can't be given to a tensor of type {dtype}.");
                var old = _node!.Grad;
                _node.Grad = value?.Unregistered();
                old?.Dispose();
            }
        }

        /// <summary>Where this tensor came from; null when nothing is to be differentiated.</summary>
        internal Node? Node => _node;

        /// <summary>The gradient itself, owned by the tensor: for the optimizers, which neither keep nor dispose it.</summary>
        internal Tensor? GradOrNull => _node?.Grad;

        /// <summary>What .grad?.zero_() does, without work for a gradient that the next backward pass overwrites anyway.</summary>
        internal void ClearGrad()
        {
            if (_node is Leaf leaf)
                leaf.ClearGrad();
            else
                _node?.Grad?.Fill(0);
        }

        public Tensor requires_grad_(bool requires_grad = true)
        {
            SetRequiresGrad(requires_grad);
            return this;
        }

        public Tensor with_requires_grad(bool requires_grad = true) => requires_grad_(requires_grad);

        public void retain_grad()
        {
            if (!requires_grad)
                TorchErrors.Throw("retain_grad needs a tensor that requires grad.");
            if (_node is not Leaf)
                _node!.RetainsGrad = true;
        }

        public Tensor detach()
        {
            CheckAlive();
            return Detached();
        }

        public Tensor detach_()
        {
            CheckAlive();
            if (_isView)
                TorchErrors.Throw("A view can't be detached in place; use detach().");
            _node?.RemoveReference();
            _node = null;
            return this;
        }

        public void backward() => Engine.Backward([this], null, false);

        public void backward(
            IList<Tensor>? grad_tensors = null, bool retain_graph = false, bool create_graph = false, IList<Tensor>? inputs = null) =>
            autograd.backward([this], grad_tensors, retain_graph, create_graph, inputs);

        /// <summary>Makes this tensor the result of a node.</summary>
        internal Tensor From(Node node)
        {
            node.AddReference();
            _node?.RemoveReference();
            _node = node;
            if (_history != int.MaxValue)
                _history = Storage.History;
            return this;
        }

        /// <summary>Makes this tensor the result of a node that changed it in place; views of its memory know an old history.</summary>
        internal Tensor Continue(Node node)
        {
            Storage.History++;
            return From(node);
        }

        /// <summary>To be called before an operation in place; says whether it belongs into the graph.</summary>
        internal bool BeginWrite(Tensor? operand = null, Tensor? operand2 = null)
        {
            CheckAlive();
            if (!GradMode.Records(this, operand, operand2))
                return false;
            CheckHistory();
            if (_node is Leaf { Enabled: true })
            {
                TorchErrors.Throw(
                    $"A leaf that requires grad, of shape {TorchErrors.Text(Shape)}, can't be changed in place while gradients " +
                    "are recorded; use torch.no_grad().");
            }

            if (_isView)
            {
                TorchErrors.Throw(
                    "An operation in place on a part of a tensor, or on a view of a leaf, can't be recorded; make a new tensor instead, " +
                    "or change the view under torch.no_grad().");
            }

            return true;
        }

        /// <summary>To be called after an operation in place: what backward saved of this memory is no longer true.</summary>
        internal void Written() => Storage.MarkWritten();

        /// <summary>Whoever shares memory with a tensor that a recorded operation changed in place knows an older history of it.</summary>
        internal void CheckHistory()
        {
            if (_history < Storage.History)
            {
                TorchErrors.Throw(
                    $"A tensor of shape {TorchErrors.Text(Shape)} shares memory with one that a recorded operation has changed in place " +
                    "since; go on from that one, or from a new view of it.");
            }
        }

        /// <summary>A handle of the same tensor that no scope disposes.</summary>
        internal Tensor Unregistered()
        {
            var alias = Alias();
            alias.OwningScope?.Remove(alias);
            return alias;
        }

        private void SetRequiresGrad(bool value)
        {
            CheckAlive();
            if (_node is Leaf leaf)
            {
                leaf.Enable(value);
                return;
            }

            if (_node is not null)
            {
                if (!value)
                    TorchErrors.Throw("requires_grad can only be taken from a leaf; use detach() for a tensor that was computed.");
                return;
            }

            if (!value)
                return;
            if (!torch.is_floating_point(_dtype))
                TorchErrors.Throw($"Only tensors of floating point type can require gradients, not {_dtype}.");
            From(new Leaf());
        }
    }
}
