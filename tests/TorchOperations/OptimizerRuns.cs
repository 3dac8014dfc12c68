using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Latent.TorchOperations;

/// <summary>Twelve steps on a quartic by each optimizer, and gradients clipped.</summary>
internal static class OptimizerRuns
{
    private static readonly Dictionary<string, Func<Parameter[], OptimizerHelper>> s_optimizers = new()
    {
        ["SGD"] = p => optim.SGD(p, 0.1),
        ["SGD, momentum"] = p => optim.SGD(p, 0.05, momentum: 0.9, weight_decay: 0.01),
        ["Adam"] = p => optim.Adam(p, 0.05),
        ["Adam, decay"] = p => optim.Adam(p, 0.05, 0.8, 0.95, 1e-6, 0.1),
        ["AdamW"] = p => optim.AdamW(p, 0.05, weight_decay: 0.1),
        ["AdamW, betas"] = p => optim.AdamW(p, 0.05, 0.8, 0.95, 1e-6, 0.02),
        ["RMSProp"] = p => optim.RMSProp(p, 0.02),
        ["RMSProp, momentum"] = p => optim.RMSProp(p, 0.02, 0.9, 1e-6, 0.05, 0.7),
    };

    public static Dictionary<string, Func<IEnumerable<Result>>> All { get; } =
        s_optimizers
            .Select(o => (o.Key, Run: (Func<IEnumerable<Result>>)(() => Steps(o.Value))))
            .Append(("clip_grad_norm_", Clip))
            .ToDictionary(o => o.Item1, o => o.Item2);

    private static IEnumerable<Result> Steps(Func<Parameter[], OptimizerHelper> make)
    {
        var draw = new Draw(21);
        // Of more elements than a vector has, the second also of more than a thread takes.
        var parameters = new[] { draw.Normal(5, 7), draw.Normal(70_003) }
            .Select(i => nn.Parameter(i.Make(Layout.Rows, false).View))
            .ToArray();
        var targets = new[] { draw.Normal(5, 7), draw.Normal(70_003) }.Select(i => i.Make(Layout.Rows, false).View).ToArray();
        using var optimizer = make(parameters);
        for (var step = 1; step <= 12; step++)
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            for (var i = 0; i < 2; i++)
                ((parameters[i] - targets[i]).pow(4).sum() / 35).backward();
            optimizer.step();
            if (step is not (1 or 2 or 5 or 12))
                continue;
            for (var i = 0; i < 2; i++)
                yield return Value.Of($"parameter {i} after step {step}", parameters[i]);
        }
    }

    private static IEnumerable<Result> Clip()
    {
        var draw = new Draw(22);
        var parameters = new[] { draw.Normal(3, 4), draw.Normal(1003) }
            .Select(i =>
            {
                var gradient = i.Make(Layout.Rows, false).View;
                var parameter = nn.Parameter(zeros(gradient.shape));
                (parameter * gradient).sum().backward();
                return parameter;
            })
            .ToArray();
        yield return Value.Of("norm", nn.utils.clip_grad_norm_(parameters, 1.5));
        for (var i = 0; i < 2; i++)
            yield return Value.Of($"gradient {i}", parameters[i].grad!);
    }
}
