using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public abstract class Optimizer : IDisposable
        {
            private protected readonly List<ParamGroup> _groups = [];

            private protected Optimizer()
            {
            }

            public virtual IEnumerable<ILearningRateController> ParamGroups => _groups;

            public virtual IEnumerable<Parameter> parameters() => _groups.SelectMany(g => g.Parameters);

            public abstract void add_param_group(ParamGroup param_group);

            public abstract Tensor? step(Func<Tensor>? closure = null);

            public abstract void zero_grad();

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected abstract void Dispose(bool disposing);

            public class StateDictionary
            {
                internal StateDictionary()
                {
                }

                public List<OptimizerOptions> Options { get; private set; } = [];

                public List<OptimizerState> State { get; private set; } = [];

                public List<List<int>> StateIndexRef { get; private set; } = [];
            }
        }

        public interface ILearningRateController
        {
            double LearningRate { get; set; }

            double InitialLearningRate { get; set; }
        }

        public interface IMomentum
        {
            double Momentum { get; set; }
        }

        public interface IBetas
        {
            (double, double) Betas { get; set; }
        }
    }
}
