using Latent.Contracts;
using Latent.Inference.Pipeline;
using Latent.Inference.Saving;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Latent;

/// <summary>
/// Adds columns that a bundle computes. It reads a batch of rows ahead and runs one graph on them; every other column passes through
/// untouched. The bundle is disposed by its owner and must outlive the data; only a transformer that came out of a saved model, or of
/// training, owns its bundle.
/// </summary>
public sealed class LatentTransformer : ITransformer, IDisposable
{
    private readonly MLContext _ml;
    private readonly bool _ownsBundle;
    private readonly bool _isForLatent;

    internal LatentTransformer(MLContext ml, Mapping mapping, bool ownsBundle = false, bool isForLatent = false)
    {
        _ml = ml;
        Mapping = mapping;
        _ownsBundle = ownsBundle;
        _isForLatent = isForLatent;
    }

    /// <summary>Gets whether a row's new columns depend only on that row: always true.</summary>
    public bool IsRowToRowMapper => true;

    internal Mapping Mapping { get; }

    /// <summary>Gets the schema of the data with the new columns after the others.</summary>
    /// <param name="inputSchema">The data's schema.</param>
    /// <exception cref="LatentException">A column to read is missing or of another type.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Mapping.OutputSchema(inputSchema);

    /// <summary>Adds the new columns to the data; nothing is read before a cursor moves.</summary>
    /// <param name="input">The data.</param>
    /// <exception cref="LatentException">A column to read is missing or of another type.</exception>
    public IDataView Transform(IDataView input) => BatchView.Create(input, Mapping);

    /// <summary>Gets a mapper that works row by row, as a PredictionEngine requires.</summary>
    /// <param name="inputSchema">The data's schema.</param>
    /// <exception cref="LatentException">A column to read is missing or of another type.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => new RowMapper(Mapping, inputSchema);

    /// <summary>Frees the bundle of a transformer that came out of a saved model or of training; does nothing for others.</summary>
    public void Dispose()
    {
        if (_ownsBundle)
            Mapping.Bundle.Dispose();
    }

    /// <summary>Makes this transformer one that saves for <see cref="LatentCatalog.Load(string, LatentBundleOptions?)"/> only.</summary>
    internal LatentTransformer ForLatent() => new(_ml, Mapping, ownsBundle: false, isForLatent: true);

    /// <summary>
    /// Saves as transforms of ML.NET's own, ApplyOnnxModel first, which load without this library and add columns of the same names, types
    /// and values.
    /// </summary>
    /// <param name="ctx">The context to save to.</param>
    /// <exception cref="LatentException">
    /// ML.NET can't compute the columns without this library from the data that the transformer was fitted to, or a name starts with
    /// "latent/".
    /// </exception>
    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        if (_isForLatent)
            PlainChain.SaveGraph(_ml, Mapping, ctx);
        else
            PlainChain.Save(_ml, Mapping, ctx);
    }
}
