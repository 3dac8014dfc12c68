using Latent.Contracts;
using Latent.Inference.Pipeline;
using Latent.Inference.Saving;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Latent;

/// <summary>
/// Adds columns that a bundle computes. It reads a batch of rows ahead and runs one graph on them; every other column passes through
/// untouched. The bundle stays its owner's and must outlive the data; only a transformer that came out of a saved model, or
/// of training, owns its bundle.
/// </summary>
public sealed class LatentTransformer : ITransformer, IDisposable
{
    private readonly MLContext _ml;
    private readonly bool _ownsBundle;

    internal LatentTransformer(MLContext ml, Mapping mapping, bool ownsBundle = false)
    {
        _ml = ml;
        Mapping = mapping;
        _ownsBundle = ownsBundle;
    }

    /// <summary>Always true: a row's new columns depend on that row alone.</summary>
    public bool IsRowToRowMapper => true;

    internal Mapping Mapping { get; }

    /// <summary>The schema of the data with the new columns after the others.</summary>
    /// <param name="inputSchema">The data's schema.</param>
    /// <exception cref="LatentException">The column to read is missing or of another type.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Mapping.OutputSchema(inputSchema);

    /// <summary>The data with the new columns; nothing is read before a cursor moves.</summary>
    /// <param name="input">The data.</param>
    /// <exception cref="LatentException">The column to read is missing or of another type.</exception>
    public IDataView Transform(IDataView input) => BatchView.Create(input, Mapping);

    /// <summary>Row by row, as a PredictionEngine wants it.</summary>
    /// <param name="inputSchema">The data's schema.</param>
    /// <exception cref="LatentException">The column to read is missing or of another type.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => new RowMapper(Mapping, inputSchema);

    /// <summary>Frees the bundle of a transformer that came out of a saved model or of training; does nothing for others.</summary>
    public void Dispose()
    {
        if (_ownsBundle)
            Mapping.Bundle.Dispose();
    }

    /// <summary>
    /// Saves as plain ApplyOnnxModel, which loads without this library; it reads vectors alone, not images, and its scalar columns are vectors of
    /// one value.
    /// </summary>
    /// <param name="ctx">Where to.</param>
    /// <exception cref="LatentException">ApplyOnnxModel can't compute the columns: they are drawn samples, or one is read and written.</exception>
    void ICanSaveModel.Save(ModelSaveContext ctx) => SavedGraph.Save(_ml, Mapping, ctx);
}
