using System.IO.Compression;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

public sealed class ModelOperationsCatalog
{
    private const string ModelFolder = "TransformerChain";
    private const string SchemaEntry = "Schema";

    internal ModelOperationsCatalog(Host host) => Host = host;

    private Host Host { get; }

    public void Save(ITransformer model, DataViewSchema? inputSchema, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(stream);
        using var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        ModelSaveContext.Save(zip, ModelFolder, model);
        if (inputSchema is null)
            return;
        using var writer = new BinaryWriter(zip.CreateEntry(SchemaEntry).Open());
        SchemaFile.Write(writer, inputSchema);
    }

    public void Save(ITransformer model, DataViewSchema? inputSchema, string filePath)
    {
        ArgumentException.ThrowIfNullOrEmpty(filePath);
        // What can't be saved must not cost the model that the file has.
        var temporary = filePath + ".tmp";
        try
        {
            using (var stream = File.Create(temporary))
                Save(model, inputSchema, stream);
            File.Move(temporary, filePath, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    public ITransformer Load(Stream stream, out DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var zip = ModelLoadContext.Whole("The zip", () => new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true));
        inputSchema = null!;
        if (ModelLoadContext.Whole("The zip", () => zip.GetEntry(SchemaEntry)) is not null)
        {
            using var reader = ModelLoadContext.Open(zip, SchemaEntry);
            inputSchema = ModelLoadContext.Whole(SchemaEntry, () => SchemaFile.Read(reader));
        }

        return ModelLoadContext.Load(zip, ModelFolder, Host);
    }

    public ITransformer Load(string filePath, out DataViewSchema inputSchema)
    {
        ArgumentException.ThrowIfNullOrEmpty(filePath);
        using var stream = File.OpenRead(filePath);
        return Load(stream, out inputSchema);
    }

    public PredictionEngine<TSrc, TDst> CreatePredictionEngine<TSrc, TDst>(ITransformer transformer, bool ignoreMissingColumns = true,
        SchemaDefinition? inputSchemaDefinition = null, SchemaDefinition? outputSchemaDefinition = null)
        where TSrc : class
        where TDst : class, new() =>
        CreatePredictionEngine<TSrc, TDst>(transformer, new PredictionEngineOptions
        {
            IgnoreMissingColumns = ignoreMissingColumns,
            InputSchemaDefinition = inputSchemaDefinition,
            OutputSchemaDefinition = outputSchemaDefinition,
        });

    public PredictionEngine<TSrc, TDst> CreatePredictionEngine<TSrc, TDst>(ITransformer transformer, DataViewSchema inputSchema)
        where TSrc : class
        where TDst : class, new() =>
        CreatePredictionEngine<TSrc, TDst>(transformer, ignoreMissingColumns: false,
            DataOperationsCatalog.DefinitionOf(typeof(TSrc), inputSchema));

    public PredictionEngine<TSrc, TDst> CreatePredictionEngine<TSrc, TDst>(ITransformer transformer, PredictionEngineOptions options)
        where TSrc : class
        where TDst : class, new()
    {
        ArgumentNullException.ThrowIfNull(options);
        return new(transformer, options);
    }
}
