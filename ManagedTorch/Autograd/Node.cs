// Adding a differentiable operation takes three things:
//
//   1. Compute the result:        var y = Tensor.New(x.Shape);  Kernel(...);
//   2. Write its gradient:        internal sealed class SquareNode : Node
//                                 {
//                                     private Saved _input;
//                                     public SquareNode(Tensor input) : base(input) => _input = Save(input);
//                                     protected override void Backward(Tensor grad) => Give(0, grad * Load(ref _input) * 2);
//                                     protected override void Release() => _input.Release();
//                                 }
//   3. Record it when asked for:  return GradMode.Records(x) ? y.From(new SquareNode(x)) : y;
//
// Backward runs with recording off in a dispose scope of its own: it may use any tensor operation and needs to dispose nothing. It gives
// input i its gradient, of the input's shape (SumTo reduces a broadcast one), when Needs(i). A node has one differentiable result. Tensors
// needed later are saved with Save and released in Release; the result itself is saved as any other: Save(y). An operation in place does
// its work, then calls x.Written(), then, when it records, x.Continue(node).
using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace TorchSharp.Autograd;

/// <summary>A step of the graph: knows where its inputs came from and how a gradient of its result becomes theirs.</summary>
internal abstract class Node
{
    private static long _made;

    [ThreadStatic]
    private static Stack<Node>? _unreferenced;

    [ThreadStatic]
    private static bool _releasing;

    private readonly Node? _input0;
    private readonly Node? _input1;
    private readonly Node? _input2;
    private readonly Node?[]? _inputs;
    private int _references;

    protected Node() { }

    protected Node(Tensor? input0, Tensor? input1 = null, Tensor? input2 = null)
    {
        Sequence = Interlocked.Increment(ref _made);
        _input0 = Edge(input0);
        _input1 = Edge(input1);
        _input2 = Edge(input2);
    }

    protected Node(ReadOnlySpan<Tensor> inputs)
    {
        Sequence = Interlocked.Increment(ref _made);
        _inputs = new Node?[inputs.Length];
        for (var i = 0; i < inputs.Length; i++)
            _inputs[i] = Edge(inputs[i]);
    }

    /// <summary>Later nodes have greater numbers than the nodes they came from: their order is a topological one.</summary>
    public long Sequence { get; }

    /// <summary>The gradient gathered so far, in the backward pass under way.</summary>
    public Tensor? Pending { get; set; }

    /// <summary>False only for a leaf whose requires_grad was taken back.</summary>
    public virtual bool Enabled => true;

    public int InputCount => _inputs?.Length ?? 3;

    public void AddReference() => Interlocked.Increment(ref _references);

    /// <summary>When nobody needs this node any more, what it saved goes back at once, and so on towards the leaves.</summary>
    public void RemoveReference()
    {
        if (Interlocked.Decrement(ref _references) != 0)
            return;

        // A list of work, since a recursion would be as deep as the graph is long.
        var work = _unreferenced ??= new Stack<Node>();
        work.Push(this);
        if (_releasing)
            return;
        _releasing = true;
        while (work.TryPop(out var node))
        {
            node.Release();
            (node as Leaf)?.DropGrad();
            for (var i = 0; i < node.InputCount; i++)
                node.Input(i)?.RemoveReference();
        }

        _releasing = false;
    }

    public Node? Input(int i) =>
        _inputs is null
            ? (
                i == 0 ? _input0
                : i == 1 ? _input1
                : _input2
            )
            : _inputs[i];

    public void Run(Tensor grad) => Backward(grad);

    public void ReleaseSaved() => Release();

    protected abstract void Backward(Tensor grad);

    protected virtual void Release() { }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected bool Needs(int input) => Input(input) is not null;

    protected void Give(int input, Tensor grad)
    {
        if (Input(input) is { } node)
            Engine.Deliver(node, grad);
    }

    /// <summary>Where the gradient of an input may be written to before it is given; null for a new tensor.</summary>
    protected Tensor? PlaceOf(int input) => Input(input) is { } node ? Engine.Place(node) : null;

    protected static Saved Save(Tensor tensor) => new(tensor);

    /// <summary>The saved tensor, as it was; throws when it was written to since, or released by an earlier backward pass.</summary>
    protected Tensor Load(ref Saved saved) => saved.Load(GetType());

    /// <summary>Sums a gradient over the dimensions along which the input was broadcast.</summary>
    protected static Tensor SumTo(Tensor grad, long[] shape) => Broadcast.SumTo(grad, shape);

    /// <summary>scale times a gradient; one that is a single element shown everywhere stays one.</summary>
    protected static Tensor Scaled(Tensor grad, double scale)
    {
        if (scale == 1)
            return grad;
        if (!grad.IsUniform || grad.Count == 1)
            return Arithmetic.Multiply(grad, scale);
        var one = grad.ViewOf(Shapes.Scalar, null, grad.Offset);
        var scaled = Arithmetic.Multiply(one, scale);
        return scaled.ViewOf(grad.Shape, grad.Strides, 0);
    }

    private static Node? Edge(Tensor? input)
    {
        if (input is null)
            return null;
        input.CheckHistory();
        if (input.Node is not { Enabled: true } node)
            return null;
        node.AddReference();
        return node;
    }
}
