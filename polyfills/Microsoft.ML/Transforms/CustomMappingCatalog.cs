using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Microsoft.ML;

public static class CustomMappingCatalog
{
    /// <summary>Only a mapping whose <paramref name="contractName"/> a <see cref="CustomMappingFactory{TSrc, TDst}"/> carries can be saved.</summary>
    public static CustomMappingEstimator<TSrc, TDst> CustomMapping<TSrc, TDst>(this TransformsCatalog catalog, Action<TSrc, TDst> mapAction,
        string? contractName, SchemaDefinition? inputSchemaDefinition = null, SchemaDefinition? outputSchemaDefinition = null)
        where TSrc : class, new()
        where TDst : class, new()
    {
        ArgumentNullException.ThrowIfNull(mapAction);
        return new(new(mapAction, contractName, inputSchemaDefinition, outputSchemaDefinition));
    }

    public static IDataView FilterByCustomPredicate<TSrc>(this DataOperationsCatalog catalog, IDataView input,
        Func<TSrc, bool> filterPredicate)
        where TSrc : class, new()
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(filterPredicate);
        var filler = new ObjectFiller<TSrc>(input.Schema, ignoreMissingColumns: false, null);
        return new FilterView(input, [new(filler.Needed, row =>
        {
            var fill = filler.CreateFill(row);
            var value = new TSrc();
            return () =>
            {
                fill(value);
                // The predicate says which rows go, not which stay.
                return !filterPredicate(value);
            };
        })]);
    }
}
