using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Autograd;

/// <summary>
/// The backward pass: takes the latest node that has a gradient, runs it, and hands what it gives to the nodes before it, until none is
/// left. Every tensor that the nodes make belongs to a scope that is emptied after each node.
/// </summary>
internal sealed class Engine
{
    [ThreadStatic]
    private static Engine? _ofThisThread;

    private readonly PriorityQueue<Node, long> _ready = new();
    private DisposeScope _scope = null!;
    private bool _running;

    // For autograd.grad: which nodes' gradients are asked for; null means every leaf's.
    private Dictionary<Node, Tensor?>? _wanted;

    public static void Backward(IEnumerable<Tensor> roots, bool retainGraph, Dictionary<Node, Tensor?>? wanted = null)
    {
        var engine = _ofThisThread ??= new Engine();
        if (engine._running)
            TorchErrors.Throw("A backward pass can't be started from within another one.");

        var recording = GradMode.Enabled;
        engine._scope = DisposeScopeManager.OfThisThread.Open();
        engine._wanted = wanted;
        engine._running = true;
        GradMode.Enabled = false;
        try
        {
            foreach (var root in roots)
                Start(root);
            engine.Run(retainGraph);
        }
        finally
        {
            engine.DropPending();
            GradMode.Enabled = recording;
            engine._running = false;
            engine._wanted = null;
            engine._scope.Dispose();
        }
    }

    /// <summary>
    /// Adds to the gradient that waits at a node. Called by the nodes, with tensors of the engine's scope or their own gradient.
    /// </summary>
    public static void Deliver(Node node, Tensor grad)
    {
        var engine = _ofThisThread!;
        var own = engine.Own(grad);
        if (engine._wanted is null)
        {
            if (node is Leaf leaf)
            {
                leaf.Accumulate(own);
                return;
            }
        }
        else if (node is Leaf)
        {
            ref var wanted = ref CollectionsMarshal.GetValueRefOrNullRef(engine._wanted, node);
            if (System.Runtime.CompilerServices.Unsafe.IsNullRef(ref wanted))
                own.Dispose();
            else
                wanted = wanted is null ? own : Add(wanted, own);
            return;
        }

        if (node.Pending is { } pending)
        {
            node.Pending = Add(pending, own);
        }
        else
        {
            node.Pending = own;
            engine._ready.Enqueue(node, -node.Sequence);
        }
    }

    /// <summary>Where a node may write what it delivers; null means into memory of its own.</summary>
    public static Tensor? Place(Node node) => _ofThisThread!._wanted is null ? (node as Leaf)?.Place : null;

    /// <summary>The sum of two gradients, both taken over.</summary>
    public static Tensor Add(Tensor sum, Tensor grad)
    {
        if (sum.IsDense && sum.Storage.IsExclusive)
        {
            sum.add_(grad);
            grad.Dispose();
            return sum;
        }

        var added = _ofThisThread!.Own(sum + grad);
        sum.Dispose();
        grad.Dispose();
        return added;
    }

    /// <summary>A gradient that nothing else shares, row by row in memory; takes the tensor over.</summary>
    public static Tensor Dense(Tensor grad)
    {
        if (grad.IsDense && grad.Storage.IsExclusive)
            return grad;
        var copy = _ofThisThread!.Own(grad.clone());
        grad.Dispose();
        return copy;
    }

    private static void Start(Tensor root)
    {
        if (root.Node is not { Enabled: true } node)
            throw TorchErrors.Error("backward was called on a tensor that doesn't require grad and has no history.");
        root.CheckHistory();
        if (root.Count != 1)
            throw TorchErrors.Error($"backward needs a tensor of one element, not one of shape {TorchErrors.Text(root.Shape)}.");
        Deliver(node, Tensor.New(root.Shape).Fill(1));
    }

    private void Run(bool retainGraph)
    {
        while (_ready.TryDequeue(out var node, out _))
        {
            var grad = node.Pending!;
            node.Pending = null;
            if (_wanted is not null && _wanted.ContainsKey(node))
                _wanted[node] = Alias(grad);
            node.Run(grad);
            grad.Dispose();
            if (!retainGraph)
                node.ReleaseSaved();
            _scope.DisposeEverything();
        }
    }

    /// <summary>Takes a tensor out of the engine's scope; of one that isn't its own, makes another handle.</summary>
    private Tensor Own(Tensor tensor)
    {
        if (tensor.OwningScope != _scope)
            return Alias(tensor);
        _scope.Remove(tensor);
        return tensor;
    }

    private Tensor Alias(Tensor tensor)
    {
        var alias = tensor.Detached();
        _scope.Remove(alias);
        return alias;
    }

    private void DropPending()
    {
        while (_ready.TryDequeue(out var node, out _))
        {
            node.Pending?.Dispose();
            node.Pending = null;
        }
    }
}
