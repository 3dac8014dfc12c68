using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Contracts.Tables;
using Latent.Inference.Pipeline;
using Latent.Inference.Saving;
using Latent.Inference.Scoring;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Latent;

/// <summary>Provides the transforms of trained autoencoders; available through <c>mlContext.Latent()</c>.</summary>
/// <remarks>
/// Every transform reads a batch of rows ahead and runs one graph on it once; transforms of the same column through the same bundle that
/// follow each other, with batches of the same size, share that run. Columns are named as in ML.NET: the output first, then the input.
/// If the bundle is of a table with columns of several kinds (<see cref="Contracts.Bundles.InputDescription.Table"/>), they are read as
/// they are, by name and whatever their order, and others pass through: numbers of any width, Booleans, texts, keys (as the texts that they
/// stand for, or else the numbers from 0 that they were loaded as), dates. NaN, an empty text, a key of 0 and the default date are missing.
/// </remarks>
public sealed class LatentCatalog
{
    private const int CodesAtOnce = 256;
    private readonly MLContext _ml;

    internal LatentCatalog(MLContext ml)
    {
        ArgumentNullException.ThrowIfNull(ml);
        _ml = ml;
    }

    /// <summary>Encodes rows as codes: the code of a plain autoencoder, the mean of q(z|x) of a variational one.</summary>
    /// <param name="bundle">The model, which the caller disposes; it must outlive the data.</param>
    /// <param name="outputColumnName">The column to add, a vector of the code's length.</param>
    /// <param name="inputColumnName">
    /// The column to read, a vector of the model's length or an image; left alone for a table with columns of several kinds, which are
    /// read by their names.
    /// </param>
    /// <exception cref="ArgumentException">A name is empty.</exception>
    public LatentEstimator Encode(LatentBundle bundle, string outputColumnName = "Code", string inputColumnName = "Features") =>
        Encode(bundle, new EncodeOptions { OutputColumn = outputColumnName, InputColumn = inputColumnName });

    /// <summary>Encodes rows as codes, optionally with the logarithm of their variance.</summary>
    /// <param name="bundle">The model, which the caller disposes; it must outlive the data.</param>
    /// <param name="options">Columns and batch size.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="LatentException">A log-variance is requested from a plain autoencoder.</exception>
    public LatentEstimator Encode(LatentBundle bundle, EncodeOptions options)
    {
        Check(bundle, options, options?.OutputColumn, options?.LogVarianceColumn);
        if (options!.LogVarianceColumn is not null)
            RequireVariational(bundle, "a log-variance");
        return Make(
            bundle,
            nameof(Encode),
            options,
            false,
            [
                .. Column(bundle, options.OutputColumn, OutputKind.Code, bundle.LatentDimension),
                .. Column(bundle, options.LogVarianceColumn, OutputKind.LogVariance, bundle.LatentDimension),
            ]
        );
    }

    /// <summary>Draws a code for each row from q(z|x) of a variational bundle.</summary>
    /// <param name="bundle">The model, which the caller disposes; it must outlive the data.</param>
    /// <param name="outputColumnName">The column to add, a vector of the code's length.</param>
    /// <param name="inputColumnName">
    /// The column to read, a vector of the model's length or an image; left alone for a table with columns of several kinds, which are
    /// read by their names.
    /// </param>
    /// <param name="seed">Seed; the same seed and row give the same draw.</param>
    /// <exception cref="ArgumentException">A name is empty.</exception>
    /// <exception cref="LatentException">The bundle is a plain autoencoder.</exception>
    public LatentEstimator Sample(
        LatentBundle bundle,
        string outputColumnName = "Sample",
        string inputColumnName = "Features",
        long seed = 0
    ) =>
        Sample(
            bundle,
            new SampleOptions
            {
                OutputColumn = outputColumnName,
                InputColumn = inputColumnName,
                Seed = seed,
            }
        );

