using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

public sealed class EstimatorChain<TLastTransformer> : IEstimator<TransformerChain<TLastTransformer>>
    where TLastTransformer : class, ITransformer
{
    private readonly Step[] _steps;

    public readonly IEstimator<TLastTransformer> LastEstimator;

    public EstimatorChain()
        : this([])
    {
    }

    private EstimatorChain(Step[] steps)
    {
        _steps = steps;
        LastEstimator = (steps.LastOrDefault()?.Estimator as IEstimator<TLastTransformer>)!;
    }

    public TransformerChain<TLastTransformer> Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        GetOutputSchema(SchemaShape.Create(input.Schema));
        var transformers = new List<ITransformer>();
        var current = input;
        foreach (var step in _steps)
        {
            var transformer = step.Estimator.Fit(current);
            transformers.Add(transformer);
            current = transformer.Transform(current);
            if (step.CacheAfter && transformers.Count < _steps.Length)
                current = new CacheView(current, []);
        }

        return new(transformers, _steps.Select(step => step.Scope));
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema) =>
        _steps.Aggregate(inputSchema, (shape, step) => step.Estimator.GetOutputSchema(shape));

    public EstimatorChain<TNewTrans> Append<TNewTrans>(IEstimator<TNewTrans> estimator,
        TransformerScope scope = TransformerScope.Everything)
        where TNewTrans : class, ITransformer
    {
        ArgumentNullException.ThrowIfNull(estimator);
        return new([.. _steps.Select(step => new EstimatorChain<TNewTrans>.Step(step.Estimator, step.Scope, step.CacheAfter)),
            new(estimator, scope, false)]);
    }

    public EstimatorChain<TLastTransformer> AppendCacheCheckpoint(IHostEnvironment env)
    {
        ArgumentNullException.ThrowIfNull(env);
        if (_steps.Length == 0)
            throw new InvalidOperationException("A chain without an estimator has no output to cache.");
        return new([.. _steps[..^1], _steps[^1] with { CacheAfter = true }]);
    }

    internal sealed record Step(IEstimator<ITransformer> Estimator, TransformerScope Scope, bool CacheAfter);
}
