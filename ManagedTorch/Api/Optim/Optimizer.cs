using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public interface ILearningRateController
        {
            double LearningRate { get; set; }
        }

        public abstract class Optimizer : IDisposable
        {
            private protected Optimizer() { }

            public abstract IEnumerable<ILearningRateController> ParamGroups { get; }

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
                internal StateDictionary(IEnumerable<OptimizerState> state) => State = [.. state];

                public List<OptimizerState> State { get; }
            }
        }
    }
}
