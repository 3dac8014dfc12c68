using Latent.Contracts.Bundles;
using Latent.Contracts.Recipes;
using Latent.Contracts.Training;
using Latent.Trainer.Data;
using Latent.Trainer.Engines;
using Latent.Trainer.Runs;

namespace Latent;

/// <summary>Trains for an estimator, on the engine that its options choose.</summary>
internal static class PipelineTraining
{
    /// <summary>Trains and exports the bundle.</summary>
    /// <param name="recipe">The recipe; it says where the rows are if <paramref name="rows"/> is null.</param>
    /// <param name="rows">The rows that were read already; null to read the data of the recipe.</param>
    /// <param name="engine">The engine.</param>
    /// <param name="run">What the recipe does not decide.</param>
    /// <returns>The bundle's folder.</returns>
    public static string Run(Recipe recipe, DataSet? rows, EngineKind engine, RunOptions run)
    {
        var managed = EngineChoice.IsManaged(engine, run.Device, run.Display.Say);
        return managed && !Engine.IsManaged
            ? ManagedEngine.Call<string>(
                typeof(PipelineTraining),
                nameof(Execute),
                recipe,
                rows?.Input,
                rows?.Values,
                run.Output,
                run.Resume,
                run.Force,
                run.Threads,
                run.Device,
                run.Display
            )
            : Execute(recipe, rows?.Input, rows?.Values, run.Output, run.Resume, run.Force, run.Threads, run.Device, run.Display);
    }

    // Takes only types that both copies of this assembly share.
    private static string Execute(
        Recipe recipe,
        InputDescription? input,
        float[]? values,
        string output,
        bool resume,
        bool force,
        int? threads,
        string device,
        ITrainingDisplay display
    ) =>
        TrainingRun
            .Execute(
                recipe,
                input is null ? DataLoader.Load(recipe) : DataSplits.Divide(new DataSet(input, values!), null, recipe),
                new RunOptions
                {
                    Output = output,
                    Resume = resume,
                    Force = force,
                    Threads = threads,
                    Device = device,
                    Display = display,
                }
            )
            .Bundle!;
}
