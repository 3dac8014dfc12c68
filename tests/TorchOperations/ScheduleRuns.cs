using static TorchSharp.torch;
using static TorchSharp.torch.optim;

namespace Latent.TorchOperations;

/// <summary>The learning rates of twelve steps by each schedule.</summary>
internal static class ScheduleRuns
{
    private static readonly double[] s_metrics = [5, 4, 4, 4, 4, 3, 3.5, 3.5, 3.5, 3.5, 3.5, 3.5];

    private static readonly Dictionary<string, Func<Optimizer, lr_scheduler.LRScheduler>> s_schedules = new()
    {
        ["StepLR"] = o => lr_scheduler.StepLR(o, 3, 0.5),
        ["MultiStepLR"] = o => lr_scheduler.MultiStepLR(o, [2, 5, 9], 0.3),
        ["ExponentialLR"] = o => lr_scheduler.ExponentialLR(o, 0.9),
        ["CosineAnnealingLR"] = o => lr_scheduler.CosineAnnealingLR(o, 6, 0.01),
        ["LambdaLR"] = o => lr_scheduler.LambdaLR(o, e => 1.0 / (1 + e)),
        ["LinearLR"] = o => lr_scheduler.LinearLR(o, 0.25, 1.0, 4),
        ["ReduceLROnPlateau"] = o => lr_scheduler.ReduceLROnPlateau(o, factor: 0.5, patience: 1, cooldown: 1),
    };

    public static Dictionary<string, Func<IEnumerable<Result>>> All { get; } =
        s_schedules.ToDictionary(s => s.Key, s => (Func<IEnumerable<Result>>)(() => Rates(s.Key, s.Value)));

    private static IEnumerable<Result> Rates(string name, Func<Optimizer, lr_scheduler.LRScheduler> make)
    {
        using var optimizer = SGD([nn.Parameter(zeros(1))], 0.4);
        var scheduler = make(optimizer);
        yield return Value.Of("rate at first", optimizer.ParamGroups.Single().LearningRate);
        for (var i = 0; i < s_metrics.Length; i++)
        {
            optimizer.step();
            if (name == "ReduceLROnPlateau") scheduler.step(s_metrics[i]);
            else scheduler.step();
            yield return Value.Of($"rate after step {i + 1}", optimizer.ParamGroups.Single().LearningRate);
        }
    }
}
