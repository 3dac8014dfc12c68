using Latent.Contracts.Recipes;
using Latent.Contracts.Training;
using Latent.Trainer.Data;
using Latent.Trainer.Evaluation;
using Latent.Trainer.Runs;
using Latent.Trainer.Tests.Helpers;
using Latent.Trainer.Training;

namespace Latent.Trainer.Tests.Evaluation;

public sealed class TestLikelihoodTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Exported_graphs_in_ONNX_Runtime_give_the_figures_of_the_torch_modules()
    {
        var recipe = Recipes.Tiny with
        {
            Data = Recipes.Tiny.Data with { Count = 400, Binarization = BinarizationKind.Dynamic },
            Latent = Recipes.Tiny.Latent with { Head = VarianceParameterization.LogSigma },
            Optimizer = new OptimizerRecipe { LearningRate = 0.01 },
        };
        Train(recipe);
        using var trained = TrainedBundle.Open(_folder.File("x"), null, _ => { });
        var torch = TestLikelihood.Of(trained.Session, trained.Data.HeldOut, 200, null, (_, _) => { });
        var graphs = TestLikelihood.OfGraphs(trained.Session, trained.Folder, trained.Data.HeldOut, 200, null, (_, _) => { });
        Assert.InRange(torch.Nll, 50, 500);
        Assert.InRange(torch.Nll, 0, -torch.Elbo);
        Assert.InRange(Math.Abs(graphs.Nll - torch.Nll), 0, torch.StandardError);

        // The draws are the same too, so that nothing but rounding is left.
        Assert.Equal(torch.Nll, graphs.Nll, 1e-2);
        Assert.Equal(torch.StandardError, graphs.StandardError, 1e-2);
        Assert.Equal(torch.Elbo, graphs.Elbo, 1e-2);
        Assert.Equal(torch.Kl, graphs.Kl, 1e-3);
        Assert.Equal(torch.ActiveUnits, graphs.ActiveUnits);
    }

    [Fact]
    public void A_likelihood_is_of_whole_rows_whatever_the_loss_was_divided_by()
    {
        Train(Recipes.Tiny with { Data = Recipes.Tiny.Data with { Binarization = BinarizationKind.Static } });
        using var trained = TrainedBundle.Open(_folder.File("x"), null, _ => { });
        var recipe = trained.Session.Recipe;
        using var mean = new TrainingSession(
            recipe with
            {
                Objective = recipe.Objective with { Reduction = ReductionKind.Mean },
            },
            trained.Data.Train,
            TorchSharp.torch.CPU
        );
        mean.LoadWeights(Contracts.Bundles.BundleFolder.Open(_folder.File("x")));
        mean.Model.eval();
        Assert.Equal(
            TestLikelihood.Of(trained.Session, trained.Data.HeldOut, 20, null, (_, _) => { }),
            TestLikelihood.Of(mean, trained.Data.HeldOut, 20, null, (_, _) => { })
        );
    }

    [Fact]
    public void The_curve_of_a_training_disturbs_none_of_its_draws()
    {
        // Stages of one pass each, with a curve, and the same rates without one; dropout draws from torch's global generator.
        var recipe = Recipes.Tiny with
        {
            Data = Recipes.Tiny.Data with { Binarization = BinarizationKind.Dynamic },
            Decoder = [Recipes.Tiny.Decoder[0], new LayerRecipe { Type = LayerType.Dropout, P = 0.2 }, Recipes.Tiny.Decoder[2]],
            Schedule = new ScheduleRecipe { Kind = ScheduleKind.BurdaStages, Scale = 1e-4 },
        };
        var with = Train(recipe);
        var other = recipe with
        {
            Schedule = new ScheduleRecipe
            {
                Kind = ScheduleKind.Step,
                StepEpochs = 1,
                Gamma = Math.Pow(10, -1 / 7.0),
            },
            Training = recipe.Training with { Epochs = 8 },
        };
        var without = Train(other);
        var published = Train(other with { About = new AboutRecipe { Others = "85 to 86" } });
        Assert.Equal(8, with.Count(epoch => epoch.TestNll is not null));
        Assert.DoesNotContain(without, epoch => epoch.TestNll is not null);
        Assert.Equal([1, 4, 8], published.Where(epoch => epoch.TestNll is not null).Select(epoch => epoch.Epoch));
        Assert.Equal(
            without.Select(epoch => epoch.Train["loss"]),
            with.Select(epoch => epoch.Train["loss"]),
            (a, b) => Math.Abs(a - b) < 1e-3
        );
    }

    [Fact]
    public void A_curve_takes_a_thousand_rows_at_most_evenly_spread()
    {
        Assert.Equal(12, LikelihoodCurve.Rows(Recipes.Table()).Count);
        var rows = LikelihoodCurve.Rows(Recipes.Table(10_000));
        Assert.Equal(1000, rows.Count);
        Assert.Equal([0f, 10f, 9990f], [rows.Values[0], rows.Values[2], rows.Values[1998]]);
    }

    private List<EpochRecord> Train(Recipe recipe)
    {
        var display = new RecordingDisplay();
        var options = new RunOptions
        {
            Output = _folder.File("x"),
            Force = true,
            Threads = 1,
            Display = display,
        };
        TrainingRun.Execute(recipe, DataLoader.Load(recipe), options, TestContext.Current.CancellationToken);
        return display.Epochs;
    }
}