    /// <summary>Draws a code for each row from q(z|x) of a variational bundle.</summary>
    /// <param name="bundle">The model, which the caller disposes; it must outlive the data.</param>
    /// <param name="options">Columns, seed and batch size.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="LatentException">The bundle is a plain autoencoder.</exception>
    public LatentEstimator Sample(LatentBundle bundle, SampleOptions options)
    {
        Check(bundle, options, options?.OutputColumn);
        RequireVariational(bundle, "a distribution to sample from");
        if (!bundle.Manifest.Recipe.Latent.HasNormalPosterior())
        {
            throw new LatentException(
                $"Sample draws from normal distributions, but the posterior of {bundle.Name} is not one; its posterior.onnx makes draws of rows and noise."
            );
        }

        var column = new OutputColumn(options!.OutputColumn, OutputKind.Sample, [bundle.LatentDimension], options.Seed);
        return Make(bundle, nameof(Sample), options, false, [column]);
    }

    /// <summary>Decodes codes to rows in the data's own units.</summary>
    /// <param name="bundle">The model, which the caller disposes; it must outlive the data.</param>
    /// <param name="outputColumnName">The column to add, a vector of the model's shape.</param>
    /// <param name="inputColumnName">The column to read, a vector of the code's length.</param>
    /// <exception cref="ArgumentException">A name is empty.</exception>
    public LatentEstimator Decode(LatentBundle bundle, string outputColumnName = "Output", string inputColumnName = "Code") =>
        Decode(bundle, new DecodeOptions { OutputColumn = outputColumnName, InputColumn = inputColumnName });

    /// <summary>Decodes codes to rows in the data's own units.</summary>
    /// <param name="bundle">The model, which the caller disposes; it must outlive the data.</param>
    /// <param name="options">Columns and batch size.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public LatentEstimator Decode(LatentBundle bundle, DecodeOptions options)
    {
        Check(bundle, options, options?.OutputColumn);
        return Make(bundle, nameof(Decode), options!, true, Rows(bundle, options!.OutputColumn));
    }

    /// <summary>Reconstructs rows, in the data's own units.</summary>
    /// <param name="bundle">The model, which the caller disposes; it must outlive the data.</param>
    /// <param name="outputColumnName">The column to add, a vector of the model's shape.</param>
    /// <param name="inputColumnName">
    /// The column to read, a vector of the model's length or an image; left alone for a table with columns of several kinds, which are
    /// read by their names.
    /// </param>
    /// <exception cref="ArgumentException">A name is empty.</exception>
    public LatentEstimator Reconstruct(
        LatentBundle bundle,
        string outputColumnName = "Reconstruction",
        string inputColumnName = "Features"
    ) => Reconstruct(bundle, new ReconstructOptions { OutputColumn = outputColumnName, InputColumn = inputColumnName });

    /// <summary>Reconstructs rows, in the data's own units.</summary>
    /// <param name="bundle">The model, which the caller disposes; it must outlive the data.</param>
    /// <param name="options">Columns and batch size.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public LatentEstimator Reconstruct(LatentBundle bundle, ReconstructOptions options)
    {
        Check(bundle, options, options?.OutputColumn);
        return Make(bundle, nameof(Reconstruct), options!, false, Rows(bundle, options!.OutputColumn));
    }

    /// <summary>
    /// Removes noise from rows; works best with a bundle that was trained on noise. <see cref="ImageDenoiser"/> takes pictures of any size.
    /// </summary>
    /// <param name="bundle">The model, which the caller disposes; it must outlive the data.</param>
    /// <param name="outputColumnName">The column to add, a vector of the model's shape.</param>
    /// <param name="inputColumnName">
    /// The column to read, a vector of the model's length or an image; left alone for a table with columns of several kinds, which are
    /// read by their names.
    /// </param>
    /// <exception cref="ArgumentException">A name is empty.</exception>
    public LatentEstimator Denoise(LatentBundle bundle, string outputColumnName = "Denoised", string inputColumnName = "Features") =>
        Denoise(bundle, new DenoiseOptions { OutputColumn = outputColumnName, InputColumn = inputColumnName });

