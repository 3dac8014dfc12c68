namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            /// <summary>Sets the groups' learning rates as steps are counted; a new scheduler takes step 0 at once.</summary>
            public abstract class LRScheduler
            {
                protected int _step_count;

                private protected LRScheduler(Optimizer optimizer, int last_epoch, bool verbose)
                {
                    ArgumentNullException.ThrowIfNull(optimizer);
                    Groups = [.. optimizer.ParamGroups];
                    Epoch = last_epoch;
                    Verbose = verbose;
                    BaseRates = [.. Groups.Select(g => g.InitialLearningRate)];
                    LastRates = [.. Groups.Select(g => g.LearningRate)];
                }

                private protected ILearningRateController[] Groups { get; }

                private protected int Epoch { get; set; }

                private protected bool Verbose { get; }

                private protected double[] BaseRates { get; }

                private protected double[] LastRates { get; }

                public virtual void step() => step(null);

                public virtual void step(int? epoch)
                {
                    _step_count++;
                    Epoch = epoch ?? Epoch + 1;
                    var rates = (epoch is null ? get_lr() : get_closed_form_lr()).ToArray();
                    for (var i = 0; i < rates.Length; i++)
                    {
                        Groups[i].LearningRate = rates[i];
                        if (Verbose && LastRates[i] != rates[i]) Console.WriteLine($"Adjusting learning rate to {rates[i]}");
                        LastRates[i] = rates[i];
                    }
                }

                /// <summary>The metric counts for <see cref="impl.ReduceLROnPlateau"/> only.</summary>
                public virtual void step(double current, int? epoch = null) => step(epoch);

                public IEnumerable<double> get_last_lr() => LastRates;

                protected virtual IEnumerable<double> get_lr() => Current(_ => 1);

                protected virtual IEnumerable<double> get_closed_form_lr() => get_lr();

                /// <summary>The groups' present rates, each times a factor.</summary>
                private protected IEnumerable<double> Current(Func<int, double> factor) =>
                    Groups.Select((g, i) => g.LearningRate * factor(i));
            }
        }
    }
}
