using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.Transforms.Onnx;

/// <summary>A graph in ONNX Runtime, with the column types of its inputs and outputs.</summary>
internal sealed class OnnxModel : IDisposable
{
    private readonly string? _file;
    private readonly byte[]? _bytes;
    private readonly IDictionary<string, int[]>? _shapes;

    private OnnxModel(string? file, byte[]? bytes, OnnxOptions options)
    {
        _file = file;
        _bytes = bytes;
        _shapes = options.ShapeDictionary;
        try
        {
            Session = Open(options);
        }
        catch (OnnxRuntimeException e)
        {
            throw new InvalidOperationException($"The ONNX model {file ?? "in the stream"} can't be loaded: {e.Message}", e);
        }
    }

    public InferenceSession Session { get; }

    public static OnnxModel FromFile(OnnxOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.ModelFile))
            throw new ArgumentNullException(nameof(options), "No ONNX file is named.");
        if (!File.Exists(options.ModelFile))
            throw new IOException($"The ONNX file {options.ModelFile} does not exist.");
        return new(options.ModelFile, null, options);
    }

    public static OnnxModel FromBytes(byte[] bytes, OnnxOptions options) => new(null, bytes, options);

    public byte[] ReadBytes() => _bytes ?? File.ReadAllBytes(_file!);

    /// <summary>The inputs of these names, or all. Others may be of kinds that are no columns.</summary>
    public OnnxVariable[] Inputs(string[]? names) => Find(Session.InputMetadata, names, "input");

    /// <summary>The outputs of these names, or all. Others may be of kinds that are no columns.</summary>
    public OnnxVariable[] Outputs(string[]? names) => Find(Session.OutputMetadata, names, "output");

    public void Dispose() => Session.Dispose();

    private OnnxVariable[] Find(IReadOnlyDictionary<string, NodeMetadata> variables, string[]? names, string role) =>
        [.. (names is { Length: > 0 } ? names : variables.Keys).Select(name => variables.TryGetValue(name, out var metadata)
            ? Variable(name, metadata)
            : throw new ArgumentOutOfRangeException(nameof(names), name,
                $"The ONNX model has no {role} '{name}'; it has {string.Join(", ", variables.Keys)}."))];

    private OnnxVariable Variable(string name, NodeMetadata metadata)
    {
        if (!metadata.IsTensor)
            throw NoColumn(name, $"a {metadata.OnnxValueType}");
        var dimensions = metadata.Dimensions;
        if (_shapes is not null && _shapes.TryGetValue(name, out var asked))
        {
            if (asked.Length != dimensions.Length
                || asked.Zip(dimensions).Any(pair => pair.First > 0 && pair.Second > 0 && pair.First != pair.Second))
                throw new ArgumentOutOfRangeException("shapeDictionary",
                    $"'{name}' of the ONNX model has shape {Text(dimensions)}, which {Text(asked)} does not fit.");
            dimensions = asked;
        }

        var item = KnownTypes.Find(metadata.ElementType) ?? throw NoColumn(name, $"a tensor of {metadata.ElementType}");
        return new(name, item, dimensions);
    }

    private static NotSupportedException NoColumn(string name, string kind) =>
        new($"'{name}' of the ONNX model is {kind}, which no column can be; name the inputs and outputs that are wanted.");

    private static string Text(int[] dimensions) => $"[{string.Join(", ", dimensions)}]";

    private InferenceSession Open(OnnxOptions options)
    {
        if (options.GpuDeviceId is { } device)
        {
            try
            {
                using var cuda = Threads(SessionOptions.MakeSessionOptionWithCudaProvider(device), options);
                return Open(cuda);
            }
            catch (Exception e) when (options.FallbackToCpu && e is OnnxRuntimeException or EntryPointNotFoundException)
            {
                // The processor does as well, as asked.
            }
        }

        using var cpu = Threads(new SessionOptions(), options);
        return Open(cpu);
    }

    private InferenceSession Open(SessionOptions options) => _bytes is null ? new(_file, options) : new(_bytes, options);

    private static SessionOptions Threads(SessionOptions session, OnnxOptions options)
    {
        session.InterOpNumThreads = options.InterOpNumThreads ?? 0;
        session.IntraOpNumThreads = options.IntraOpNumThreads ?? 0;
        return session;
    }
}

/// <summary>An input or output tensor: a first dimension that is unknown is the batch, of which ML.NET gives one row.</summary>
internal sealed class OnnxVariable(string name, PrimitiveDataViewType itemType, int[] dimensions)
{
    public string Name { get; } = name;

    public PrimitiveDataViewType ItemType { get; } = itemType;

    /// <summary>Dimensions of one row, 0 where unknown.</summary>
    public int[] Shape { get; } = dimensions.Length == 0 ? [1] : [.. dimensions.Select((d, i) => d > 0 ? d : i == 0 && d < 0 ? 1 : 0)];

    public DataViewType Type { get; } = ColumnType(itemType, dimensions);

    private static DataViewType ColumnType(PrimitiveDataViewType item, int[] dimensions)
    {
        if (dimensions.Length == 0)
            return item;
        int[] row = [dimensions[0] > 0 ? dimensions[0] : 1, .. dimensions.Skip(1).Select(d => Math.Max(0, d))];
        return row.Contains(0) ? new VectorDataViewType(item) : new VectorDataViewType(item, row);
    }
}
