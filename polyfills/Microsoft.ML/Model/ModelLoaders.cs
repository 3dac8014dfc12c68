using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using Microsoft.ML.Transforms.Onnx;

namespace Microsoft.ML;

/// <summary>Which code loads a signed part of a model.</summary>
internal static class ModelLoaders
{
    private static readonly Dictionary<string, Func<ModelLoadContext, ITransformer>> s_loaders = new()
    {
        [TransformerChainModel.Signature] = TransformerChainModel.Load,
        [ColumnConcatenatingTransformer.Signature] = ColumnConcatenatingTransformer.Load,
        [ColumnCopyingTransformer.Signature] = ColumnCopyingTransformer.Load,
        [ColumnSelectingTransformer.Signature] = ColumnSelectingTransformer.Load,
        [OnnxTransformer.Signature] = OnnxTransformer.Load,
        [ClusteringPrediction.Signature] = ClusteringPrediction.Load,
        [AnomalyPrediction.Signature] = AnomalyPrediction.Load,
        [PrincipalComponentAnalysisTransformer.Signature] = PrincipalComponentAnalysisTransformer.Load,
        [NormalizingTransformer.Signature] = NormalizingTransformer.Load,
        [MissingValueReplacingTransformer.Signature] = MissingValueReplacingTransformer.Load,
        [TypeConvertingTransformer.Signature] = TypeConvertingTransformer.Load,
        [ValueToKeyMappingTransformer.Signature] = ValueToKeyMappingTransformer.Load,
        [KeyToValueMappingTransformer.Signature] = KeyToValueMappingTransformer.Load,
        [CustomMapping.Signature] = CustomMapping.Load,
    };

    public static Func<ModelLoadContext, ITransformer> Find(string signature) => s_loaders.TryGetValue(signature, out var loader)
        ? loader
        : throw new FormatException($"The model has a part of kind '{signature}', which nothing here loads.");

    public static void Write<T>(this BinaryWriter writer, IReadOnlyCollection<T> items, Action<T> write)
    {
        writer.Write(items.Count);
        foreach (var item in items)
            write(item);
    }

    public static T[] Read<T>(this BinaryReader reader, Func<T> read)
    {
        var items = new T[reader.ReadInt32()];
        for (var i = 0; i < items.Length; i++)
            items[i] = read();
        return items;
    }
}