    /// <summary>Removes noise from rows; works best with a bundle that was trained on noise.</summary>
    /// <param name="bundle">The model, which the caller disposes; it must outlive the data.</param>
    /// <param name="options">Columns and batch size.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public LatentEstimator Denoise(LatentBundle bundle, DenoiseOptions options)
    {
        Check(bundle, options, options?.OutputColumn);
        return Make(bundle, nameof(Denoise), options!, false, Rows(bundle, options!.OutputColumn));
    }

    /// <summary>Computes anomaly scores of rows: how badly the model reconstructs them, and how unlikely their codes are.</summary>
    /// <param name="bundle">The model, which the caller disposes; it must outlive the data.</param>
    /// <param name="outputColumnName">The column to add, one number; see <see cref="ScoreOptions.ScoreColumn"/>.</param>
    /// <param name="inputColumnName">
    /// The column to read, a vector of the model's length or an image; left alone for a table with columns of several kinds, which are
    /// read by their names.
    /// </param>
    /// <exception cref="ArgumentException">A name is empty.</exception>
    public LatentEstimator Score(LatentBundle bundle, string outputColumnName = "Score", string inputColumnName = "Features") =>
        Score(bundle, new ScoreOptions { ScoreColumn = outputColumnName, InputColumn = inputColumnName });

    /// <summary>Computes anomaly scores of rows, and the terms that they consist of.</summary>
    /// <param name="bundle">The model, which the caller disposes; it must outlive the data.</param>
    /// <param name="options">Columns and batch size.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or no column is requested.</exception>
    /// <exception cref="LatentException">
    /// A KL is requested from a plain autoencoder, an explanation from a bundle without a table, or a judgement from one without the scores
    /// of normal rows, or with too few of them for the alarm rate.
    /// </exception>
    public LatentEstimator Score(LatentBundle bundle, ScoreOptions options)
    {
        Check(
            bundle,
            options,
            options?.ScoreColumn,
            options?.ReconstructionErrorColumn,
            options?.KlColumn,
            options?.FeatureErrorsColumn,
            options?.IsAnomalyColumn,
            options?.PValueColumn,
            options?.ExplanationColumn
        );
        options!.Validate();
        if (options.KlColumn is not null)
            RequireVariational(bundle, "a KL");
        return Make(bundle, nameof(Score), options, false, ScoreColumns.Of(bundle, options));
    }

    /// <summary>Generates rows: draws codes from the bundle's prior and decodes them.</summary>
    /// <param name="bundle">The model, a variational one, which the caller disposes; it must outlive the data.</param>
    /// <param name="count">Number of rows.</param>
    /// <param name="seed">Seed; the same seed and row give the same draw.</param>
    /// <exception cref="ArgumentException"><paramref name="count"/> is below 1.</exception>
    /// <exception cref="LatentException">The bundle is a plain autoencoder without a sampler, or an ensemble.</exception>
    public IDataView Generate(LatentBundle bundle, int count = 16, long seed = 0) =>
        Generate(bundle, new GenerateOptions { Count = count, Seed = seed });

