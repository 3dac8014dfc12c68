using static TorchSharp.torch;

namespace Latent.ManagedTorch.Tests;

/// <summary>Compares gradients with central differences: of the outputs' sum, weighted so that no two of them can be mixed up.</summary>
internal static class GradientCheck
{
    private const float Step = 1e-2f;

    /// <summary>Every element of every input, in float32: the tolerance is absolute below a gradient of 1 and relative above.</summary>
    public static void Holds(Func<Tensor[], Tensor> function, double tolerance, params Tensor[] inputs)
    {
        using var scope = NewDisposeScope();
        var leaves = Array.ConvertAll(inputs, i => i.detach().clone().requires_grad_());
        var output = function(leaves);
        var weights = Weights(output.numel());
        (output.reshape(-1) * tensor(weights)).sum().backward();
        for (var i = 0; i < leaves.Length; i++)
        {
            var grad = (leaves[i].grad ?? zeros(leaves[i].shape)).data<float>().ToArray();
            var values = inputs[i].data<float>().ToArray();
            for (var j = 0; j < values.Length; j++)
            {
                var expected =
                    (Evaluate(function, leaves, i, values, j, Step, weights) - Evaluate(function, leaves, i, values, j, -Step, weights))
                    / (2 * Step);
                var allowed = tolerance * Math.Max(1, Math.Abs(expected));
                Assert.True(
                    Math.Abs(grad[j] - expected) <= allowed,
                    $"Input {i}, element {j}: the gradient is {grad[j]}, differences say {expected} (allowed {allowed:g2})."
                );
            }
        }
    }

    /// <summary>Numbers in [low, high] that are the same in every run, and all different.</summary>
    public static Tensor Values(double low, double high, params long[] shape)
    {
        var values = new float[shape.Aggregate(1L, (a, b) => a * b)];
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)(low + ((high - low) * ((((i + 1) * 0.6180339887) + (shape.Length * 0.37)) % 1)));
        return tensor(values, shape);
    }

    private static double Evaluate(
        Func<Tensor[], Tensor> function,
        Tensor[] leaves,
        int input,
        float[] values,
        int element,
        float step,
        float[] weights
    )
    {
        using var scope = NewDisposeScope();
        using var recording = no_grad();
        var moved = (float[])values.Clone();
        moved[element] += step;
        var arguments = (Tensor[])leaves.Clone();
        arguments[input] = tensor(moved, leaves[input].shape);
        var outputs = function(arguments).reshape(-1).data<float>().ToArray();
        var sum = 0.0;
        for (var i = 0; i < outputs.Length; i++)
            sum += (double)outputs[i] * weights[i];
        return sum;
    }

    private static float[] Weights(long count)
    {
        var weights = new float[count];
        for (var i = 0; i < count; i++)
            weights[i] = 0.5f + ((i * 0.7548776662f) % 1);
        return weights;
    }
}
