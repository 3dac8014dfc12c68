using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Google.Protobuf;
using Latent.Contracts;
using Latent.Models.Onnx.Proto;
using static TorchSharp.torch;

namespace Latent.Models.Onnx;

/// <summary>Builds a graph node by node. The single output of a node has the node's name.</summary>
internal sealed class OnnxGraph(string name, string description)
{
    /// <summary>The domain of ONNX's operators for classical machine learning.</summary>
    public const string MlDomain = "ai.onnx.ml";

    private readonly GraphProto _graph = new() { Name = name, DocString = description };
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    public GraphProto Proto => _graph;

    // What every name that is given begins with.
    private string _prefix = "";

    public string Input(string name, IReadOnlyList<int> shape, string description, bool isText = false)
    {
        _names.Add(name);
        _graph.Input.Add(Declare(name, shape, description, isText));
        return name;
    }

    /// <summary>Gives a tensor the name of an output, there and wherever it is used.</summary>
    public string Output(string tensor, string name, IReadOnlyList<int> shape, string description, bool isText = false)
    {
        if (!_names.Add(name))
            throw new InvalidOperationException($"{name} is already a name in graph {_graph.Name}.");
        _graph.Output.Add(Declare(name, shape, description, isText));
        // An input or another output keeps its own name.
        if (_graph.Node.All(n => n.Output[0] != tensor) || _graph.Output.Any(o => o.Name == tensor))
        {
            _graph.Node.Add(
                new NodeProto
                {
                    OpType = "Identity",
                    Name = name,
                    Input = { tensor },
                    Output = { name },
                }
            );
            return name;
        }

        foreach (var node in _graph.Node)
        {
            Rename(node.Input, tensor, name);
            Rename(node.Output, tensor, name);
        }

        return name;
    }

    public string Add(string op, string name, IEnumerable<string> inputs, params (string Name, object Value)[] attributes) =>
        Add("", op, name, inputs, attributes);

    /// <summary>Adds an operator of ai.onnx.ml.</summary>
    public string AddMl(string op, string name, IEnumerable<string> inputs, params (string Name, object Value)[] attributes) =>
        Add(MlDomain, op, name, inputs, attributes);

    /// <summary>Names a further output of a node.</summary>
    /// <param name="node">The node, by its first output.</param>
    /// <param name="name">The name.</param>
    public string AddOutput(string node, string name)
    {
        name = Claim(name);
        _graph.Node.Single(n => n.Output[0] == node).Output.Add(name);
        return name;
    }

    private string Add(string domain, string op, string name, IEnumerable<string> inputs, (string Name, object Value)[] attributes)
    {
        name = Claim(name);
        var node = new NodeProto
        {
            OpType = op,
            Name = name,
            Input = { inputs },
            Output = { name },
        };
        if (domain.Length > 0)
            node.Domain = domain;
        foreach (var (key, value) in attributes)
            node.Attribute.Add(Attribute(key, value));
        _graph.Node.Add(node);
        return name;
    }

    /// <summary>Writes something for each member of an ensemble, whose names tell the members apart.</summary>
    /// <param name="members">The members; a single one has names without prefix.</param>
    /// <param name="write">Writes it for a member.</param>
    public IReadOnlyList<TResult> ForEach<TMember, TResult>(IReadOnlyList<TMember> members, Func<TMember, TResult> write)
    {
        if (members.Count == 1)
            return [write(members[0])];
        var results = new List<TResult>();
        foreach (var (i, member) in members.Index())
        {
            _prefix = $"member{i}.";
            results.Add(write(member));
        }

        _prefix = "";
        return results;
    }

    /// <summary>Writes the mean of tensors; of a single one itself.</summary>
    public string Mean(string name, IReadOnlyList<string> tensors)
    {
        if (tensors.Count == 1)
            return tensors[0];
        var sum = tensors[0];
        for (var i = 1; i < tensors.Count; i++)
            sum = Add("Add", $"{name}.sum{i}", [sum, tensors[i]]);
        return Add("Div", name, [sum, Constant($"{name}.count", tensors.Count)]);
    }

    /// <summary>Writes tensors one after the other along their second axis; of a single one itself.</summary>
    public string Concat(string name, IReadOnlyList<string> tensors) =>
        tensors.Count == 1 ? tensors[0] : Add("Concat", name, tensors, ("axis", 1));

    /// <summary>Writes a part of a tensor along its second axis.</summary>
    public string Slice(string name, string tensor, long from, long count) =>
        Add(
            "Slice",
            name,
            [tensor, Integers($"{name}.from", [from]), Integers($"{name}.to", [from + count]), Integers($"{name}.axis", [1])]
        );

    /// <summary>Writes columns of a tensor in an order.</summary>
    public string Columns(string name, string tensor, int[] columns) =>
        Add("Gather", name, [tensor, Integers($"{name}.places", Array.ConvertAll(columns, i => (long)i))], ("axis", 1));

