namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static partial class impl
            {
                public class LambdaLR : LRScheduler
                {
                    private readonly Func<int, double>[] _lambdas;

                    public LambdaLR(Optimizer optimizer, Func<int, double> lr_lambda, int last_epoch = -1, bool verbose = false)
                        : this(optimizer, Enumerable.Repeat(lr_lambda, optimizer.ParamGroups.Count()), last_epoch, verbose)
                    {
                    }

                    public LambdaLR(
                        Optimizer optimizer, IEnumerable<Func<int, double>> lr_lambdas, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        _lambdas = [.. lr_lambdas];
                        step();
                    }

                    protected override IEnumerable<double> get_lr() => BaseRates.Select((rate, i) => rate * _lambdas[i](Epoch));
                }

                public class StepLR : LRScheduler
                {
                    private readonly int _stepSize;
                    private readonly double _gamma;

                    public StepLR(Optimizer optimizer, int step_size, double gamma = 0.1, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        (_stepSize, _gamma) = (step_size, gamma);
                        step();
                    }

                    protected override IEnumerable<double> get_lr() =>
                        Current(_ => Epoch == 0 || Epoch % _stepSize != 0 ? 1 : _gamma);

                    protected override IEnumerable<double> get_closed_form_lr() =>
                        BaseRates.Select(rate => rate * Math.Pow(_gamma, Epoch / _stepSize));
                }

                public class MultiStepLR : LRScheduler
                {
                    private readonly IList<int> _milestones;
                    private readonly double _gamma;

                    public MultiStepLR(
                        Optimizer optimizer, IList<int> milestones, double gamma = 0.1, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        (_milestones, _gamma) = (milestones, gamma);
                        step();
                    }

                    protected override IEnumerable<double> get_lr() => Current(_ => _milestones.Contains(Epoch) ? _gamma : 1);

                    protected override IEnumerable<double> get_closed_form_lr() =>
                        BaseRates.Select(rate => rate * Math.Pow(_gamma, _milestones.Distinct().Count(m => m <= Epoch)));
                }

                public class ExponentialLR : LRScheduler
                {
                    private readonly double _gamma;

                    public ExponentialLR(Optimizer optimizer, double gamma = 0.1, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        _gamma = gamma;
                        step();
                    }

                    protected override IEnumerable<double> get_lr() => Current(_ => Epoch == 0 ? 1 : _gamma);

                    protected override IEnumerable<double> get_closed_form_lr() => BaseRates.Select(rate => rate * Math.Pow(_gamma, Epoch));
                }

                public class LinearLR : LRScheduler
                {
                    private readonly double _start;
                    private readonly double _end;
                    private readonly int _total;

                    public LinearLR(
                        Optimizer optimizer, double start_factor = 1.0 / 3, double end_factor = 1.0, int total_iters = 5,
                        int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        (_start, _end, _total) = (start_factor, end_factor, total_iters);
                        step();
                    }

                    protected override IEnumerable<double> get_lr() => Current(_ => Epoch switch
                    {
                        0 => _start,
                        _ when Epoch > _total => 1,
                        _ => 1 + (_end - _start) / (_total * _start + (Epoch - 1) * (_end - _start)),
                    });

                    protected override IEnumerable<double> get_closed_form_lr() =>
                        BaseRates.Select(rate => rate * (_start + (_end - _start) * Math.Min(_total, Epoch) / _total));
                }

                /// <summary>Loshchilov and Hutter 2017, equation 5, without restarts.</summary>
                public class CosineAnnealingLR : LRScheduler
                {
                    private readonly double _period;
                    private readonly double _least;

                    public CosineAnnealingLR(
                        Optimizer optimizer, double T_max, double eta_min = 0, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        (_period, _least) = (T_max, eta_min);
                        step();
                    }

                    protected override IEnumerable<double> get_lr()
                    {
                        if (Epoch == 0) return Current(_ => 1);
                        if ((Epoch - 1 - _period) % (2 * _period) == 0)
                        {
                            var rise = (1 - Math.Cos(Math.PI / _period)) / 2;
                            return Groups.Select((g, i) => g.LearningRate + (BaseRates[i] - _least) * rise);
                        }
                        var factor = (1 + Math.Cos(Math.PI * Epoch / _period)) / (1 + Math.Cos(Math.PI * (Epoch - 1) / _period));
                        return Groups.Select(g => factor * (g.LearningRate - _least) + _least);
                    }

                    protected override IEnumerable<double> get_closed_form_lr() =>
                        BaseRates.Select(rate => _least + (rate - _least) * (1 + Math.Cos(Math.PI * Epoch / _period)) / 2);
                }
            }

            public static LRScheduler LambdaLR(
                Optimizer optimizer, Func<int, double> lr_lambda, int last_epoch = -1, bool verbose = false) =>
                new impl.LambdaLR(optimizer, lr_lambda, last_epoch, verbose);

            public static LRScheduler StepLR(
                Optimizer optimizer, int step_size, double gamma = 0.1, int last_epoch = -1, bool verbose = false) =>
                new impl.StepLR(optimizer, step_size, gamma, last_epoch, verbose);

            public static LRScheduler MultiStepLR(
                Optimizer optimizer, IList<int> milestones, double gamma = 0.1, int last_epoch = -1, bool verbose = false) =>
                new impl.MultiStepLR(optimizer, milestones, gamma, last_epoch, verbose);

            public static LRScheduler ExponentialLR(Optimizer optimizer, double gamma = 0.1, int last_epoch = -1, bool verbose = false) =>
                new impl.ExponentialLR(optimizer, gamma, last_epoch, verbose);

            public static LRScheduler LinearLR(
                Optimizer optimizer, double start_factor = 1.0 / 3, double end_factor = 1.0, int total_iters = 5, int last_epoch = -1,
                bool verbose = false) =>
                new impl.LinearLR(optimizer, start_factor, end_factor, total_iters, last_epoch, verbose);

            public static LRScheduler CosineAnnealingLR(
                Optimizer optimizer, double T_max, double eta_min = 0, int last_epoch = -1, bool verbose = false) =>
                new impl.CosineAnnealingLR(optimizer, T_max, eta_min, last_epoch, verbose);

            public static LRScheduler ReduceLROnPlateau(
                Optimizer optimizer, string mode = "min", double factor = 0.1, int patience = 10, double threshold = 1e-4,
                string threshold_mode = "rel", int cooldown = 0, IList<double>? min_lr = null, double eps = 1e-8, bool verbose = false) =>
                new impl.ReduceLROnPlateau(
                    optimizer, mode, factor, patience, threshold, threshold_mode, cooldown, min_lr, eps, verbose);
        }
    }
}