    /// <summary>Generates rows: draws codes from the bundle's prior and decodes them.</summary>
    /// <param name="bundle">The model, a variational one, which the caller disposes; it must outlive the data.</param>
    /// <param name="options">Number, seed, columns and batch size.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="LatentException">The bundle is a plain autoencoder, which has no prior, or an ensemble.</exception>
    public IDataView Generate(LatentBundle bundle, GenerateOptions options)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Count, 1);
        if (!(options.Temperature > 0) || !float.IsFinite(options.Temperature))
            throw new ArgumentOutOfRangeException(nameof(options), options.Temperature, "The temperature must be above 0 and finite.");
        if (bundle.Manifest.Prior is null)
        {
            throw new LatentException(
                bundle.Manifest.Kind == ModelKind.Denoiser
                    ? $"The bundle {bundle.Name} is a denoiser, which has no codes to draw; generating needs an autoencoder."
                    : $"The bundle {bundle.Name} is a plain autoencoder without a prior to draw from; Trainer's sampler command fits one to its codes."
            );
        }

        if (bundle.Manifest.Recipe.Ensemble > 1)
        {
            throw new LatentException(
                $"The bundle {bundle.Name} is an ensemble, whose members would each draw a row of their own to average; a single model generates."
            );
        }

        var (count, seed, temperature, length) = (options.Count, options.Seed, options.Temperature, bundle.LatentDimension);
        var codes = Enumerable
            .Range(0, count)
            .Chunk(CodesAtOnce)
            .SelectMany(rows => PriorCodes.Draw(bundle, seed, rows[0], rows.Length, temperature).Chunk(length));
        var labels = LabelsToDraw(bundle, options.Label);
        var rows = codes.Select((code, i) => new CodeRow { Code = code, Label = labels.Count == 0 ? "" : labels[i % labels.Count] });
        return DecodeAll(bundle, rows, options.CodeColumn, options.OutputColumn, options.LabelColumn, options.BatchSize);
    }

    /// <summary>Decodes rows between two codes, both ends included, in equal steps.</summary>
    /// <param name="bundle">The model, which the caller disposes; it must outlive the data.</param>
    /// <param name="from">The code of the first row.</param>
    /// <param name="to">The code of the last row.</param>
    /// <param name="steps">Number of rows, at least 2.</param>
    /// <exception cref="ArgumentException">The length of a code differs from the model's, or there are fewer than 2 steps.</exception>
    public IDataView Interpolate(LatentBundle bundle, IReadOnlyList<float> from, IReadOnlyList<float> to, int steps = 8) =>
        Interpolate(
            bundle,
            new InterpolateOptions
            {
                From = from,
                To = to,
                Steps = steps,
            }
        );

    /// <summary>Decodes rows between two codes, both ends included, in equal steps.</summary>
    /// <param name="bundle">The model, which the caller disposes; it must outlive the data.</param>
    /// <param name="options">Codes, steps, path, columns and batch size.</param>
    /// <exception cref="ArgumentException">The length of a code differs from the model's, or an option is out of its range.</exception>
    /// <exception cref="LatentException">The bundle's codes are places in a codebook.</exception>
    public IDataView Interpolate(LatentBundle bundle, InterpolateOptions options)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Steps, 2);
        var (from, to, steps, spherical) = (options.From.ToArray(), options.To.ToArray(), options.Steps, options.Spherical);
        if (from.Length != bundle.LatentDimension || to.Length != bundle.LatentDimension)
        {
            throw new ArgumentException(
                $"The codes have {from.Length} and {to.Length} values; those of {bundle.Name} have {bundle.LatentDimension}.",
                nameof(options)
            );
        }

        if (bundle.Manifest.Recipe.Latent.Codebook is not null)
        {
            throw new LatentException(
                $"The codes of {bundle.Name} are places in a codebook, between which there is nothing to decode; a model without latent.codebook interpolates."
            );
        }

        if (bundle.Manifest.Input.Classes is { } classes && options.Label is null)
        {
            throw new LatentException(
                $"The rows of {bundle.Name} are conditioned on labels; Label must be one of {string.Join(", ", classes)}."
            );
        }

        var label = LabelsToDraw(bundle, options.Label).FirstOrDefault() ?? "";
        var codes = Enumerable
            .Range(0, steps)
            .Select(step => new CodeRow { Code = CodePath.Between(from, to, step / (steps - 1f), spherical), Label = label });
        return DecodeAll(bundle, codes, options.CodeColumn, options.OutputColumn, LatentTransformOptions.Label, options.BatchSize);
    }

    /// <summary>
    /// Saves a model with everything that <see cref="Load(string, LatentBundleOptions?)"/> restores, including drawn samples and the
    /// reading of images, which <c>mlContext.Model.Save</c> refuses since ML.NET could not compute them without this library.
    /// </summary>
    /// <param name="model">A transformer, or a chain of transformers.</param>
    /// <param name="inputSchema">The schema of the data that the model reads; null if it is not to be saved.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="LatentException">The file can't be written, or a column's name starts with "latent/".</exception>
    public void Save(ITransformer model, DataViewSchema? inputSchema, string path)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrEmpty(path);
        SavedModel.Save(_ml, model, inputSchema, path);
    }

    /// <summary>
    /// Loads what <see cref="Save"/> or <c>mlContext.Model.Save</c> wrote, with the batching transformers back in their places.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="options">Options for running the graphs; null for the defaults.</param>
    /// <exception cref="LatentException">The file can't be loaded.</exception>
    public ITransformer Load(string path, LatentBundleOptions? options = null) => Load(path, out _, options);

    /// <summary>
    /// Loads what <see cref="Save"/> or <c>mlContext.Model.Save</c> wrote, with the batching transformers back in their places.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="inputSchema">The schema of the data that the model was saved for.</param>
    /// <param name="options">Options for running the graphs; null for the defaults.</param>
    /// <returns>The model; dispose it (it is IDisposable if it holds a graph) when it is no longer needed.</returns>
    /// <exception cref="LatentException">The file can't be loaded.</exception>
    public ITransformer Load(string path, out DataViewSchema inputSchema, LatentBundleOptions? options = null) =>
        SavedModel.Load(_ml, path, options, out inputSchema);

    /// <summary>Makes a transformer that encodes, and disposes its bundle with itself.</summary>
    internal LatentTransformer EncodeOwned(LatentBundle bundle, IDataView data, string outputColumnName, string inputColumnName) =>
        new(_ml, Encode(bundle, outputColumnName, inputColumnName).Fit(data).Mapping, ownsBundle: true);

    /// <summary>Makes a transformer that scores, and disposes its bundle with itself.</summary>
    internal LatentTransformer ScoreOwned(LatentBundle bundle, IDataView data, ScoreOptions options) =>
        new(_ml, Score(bundle, options).Fit(data).Mapping, ownsBundle: true);

    /// <summary>Adds the columns of a score of a table's rows to a schema's shape.</summary>
    internal SchemaShape WithScores(SchemaShape schema, ScoreOptions options) =>
        LatentEstimator.WithColumns(_ml, schema, ScoreColumns.Shapes(options));

    /// <summary>Adds a vector to a schema's shape.</summary>
    internal SchemaShape WithVector(SchemaShape schema, string name, int length) =>
        LatentEstimator.WithColumns(_ml, schema, [new OutputColumn(name, OutputKind.Code, [length])]);

    private IDataView DecodeAll(
        LatentBundle bundle,
        IEnumerable<CodeRow> codes,
        string codeColumn,
        string outputColumn,
        string labelColumn,
        int batchSize
    )
    {
        var options = new DecodeOptions
        {
            InputColumn = codeColumn,
            OutputColumn = outputColumn,
            LabelColumn = labelColumn,
            BatchSize = batchSize,
        };
        Check(bundle, options, outputColumn);
        var decode = Make(bundle, nameof(Decode), options, true, DrawnRows(bundle, codeColumn, outputColumn));
        var definition = SchemaDefinition.Create(typeof(CodeRow));
        var column = definition[nameof(CodeRow.Code)];
        column.ColumnName = codeColumn;
        column.ColumnType = new VectorDataViewType(NumberDataViewType.Single, bundle.LatentDimension);
        var label = definition[nameof(CodeRow.Label)];
        if (bundle.Manifest.Input.Classes is null)
            definition.Remove(label);
        else
            label.ColumnName = labelColumn;
        var data = _ml.Data.LoadFromEnumerable(codes, definition);
        return decode.Fit(data).Transform(data);
    }

    private static IReadOnlyList<string> LabelsToDraw(LatentBundle bundle, string? label) =>
        (bundle.Manifest.Input.Classes, label) switch
        {
            (null, null) => [],
            (null, _) => throw new LatentException($"The rows of {bundle.Name} are not conditioned on labels; Label must be left alone."),
            ({ } classes, null) => classes,
            ({ } classes, _) => classes.Contains(label, StringComparer.Ordinal)
                ? [label]
                : throw new LatentException(
                    $"Label is '{label}', which {bundle.Name} does not know; it must be one of {string.Join(", ", classes)}."
                ),
        };

    private LatentEstimator Make(
        LatentBundle bundle,
        string operation,
        LatentTransformOptions options,
        bool readsCodes,
        IReadOnlyList<OutputColumn> outputs
    )
    {
        if (bundle.Manifest.Kind == ModelKind.Denoiser && operation is not (nameof(Denoise) or nameof(Reconstruct)))
            throw new LatentException($"The bundle {bundle.Name} is a denoiser, which has neither codes nor scores; it can Denoise.");
        var isTable = !readsCodes && bundle.Manifest.Input.Table is not null;
        if (isTable && options.InputColumn != LatentTransformOptions.Features)
        {
            throw new LatentException(
                $"{operation} reads the columns of the table of {bundle.Name} by their names; InputColumn, which is '{options.InputColumn}', must be left alone."
            );
        }

        return new(
            _ml,
            new Mapping(bundle, operation, isTable ? "" : options.InputColumn, readsCodes, outputs, options.BatchSize)
            {
                Label = bundle.Manifest.Input.Classes is { } classes ? LabelReader.Column(options.LabelColumn, classes) : null,
            }
        );
    }

    private static IEnumerable<OutputColumn> Column(LatentBundle bundle, string? name, OutputKind kind, params int[] shape) =>
        name is null ? [] : [new OutputColumn(name, kind, shape) { Table = bundle.Manifest.Input.Table }];

    // A table's rows are columns again, each of the type of its values.
    private static IReadOnlyList<OutputColumn> Rows(LatentBundle bundle, string name) =>
        bundle.Manifest.Input.Table is { } table
            ? Cells(table, $"{name}.", isDrawn: false)
            : [.. Column(bundle, name, OutputKind.Output, [.. bundle.Manifest.Input.Shape])];

    private static IReadOnlyList<OutputColumn> DrawnRows(LatentBundle bundle, string codeColumn, string outputColumn)
    {
        if (bundle.Manifest.Input.Table is not { } table)
            return Rows(bundle, outputColumn);
        if (outputColumn != GenerateOptions.Output)
        {
            throw new LatentException(
                $"The rows of {bundle.Name} are columns of a table, which have their own names; OutputColumn, which is '{outputColumn}', must be left alone."
            );
        }

        if (table.Columns.Any(column => column.Name == codeColumn))
        {
            throw new LatentException($"The table of {bundle.Name} has a column '{codeColumn}' itself; CodeColumn must be another name.");
        }

        return Cells(table, "", isDrawn: true);
    }

    private static IReadOnlyList<OutputColumn> Cells(TableDescription table, string prefix, bool isDrawn) =>
        [
            .. table.Columns.Select(
                (column, i) =>
                    new OutputColumn(prefix + column.Name, OutputKind.Cell, [])
                    {
                        Table = table,
                        Column = i,
                        IsDrawn = isDrawn,
                    }
            ),
        ];

    private static void Check(LatentBundle bundle, LatentTransformOptions? options, params ReadOnlySpan<string?> outputs)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate(outputs);
    }

    private static void RequireVariational(LatentBundle bundle, string what)
    {
        if (bundle.IsVariational)
            return;
        var kind = bundle.Manifest.Kind == ModelKind.Denoiser ? "denoiser" : "plain autoencoder";
        throw new LatentException($"The bundle {bundle.Name} is a {kind}, which has not {what}; a variational autoencoder has.");
    }
}
