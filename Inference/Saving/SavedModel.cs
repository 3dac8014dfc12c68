using System.Buffers.Binary;
using System.IO.Compression;
using Latent.Contracts;
using Latent.Contracts.Files;
using Latent.Inference.Pipeline;
using Latent.Inference.Scoring;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Latent.Inference.Saving;

/// <summary>
/// Reads and writes models as ML.NET files, with ApplyOnnxModel replaced by the batching transformer for each of Latent's graphs.
/// </summary>
internal static class SavedModel
{
    private const string GraphEntry = "OnnxModel",
        Root = "TransformerChain";

    public static ITransformer Load(MLContext ml, string path, LatentBundleOptions? options, out DataViewSchema inputSchema)
    {
        ITransformer model;
        Dictionary<string, byte[]> graphs;
        try
        {
            graphs = ReadGraphs(path);
            foreach (var graph in graphs.Values)
                SavedMapping.Check(graph, path, options);
            OnnxRuntimeTelemetry.SwitchOff();
            model = ml.Model.Load(path, out inputSchema);
        }
        // ML.NET reports a damaged file by exceptions of all kinds.
        catch (Exception e) when (e is not LatentException)
        {
            throw new LatentException($"{path} cannot be loaded as an ML.NET model: {FileError.Reason(e)}.", e);
        }

        return Replace(ml, model, Root, graphs, path, options);
    }

    /// <summary>Saves for <see cref="Load"/> only.</summary>
    public static void Save(MLContext ml, ITransformer model, DataViewSchema? inputSchema, string path)
    {
        try
        {
            ml.Model.Save(ForLatent(model), inputSchema, path);
        }
        catch (Exception e) when (FileError.Is(e))
        {
            throw new LatentException($"The model cannot be saved to {path}: {FileError.Reason(e)}.", e);
        }
    }

    private static ITransformer ForLatent(ITransformer transformer) =>
        transformer switch
        {
            LatentTransformer latent => latent.ForLatent(),
            IEnumerable<ITransformer> chain => new TransformerChain<ITransformer>([.. chain.Select(ForLatent)]),
            _ => transformer,
        };

    private static ITransformer Replace(
        MLContext ml,
        ITransformer transformer,
        string folder,
        Dictionary<string, byte[]> graphs,
        string path,
        LatentBundleOptions? options
    )
    {
        if (transformer is IEnumerable<ITransformer> chain)
        {
            // A chain that stands for one of Latent's transformers begins with its graph.
            if (Read($"{folder}/Transform_000") is (var first, true) && PlainChain.IsNeeded(first))
                return Owner(first);
            var members = chain.Select((member, i) => Replace(ml, member, $"{folder}/Transform_{i:000}", graphs, path, options));
            return new TransformerChain<ITransformer>([.. members]);
        }

        return Read(folder) is (var mapping, _) ? Owner(mapping) : transformer;

        (Mapping Mapping, bool IsPlain)? Read(string member) =>
            graphs.TryGetValue($"{member}/{GraphEntry}", out var graph) ? SavedMapping.Read(graph, path, options) : null;

        LatentTransformer Owner(Mapping mapping)
        {
            (transformer as IDisposable)?.Dispose();
            return new LatentTransformer(ml, mapping, ownsBundle: true);
        }
    }

    private static Dictionary<string, byte[]> ReadGraphs(string path)
    {
        using var zip = ZipFile.OpenRead(path);
        return zip
            .Entries.Where(e => e.Name == GraphEntry)
            .ToDictionary(
                e => e.FullName.Replace('\\', '/'),
                e =>
                {
                    using var stream = e.Open();
                    using var bytes = new MemoryStream();
                    stream.CopyTo(bytes);
                    var length = bytes.Length < sizeof(int) ? -1 : BinaryPrimitives.ReadInt32LittleEndian(bytes.GetBuffer());
                    return length == bytes.Length - sizeof(int)
                        ? bytes.GetBuffer().AsSpan(sizeof(int), length).ToArray()
                        : throw new InvalidDataException($"{e.FullName} is not whole");
                }
            );
    }
}
