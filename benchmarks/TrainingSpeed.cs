using System.Diagnostics;
using static TorchSharp.torch;

namespace Latent.Benchmarks;

/// <summary>How fast one reference model trains in this process.</summary>
/// <param name="SamplesPerSecond">Rows that went through a whole step a second.</param>
/// <param name="BytesPerStep">Managed bytes allocated a step.</param>
/// <param name="Generation2">Generation-2 collections while timing.</param>
/// <param name="PeakMegabytes">Largest resident size of the process so far.</param>
internal sealed record TrainingSpeed(double SamplesPerSecond, double BytesPerStep, int Generation2, double PeakMegabytes)
{
    private const int WarmUp = 20;

    /// <summary>Trains on random data in [0, 1] with Adam(1e-3): batch in memory, forward, loss, backward, step, and the loss read every 50 steps.</summary>
    public static TrainingSpeed Measure(string name, double seconds, int threads)
    {
        set_num_threads(threads);
        manual_seed(0);
        var model = ReferenceModels.Create(name);
        using var loss = model.Loss;
        using var optimizer = optim.Adam(loss.parameters(), 1e-3);
        using var data = rand([model.Batch * 8, .. model.RowShape]);
        for (var i = 0; i < WarmUp; i++)
            Step(i);
        var (bytes, collections) = (GC.GetAllocatedBytesForCurrentThread(), GC.CollectionCount(2));
        var (steps, clock) = (0, Stopwatch.StartNew());
        while (clock.Elapsed.TotalSeconds < seconds)
            Step(steps++);
        var spent = clock.Elapsed.TotalSeconds;
        return new(
            steps * model.Batch / spent, (double)(GC.GetAllocatedBytesForCurrentThread() - bytes) / steps, GC.CollectionCount(2) - collections,
            Process.GetCurrentProcess().PeakWorkingSet64 / 1048576.0);

        void Step(int i)
        {
            using var scope = NewDisposeScope();
            var x = data.narrow(0, i % 8 * model.Batch, model.Batch);
            optimizer.zero_grad();
            var value = loss.call(x);
            value.backward();
            optimizer.step();
            if (i % 50 == 0 && !float.IsFinite(value.item<float>()))
                throw new InvalidOperationException($"{name} diverged at step {i}; a benchmark of NaN says nothing.");
        }
    }
}
