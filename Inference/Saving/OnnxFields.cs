namespace Latent.Inference.Saving;

/// <summary>Holds the field numbers of onnx.proto that graphs are read and changed by.</summary>
internal static class OnnxFields
{
    // ModelProto
    public const int Graph = 7,
        Metadata = 14,
        Functions = 25;

    // StringStringEntryProto
    public const int MetadataKey = 1,
        MetadataValue = 2;

    // GraphProto
    public const int Node = 1,
        Initializer = 5,
        Input = 11,
        Output = 12,
        ValueInfo = 13,
        SparseInitializer = 15;

    // FunctionProto
    public const int FunctionNode = 7;

    // NodeProto
    public const int NodeInput = 1,
        NodeOutput = 2,
        NodeName = 3,
        OpType = 4,
        NodeAttribute = 5,
        Domain = 7;

    // AttributeProto
    public const int AttributeName = 1,
        AttributeFloat = 2,
        AttributeTensor = 5,
        Subgraph = 6,
        AttributeFloats = 7,
        AttributeStrings = 9,
        AttributeTensors = 10,
        Subgraphs = 11,
        SparseTensor = 22,
        SparseTensors = 23;

    // TensorProto
    public const int TensorDimensions = 1,
        DataType = 2,
        TensorName = 8,
        TensorBytes = 9,
        ExternalData = 13,
        DataLocation = 14;

    // ValueInfoProto, TypeProto and TensorShapeProto
    public const int ValueName = 1,
        ValueInfoType = 2,
        TensorType = 1,
        ElementType = 1,
        TensorShape = 2,
        Dimension = 1,
        DimensionValue = 1,
        DimensionName = 2;

    // TensorProto.DataType
    public const int FloatType = 1,
        Int64Type = 7;
}
