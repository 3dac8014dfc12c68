namespace Latent.Inference.Scoring;

/// <summary>Computes paths from one code to another.</summary>
internal static class CodePath
{
    /// <summary>
    /// Computes the code at <paramref name="t"/> from 0 to 1, straight or along the great circle (Shoemake 1985, eq. for slerp).
    /// </summary>
    public static float[] Between(float[] from, float[] to, float t, bool spherical)
    {
        var (a, b) = (1 - t, t);
        if (spherical)
        {
            double dot = 0,
                fromSquare = 0,
                toSquare = 0;
            for (var i = 0; i < from.Length; i++)
            {
                (dot, fromSquare, toSquare) = (
                    dot + (double)from[i] * to[i],
                    fromSquare + (double)from[i] * from[i],
                    toSquare + (double)to[i] * to[i]
                );
            }

            var angle = Math.Acos(Math.Clamp(dot / Math.Sqrt(fromSquare * toSquare), -1, 1));
            // For codes on one line, or of length zero, the circle is not defined; the straight way is its limit.
            if (double.IsFinite(angle) && Math.Sin(angle) > 1e-6)
                (a, b) = ((float)(Math.Sin((1 - t) * angle) / Math.Sin(angle)), (float)(Math.Sin(t * angle) / Math.Sin(angle)));
        }

        return [.. from.Zip(to, (x, y) => a * x + b * y)];
    }
}