    /// <summary>Writes whole numbers or truth values as floats.</summary>
    public string ToFloat(string name, string tensor) => Add("Cast", name, [tensor], ("to", (int)TensorProto.Types.DataType.Float));

    /// <summary>Writes 2 tanh(x/2), the scale of a flow.</summary>
    public string BoundedScale(string name, string raw)
    {
        var half = Add("Mul", $"{name}.half", [raw, Constant("one_half", 0.5f)]);
        return Add("Mul", name, [Add("Tanh", $"{name}.tanh", [half]), Constant("two", 2)]);
    }

    public string Weight(string name, Tensor tensor)
    {
        name = _prefix + name;
        if (!_names.Add(name))
            return name;
        using var scope = NewDisposeScope();
        var values = tensor.detach().cpu().contiguous();
        if (values.dtype != ScalarType.Float32)
            throw new LatentException($"{name} is of type {values.dtype}; a graph's weights must be Float32.");
        return Store(name, values.shape, MemoryMarshal.Cast<float, int>(values.data<float>().ToArray()));
    }

    public string Constant(string name, params float[] values)
    {
        name = _prefix + name;
        return _names.Add(name) ? Store(name, values.Length == 1 ? [] : [values.Length], MemoryMarshal.Cast<float, int>(values)) : name;
    }

    /// <summary>Stores a matrix, row by row.</summary>
    public string Matrix(string name, int rows, int columns, float[] values)
    {
        name = _prefix + name;
        return _names.Add(name) ? Store(name, [rows, columns], MemoryMarshal.Cast<float, int>(values)) : name;
    }

    public string Integers(string name, long[] values)
    {
        name = Claim(name);
        var bytes = new byte[values.Length * sizeof(long)];
        for (var i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(i * sizeof(long)), values[i]);
        _graph.Initializer.Add(
            new TensorProto
            {
                Name = name,
                DataType = (int)TensorProto.Types.DataType.Int64,
                Dims = { values.Length },
                RawData = UnsafeByteOperations.UnsafeWrap(bytes),
            }
        );
        return name;
    }

    private string Store(string name, IEnumerable<long> shape, ReadOnlySpan<int> values)
    {
        var bytes = new byte[values.Length * sizeof(int)];
        for (var i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(i * sizeof(int)), values[i]);
        _graph.Initializer.Add(
            new TensorProto
            {
                Name = name,
                DataType = (int)TensorProto.Types.DataType.Float,
                Dims = { shape },
                RawData = UnsafeByteOperations.UnsafeWrap(bytes),
            }
        );
        return name;
    }

    private string Claim(string name)
    {
        name = _prefix + name;
        return _names.Add(name) ? name : throw new InvalidOperationException($"{name} is already a name in graph {_graph.Name}.");
    }

    private static void Rename(Google.Protobuf.Collections.RepeatedField<string> names, string from, string to)
    {
        for (var i = 0; i < names.Count; i++)
        {
            if (names[i] == from)
                names[i] = to;
        }
    }

    private static ValueInfoProto Declare(string name, IReadOnlyList<int> shape, string description, bool isText)
    {
        var dimensions = new TensorShapeProto { Dim = { new TensorShapeProto.Types.Dimension { DimParam = TensorNames.Batch } } };
        dimensions.Dim.AddRange(shape.Select(n => new TensorShapeProto.Types.Dimension { DimValue = n }));
        var type = new TypeProto.Types.Tensor
        {
            ElemType = (int)(isText ? TensorProto.Types.DataType.String : TensorProto.Types.DataType.Float),
            Shape = dimensions,
        };
        return new ValueInfoProto
        {
            Name = name,
            DocString = description,
            Type = new TypeProto { TensorType = type },
        };
    }

    private static AttributeProto Attribute(string name, object value) =>
        value switch
        {
            float number => new AttributeProto
            {
                Name = name,
                Type = AttributeProto.Types.AttributeType.Float,
                F = number,
            },
            int number => new AttributeProto
            {
                Name = name,
                Type = AttributeProto.Types.AttributeType.Int,
                I = number,
            },
            string text => new AttributeProto
            {
                Name = name,
                Type = AttributeProto.Types.AttributeType.String,
                S = ByteString.CopyFromUtf8(text),
            },
            float[] numbers => new AttributeProto
            {
                Name = name,
                Type = AttributeProto.Types.AttributeType.Floats,
                Floats = { numbers },
            },
            string[] texts => new AttributeProto
            {
                Name = name,
                Type = AttributeProto.Types.AttributeType.Strings,
                Strings = { texts.Select(ByteString.CopyFromUtf8) },
            },
            long[] numbers => new AttributeProto
            {
                Name = name,
                Type = AttributeProto.Types.AttributeType.Ints,
                Ints = { numbers },
            },
            _ => throw new ArgumentException($"{value.GetType()} is no type of attribute that is written here.", nameof(value)),
        };
}
