using Microsoft.ML.Data;

namespace Microsoft.ML.Trainers;

public sealed class PcaModelParameters
{
    private readonly float[][] _vectors;
    private readonly float[] _mean;
    private readonly float[] _meanProjected;

    internal PcaModelParameters(float[][] vectors, float[] mean)
    {
        _vectors = vectors;
        _mean = mean;
        _meanProjected = [.. vectors.Select(vector => VectorMath.Dot(vector, mean))];
    }

    internal int Rank => _vectors.Length;

    internal int Dimension => _mean.Length;

    public void GetEigenVectors(ref VBuffer<float>[] vectors, out int rank)
    {
        rank = Rank;
        vectors = [.. _vectors.Select(vector => new VBuffer<float>(vector.Length, [.. vector]))];
    }

    public void GetMean(ref VBuffer<float> mean) => VBuffer<float>.Copy(_mean, 0, ref mean, _mean.Length);

    internal void Project(ReadOnlySpan<float> features, Span<float> projection)
    {
        for (var i = 0; i < Rank; i++)
            projection[i] = VectorMath.Dot(_vectors[i], features) - _meanProjected[i];
    }

    /// <summary>The share of a row's distance from the mean that lies outside the principal components: 0 to 1.</summary>
    internal float Score(ReadOnlySpan<float> features)
    {
        var total = VectorMath.SquaredDistance(features, _mean);
        Span<float> projection = Rank <= 256 ? stackalloc float[Rank] : new float[Rank];
        Project(features, projection);
        var inside = VectorMath.Dot(projection, projection);
        // Rounding must not make a negative square of a row that lies wholly inside.
        return MathF.Sqrt(Math.Max(0, total - inside) / total);
    }

    internal void Write(BinaryWriter writer)
    {
        writer.Write(_vectors, vector => writer.Write(vector, writer.Write));
        writer.Write(_mean, writer.Write);
    }

    internal static PcaModelParameters Read(BinaryReader reader)
    {
        var (vectors, mean) = (reader.ReadVectors(), reader.Read(reader.ReadSingle));
        return vectors[0].Length == mean.Length
            ? new(vectors, mean)
            : throw new FormatException($"Principal components of length {vectors[0].Length} have a mean of length {mean.Length}.");
    }
}
