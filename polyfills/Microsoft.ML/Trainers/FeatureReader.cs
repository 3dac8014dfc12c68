namespace Microsoft.ML.Data;

/// <summary>The feature vectors of a view, for training.</summary>
internal static class FeatureReader
{
    public static void Check(SchemaShape shape, string features, string? weight)
    {
        var column = shape.Find(features) ?? throw SchemaErrors.Missing("inputSchema", "feature", features);
        if (column.Kind != SchemaShape.Column.VectorKind.Vector || column.IsKey || !column.ItemType.Equals(NumberDataViewType.Single))
            throw SchemaErrors.Mismatch("inputSchema", "feature", features, "Vector<Single>", column.TypeString);
        if (weight is null)
            return;
        var weights = shape.Find(weight) ?? throw SchemaErrors.Missing("inputSchema", "weight", weight);
        if (weights.Kind != SchemaShape.Column.VectorKind.Scalar || !weights.ItemType.Equals(NumberDataViewType.Single))
            throw SchemaErrors.Mismatch("inputSchema", "weight", weight, "Single", weights.TypeString);
    }

    /// <summary>Dense vectors and their weights; rows with a value or weight that is no finite number are left out.</summary>
    public static List<(float[] Features, float Weight)> Read(IDataView data, string features, string? weight)
    {
        var column = data.Schema[features];
        var weightColumn = weight is null ? (DataViewSchema.Column?)null : data.Schema[weight];
        using var cursor = data.GetRowCursor(weightColumn is { } needed ? [column, needed] : [column]);
        var getter = cursor.GetGetter<VBuffer<float>>(column);
        var weigh = weightColumn is { } given ? cursor.GetGetter<float>(given) : (ref float one) => one = 1;
        var rows = new List<(float[], float)>();
        VBuffer<float> value = default;
        while (cursor.MoveNext())
        {
            getter(ref value);
            var row = new float[value.Length];
            value.CopyTo(row);
            var rowWeight = 1f;
            weigh(ref rowWeight);
            if (Array.TrueForAll(row, float.IsFinite) && float.IsFinite(rowWeight))
                rows.Add((row, rowWeight));
        }

        return rows.Count > 0 ? rows
            : throw new InvalidOperationException($"Column '{features}' has no row without missing values to train on.");
    }
}
