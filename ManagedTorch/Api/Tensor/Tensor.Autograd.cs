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
        }

        /// <summary>
        /// A new handle on the gradient, or null; null too of tensors that aren't leaves. One that is given is added to in its own memory.
        /// </summary>
        public Tensor? grad
        {
            get
            {
                CheckAlive();
                return GradOrNull?.Alias();
            }
            set
            {
                CheckAlive();
                if (_node is not Leaf leaf)
                    throw TorchErrors.Error("Only a leaf that requires grad can be given a gradient.");
                if (value is not null && (!value.IsFloat || !Shapes.Same(value.Shape, Shape)))
                {
                    throw TorchErrors.Error(
                        $"A gradient of shape {TorchErrors.Text(value.Shape)} can't be given to a tensor of shape {TorchErrors.Text(Shape)}."
                    );
                }

                leaf.Replace(value?.Detached().DetachFromDisposeScope());
            }
        }

        /// <summary>Where this tensor came from; null when nothing is to be differentiated.</summary>
        internal Node? Node => _node;

        /// <summary>The gradient itself, owned by the tensor: for the optimizers, which neither keep nor dispose it.</summary>
        internal Tensor? GradOrNull => (_node as Leaf)?.Grad;

        /// <summary>What .grad?.zero_() does, without work for a gradient that the next backward pass overwrites anyway.</summary>
        internal void ClearGrad() => (_node as Leaf)?.ClearGrad();

        public Tensor requires_grad_(bool requires_grad = true)
        {
            SetRequiresGrad(requires_grad);
            return this;
        }

        public Tensor detach()
        {
            CheckAlive();
            return Detached();
        }

        public void backward() => Engine.Backward([this], false);

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
        internal bool BeginWrite(Tensor? operand = null)
        {
            CheckAlive();
            if (!GradMode.Records(this, operand, null))
                return false;
            CheckHistory();
            if (_node is Leaf { Enabled: true })
            {
                TorchErrors.Throw(
                    $"A leaf that requires grad, of shape {TorchErrors.Text(Shape)}, can't be changed in place while gradients "
                        + "are recorded; use torch.no_grad()."
                );
            }

            if (_isView)
            {
                TorchErrors.Throw(
                    "An operation in place on a part of a tensor, or on a view of a leaf, can't be recorded; make a new tensor instead, "
                        + "or change the view under torch.no_grad()."
                );
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
                    $"A tensor of shape {TorchErrors.Text(Shape)} shares memory with one that a recorded operation has changed in place "
                        + "since; go on from that one, or from a new view of it."
                );
            }
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
            if (!IsFloat)
                TorchErrors.Throw($"Only Float32 tensors can require gradients, not {_dtype}.");
            From(new Leaf());
        }
    }
}
