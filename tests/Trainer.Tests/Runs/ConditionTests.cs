using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Contracts.Recipes;
using Latent.Trainer.Commands;
using Latent.Trainer.Data;
using Latent.Trainer.Evaluation;
using Latent.Trainer.Tests.Helpers;
using Latent.Trainer.Training;

namespace Latent.Trainer.Tests.Runs;

/// <summary>Runs of models that are conditioned on labels.</summary>
public sealed class ConditionTests : IDisposable
{
    private static readonly Recipe s_recipe = Helpers.Recipes.Tiny with { Condition = new ConditionRecipe { Classes = 10 } };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_run_learns_labels_and_digits_are_drawn_with_them()
    {
        var recipe = s_recipe with
        {
            Data = s_recipe.Data with { Count = 1500 },
            Training = s_recipe.Training with { Epochs = 25 },
            Optimizer = s_recipe.Optimizer with { LearningRate = 0.004 },
        };
        _folder.Train(recipe, "bundle");
        var manifest = ManifestFile.Read(_folder.File("bundle"));
        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"{i}"), manifest.Input.Classes!);
        Assert.InRange(manifest.Metrics[DrawnLabels.Accuracy], 0.5, 1);
        Assert.InRange(manifest.Metrics[DrawnLabels.OfRows], 0.8, 1);
        using var output = new StringWriter();
        foreach (var what in (string[])["prior-mean", "prior-sample", "mean"])
        {
            DrawCommand.Run(_folder.File("bundle"), what, "0,0,0", "3", null, 4, 1, _folder.File($"{what}.png"), output);
            DrawCommand.Run(_folder.File("bundle"), what, "0,0,0", null, null, 4, 1, _folder.File($"{what}-all.png"), output);
        }

        DrawCommand.Run(_folder.File("bundle"), "posterior", null, null, null, 4, 1, _folder.File("posterior.png"), output);
        Assert.Equal(
            "--label is 'x'; it must be one of 0, 1, 2, 3, 4, 5, 6, 7, 8, 9.",
            Assert
                .Throws<CommandLine.UsageException>(() =>
                    DrawCommand.Run(_folder.File("bundle"), "mean", "0,0,0", "x", null, 1, 1, _folder.File("x.png"), output)
                )
                .Message
        );
    }

    [Fact]
    public void The_likelihood_of_graphs_is_refused_and_that_of_the_model_given_the_labels_estimated()
    {
        _folder.Train(s_recipe, "bundle");
        var bundle = BundleFolder.Open(_folder.File("bundle"));
        var data = DataLoader.Load(s_recipe);
        using var session = new TrainingSession(s_recipe, data.Train, TorchSharp.torch.CPU);
        session.LoadWeights(bundle);
        session.Model.eval();
        var own = TestLikelihood.Of(session, data.HeldOut, 20, 10, (_, _) => { });
        Assert.True(double.IsFinite(own.Nll));
        // With labels that are not theirs rows are less likely, or at least not as likely.
        var labels = data.HeldOut.Labels!.Select(label =>
            $"{(int.Parse(label, System.Globalization.CultureInfo.InvariantCulture) + 5) % 10}"
        );
        var wrong = new DataSet(data.HeldOut.Input, data.HeldOut.Values, [.. labels]);
        Assert.NotEqual(own.Nll, TestLikelihood.Of(session, wrong, 20, 10, (_, _) => { }).Nll);
        Assert.EndsWith(
            "is conditioned on labels; its likelihood is estimated without --graphs.",
            Assert
                .Throws<LatentException>(() =>
                {
                    TestLikelihood.OfGraphs(session, bundle, data.HeldOut, 2, 2, (_, _) => { });
                })
                .Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Labels_that_are_missing_or_too_many_are_refused()
    {
        Refuses(
            s_recipe with
            {
                Condition = new ConditionRecipe { Classes = 9 },
            },
            "The training rows have 10 labels; condition.classes, which is 9, must be as many."
        );
        var table = _folder.Write("t.csv", "a,b\n1,2\n2,3\n3,1\n4,4\n"u8.ToArray());
        Refuses(
            s_recipe with
            {
                Data = Helpers.Recipes.Data(DataSourceKind.Csv, table),
            },
            "condition needs labels; name their column or file in data.label."
        );
        var rows = DataLoader.Load(s_recipe).Train;
        var strange = new DataSet(rows.Input, rows.Values, [.. rows.Labels!.Select(_ => "x")]);
        Assert.Equal(
            "Row 0 has the label 'x', which the model does not know; it knows 0, 1, 2, 3, 4, 5, 6, 7, 8, 9.",
            Assert.Throws<LatentException>(strange.Cells).Message
        );

        static void Refuses(Recipe recipe, string message) =>
            Assert.Equal(message, Assert.Throws<LatentException>(() => DataLoader.Load(recipe)).Message);
    }
}
