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
        : throw new FormatException($"The model has a part of kind '{Shown(signature)}', which nothing here loads.");

    public static void Write<T>(this BinaryWriter writer, IReadOnlyCollection<T> items, Action<T> write)
    {
        writer.Write(items.Count);
        foreach (var item in items)
            write(item);
    }

    public static T[] Read<T>(this BinaryReader reader, Func<T> read)
    {
        var items = new T[reader.ReadCount()];
        for (var i = 0; i < items.Length; i++)
            items[i] = read();
        return items;
    }

    /// <summary>How many items follow. Each takes a byte or more, so that a damaged count takes no more room than the model itself.</summary>
    public static int ReadCount(this BinaryReader reader)
    {
        var count = reader.ReadInt32();
        var left = reader.BaseStream.Length - reader.BaseStream.Position;
        return count >= 0 && count <= left ? count
            : throw new FormatException($"{count} items of the model are announced where {left} bytes are left.");
    }

    /// <summary>A name as a message may show it, on one line, whatever the model has there.</summary>
    public static string Shown(string name) => string.Concat(name.Take(80).Select(c => char.IsControl(c) ? '?' : c));

    public static string ReadName(this BinaryReader reader) => reader.ReadString() is { Length: > 0 } name
        ? name
        : throw new FormatException("A column of the model has no name.");

    /// <summary>Vectors of one length, of which there is one at least.</summary>
    public static float[][] ReadVectors(this BinaryReader reader)
    {
        var vectors = reader.Read(() => reader.Read(reader.ReadSingle));
        return vectors.Length > 0 && vectors[0].Length > 0 && Array.TrueForAll(vectors, vector => vector.Length == vectors[0].Length)
            ? vectors
            : throw new FormatException($"Vectors of lengths {string.Join(", ", vectors.Select(vector => vector.Length))} should be of one.");
    }
}
