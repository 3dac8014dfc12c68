using Latent.Contracts;
using Latent.Contracts.Bundles;
using Microsoft.ML.OnnxRuntime;

namespace Latent.Inference.Scoring;

/// <summary>Draws codes from a bundle's prior; a code depends only on the seed and its row.</summary>
internal static class PriorCodes
{
    /// <summary>Draws the codes of consecutive rows.</summary>
    /// <param name="bundle">The bundle.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="firstRow">Number of the first row.</param>
    /// <param name="count">Number of rows.</param>
    /// <param name="temperature">What normal draws are multiplied by.</param>
    /// <returns>[count, z].</returns>
    /// <exception cref="LatentException">The bundle's prior can't be run.</exception>
    public static float[] Draw(LatentBundle bundle, long seed, long firstRow, int count, float temperature = 1)
    {
        var layout = bundle.Manifest.PriorNoise ?? new NoiseDescription(bundle.LatentDimension, 0);
        var length = layout.Normal + layout.Uniform;
        var noise = new float[(long)count * length];
        for (var i = 0; i < count; i++)
        {
            var row = (ulong)(firstRow + i);
            var columns = noise.AsSpan(i * length, length);
            Philox.Normal(seed, row, 0, columns[..layout.Normal]);
            foreach (ref var value in columns[..layout.Normal])
                value *= temperature;
            Philox.Uniform(seed, row, (layout.Normal + 3) / 4, columns[layout.Normal..]);
        }

        if (bundle.Manifest.PriorNoise is null)
            return noise;
        bundle.Enter();
        try
        {
            return Run(bundle.Session(BundleRole.Prior, [TensorNames.Latent]), noise, length);
        }
        finally
        {
            bundle.Leave();
        }
    }

    /// <summary>Makes codes of noise.</summary>
    /// <param name="session">The session of prior.onnx.</param>
    /// <param name="noise">[n, columns].</param>
    /// <param name="columns">Number of columns.</param>
    /// <returns>[n, z].</returns>
    public static float[] Run(GraphSession session, float[] noise, int columns)
    {
        using var input = OrtValue.CreateTensorValueFromMemory(noise, [noise.Length / columns, columns]);
        using var codes = session.Run([TensorNames.Noise], [input], [TensorNames.Latent]);
        return codes[0].GetTensorDataAsSpan<float>().ToArray();
    }
}
