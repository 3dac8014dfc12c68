namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static partial class impl
            {
                public class ReduceLROnPlateau : LRScheduler
                {
                    private readonly bool _minimize;
                    private readonly bool _relative;
                    private readonly double _factor;
                    private readonly int _patience;
                    private readonly double _threshold;
                    private readonly int _cooldown;
                    private readonly double[] _least;
                    private readonly double _eps;
                    private double _best;
                    private int _badEpochs;
                    private int _cooling;

                    public ReduceLROnPlateau(
                        Optimizer optimizer, string mode = "min", double factor = 0.1, int patience = 10, double threshold = 1e-4,
                        string threshold_mode = "rel", int cooldown = 0, IList<double>? min_lr = null, double eps = 1e-8,
                        bool verbose = false)
                        : base(optimizer, -1, verbose)
                    {
                        if (factor >= 1.0) throw new ArgumentException("Factor should be < 1.0");
                        if (mode is not ("min" or "max")) throw new ArgumentException($"mode {mode} is unknown!");
                        if (threshold_mode is not ("rel" or "abs"))
                            throw new ArgumentException($"threshold mode {threshold_mode} is unknown!");
                        (_minimize, _relative) = (mode == "min", threshold_mode == "rel");
                        (_factor, _patience, _threshold, _cooldown, _eps) = (factor, patience, threshold, cooldown, eps);
                        _least = min_lr is { Count: > 1 }
                            ? [.. min_lr]
                            : [.. Enumerable.Repeat(min_lr is { Count: 1 } ? min_lr[0] : 0, Groups.Length)];
                        _best = _minimize ? double.PositiveInfinity : double.NegativeInfinity;
                    }

                    public override void step(double current, int? epoch = null)
                    {
                        Epoch = epoch ?? Epoch + 1;
                        if (IsBetter(current)) (_best, _badEpochs) = (current, 0);
                        else _badEpochs++;
                        if (_cooling > 0)
                        {
                            _cooling--;
                            _badEpochs = 0;
                        }
                        if (_badEpochs <= _patience) return;
                        Reduce();
                        (_cooling, _badEpochs) = (_cooldown, 0);
                    }

                    public override void step() => throw new InvalidOperationException(
                        "step() should not be used with the ReduceLROnPlateau scheduler. Use step(double, int?), instead.");

                    public override void step(int? epoch) => throw new InvalidOperationException(
                        "step(int?) should not be used with the ReduceLROnPlateau scheduler. Use step(double, int?), instead.");

                    private bool IsBetter(double value) => _minimize
                        ? value < (_relative ? _best * (1 - _threshold) : _best - _threshold)
                        : value > (_relative ? _best * (1 + _threshold) : _best + _threshold);

                    private void Reduce()
                    {
                        for (var i = 0; i < Groups.Length; i++)
                        {
                            var rate = Math.Max(Groups[i].LearningRate * _factor, _least[i]);
                            if (Groups[i].LearningRate - rate <= _eps) continue;
                            Groups[i].LearningRate = rate;
                            if (Verbose) Console.WriteLine($"Epoch {Epoch}: reducing learning rate of group {i} to {rate:g4}.");
                        }
                    }
                }
            }
        }
    }
}
