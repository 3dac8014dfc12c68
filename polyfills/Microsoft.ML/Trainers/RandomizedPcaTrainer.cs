using Microsoft.ML.Data;

namespace Microsoft.ML.Trainers;

public sealed class RandomizedPcaTrainer : IEstimator<AnomalyPredictionTransformer<PcaModelParameters>>
{
    private readonly Options _options;
    private readonly int _seed;

    internal RandomizedPcaTrainer(Options options, int seed)
    {
        if (options.Rank <= 0 || options.Oversampling < 0)
            throw new ArgumentOutOfRangeException(nameof(options), "The rank is positive and the oversampling not negative.");
        _options = options;
        _seed = seed;
    }

    public AnomalyPredictionTransformer<PcaModelParameters> Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        GetOutputSchema(SchemaShape.Create(input.Schema));
        var rows = FeatureReader.Read(input, _options.FeatureColumnName, _options.ExampleWeightColumnName);
        var model = RandomizedPca.Train(rows, _options.Rank, _options.Oversampling, _options.EnsureZeroMean, _seed);
        return new(model, _options.FeatureColumnName, input.Schema[_options.FeatureColumnName].Type, threshold: 0.5f);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        FeatureReader.Check(inputSchema, _options.FeatureColumnName, _options.ExampleWeightColumnName);
        return inputSchema.With(
            new SchemaShape.Column("Score", SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.Single, false),
            new SchemaShape.Column("PredictedLabel", SchemaShape.Column.VectorKind.Scalar, BooleanDataViewType.Instance, false));
    }

    public sealed class Options : UnsupervisedTrainerInputBaseWithWeight
    {
        public Options()
        {
        }

        public int Rank = 20;

        public int Oversampling = 20;

        public bool EnsureZeroMean = true;

        public int? Seed;
    }
}
