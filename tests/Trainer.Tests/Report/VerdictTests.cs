using System.Text.RegularExpressions;
using Latent.Contracts.Bundles;
using Latent.Contracts.Recipes;
using Latent.Contracts.Training;
using Latent.Trainer.Evaluation;
using Latent.Trainer.Report;
using Latent.Trainer.Runs;
using Latent.Trainer.Tests.Commands;
using Latent.Trainer.Tests.Helpers;

namespace Latent.Trainer.Tests.Report;

public class VerdictTests
{
    private static readonly Evidence s_evidence = new()
    {
        Rows = 400,
        HeldOut = true,
        Active = 3,
    };

    [Fact]
    public void A_variational_model_is_judged_by_its_ELBO_its_dimensions_and_the_mean_of_all_rows()
    {
        var verdict = Judge(
            Variational(("test.reconstruction", 91.69), ("test.kl", 17.37), ("train.loss", 109.04), ("validation.loss", 109.9)),
            [],
            s_evidence with
            {
                CrossEntropy = (89.1, 190.7),
            }
        );
        Assert.Equal(
            [
                "The ELBO of the test rows is -109.1 nats per row: 91.69 nats of reconstruction error and 17.37 nats of KL.",
                "3 of 3 latent dimensions are active.",
                "The loss is 109.0 on training rows and 109.9 on validation rows: no sign of overfitting.",
            ],
            verdict.Learned
        );
        Assert.Equal(
            "Reconstructions from the mean code have a cross-entropy of 89.10 nats per row over 400 held-out rows;"
                + " the mean of all rows in place of each has 190.7.",
            Assert.Single(verdict.Baseline)
        );
        Assert.Equal(["Every latent dimension is in use, so that a longer code may keep more: `--set latent.dimension=6`."], verdict.Next);
    }

    [Theory]
    [InlineData(0, 0, 0, "The posterior has collapsed: none of the 3 latent dimensions is active", "`--set objective.warmUpEpochs=1`")]
    [InlineData(1, 0, 0, "only 1 of 3 latent dimensions is active", "`--set objective.warmUpEpochs=1`")]
    [InlineData(1, 5, 0, "only 1 of 3 latent dimensions is active", "`--set objective.freeBits=0.1`")]
    [InlineData(1, 5, 0.1, "only 1 of 3 latent dimensions is active", "`--set latent.dimension=1`")]
    [InlineData(2, 0, 0, "2 of 3 latent dimensions are active.", "`--seed 8`")]
    public void Few_active_dimensions_are_a_collapse_of_the_posterior(
        int active,
        double warmUp,
        double freeBits,
        string learned,
        string next
    )
    {
        var manifest = Variational();
        var objective = manifest.Recipe.Objective with { WarmUpEpochs = warmUp, FreeBits = freeBits };
        manifest = manifest with { Recipe = manifest.Recipe with { Objective = objective } };
        var verdict = Judge(manifest, [], s_evidence with { Active = active });
        Assert.Contains(learned, Assert.Single(verdict.Learned));
        Assert.Contains(next, Assert.Single(verdict.Next));
        Assert.Empty(verdict.Baseline);
    }

    [Theory]
    [InlineData(0.012, "0.012 is 25 % below", ".", "--seed 8")]
    [InlineData(0.0161, "0.0161 is about", ": the network does no better than a linear method.", "--set optimizer.learningRate=0.003")]
    [InlineData(0.04, "0.04 is 2.50 times", ": the linear method does better.", "--set optimizer.learningRate=0.003")]
    public void A_squared_error_is_held_against_that_of_a_PCA(double error, string compared, string end, string next)
    {
        var verdict = Judge(Plain(("test.mse", error), ("test.pca_mse", 0.016)), [], s_evidence with { Explained = 0.934 });
        Assert.Equal(["Reconstructions keep 93 % of the variance of the pixels over 400 held-out rows."], verdict.Learned);
        Assert.Equal(
            $"The error of {compared} that of a PCA with as many components (0.016 squared error per test value){end}",
            Assert.Single(verdict.Baseline)
        );
        Assert.Contains($"`{next}`", Assert.Single(verdict.Next));
    }

    [Fact]
    public void A_denoiser_is_held_against_the_noisy_images()
    {
        var gains = Judge(Plain(("test.noisy.psnr", 26.01), ("test.denoised.psnr", 29.5)), [], s_evidence);
        Assert.Contains("Denoised test images have a PSNR of 29.50 dB.", gains.Learned);
        Assert.Equal(["The noisy images themselves have a PSNR of 26.01 dB: denoising gains 3.49 dB."], gains.Baseline);
        var loses = Judge(Plain(("test.noisy.psnr", 26.01), ("test.denoised.psnr", 17.38)), [], s_evidence);
        Assert.StartsWith("The noisy images themselves have a PSNR of 26.01 dB: denoising loses 8.63 dB", Assert.Single(loses.Baseline));
        Assert.Contains("`--set latent.dimension=6`", Assert.Single(loses.Next));
    }

    [Fact]
    public void Of_a_table_with_two_labels_the_ranking_is_held_against_chance()
    {
        var ranking = Ranking.Of([1, 3, 2, 4], ["0", "1", "0", "0"]);
        var table = Plain() with
        {
            Input = new InputDescription { Shape = [2], Unit = InputUnit.Table },
        };
        var verdict = Judge(table, [], s_evidence with { Ranking = ranking });
        Assert.Equal(
            ["The score ranks the 1 rows labelled 1 above the 3 labelled 0 with an AUROC of 0.667 and an average precision of 0.500."],
            verdict.Learned
        );
        Assert.Equal(["Chance would give an AUROC of 0.5 and an average precision of 0.250."], verdict.Baseline);
        Assert.Empty(Judge(Plain(), [], s_evidence with { Ranking = ranking }).Baseline);
    }

    [Fact]
    public void A_validation_loss_that_rises_again_is_overfitting_and_one_that_falls_asks_for_more_epochs()
    {
        var rising = Judge(Plain(), Epochs(10, 8, 6, 9), s_evidence);
        Assert.Equal(["The validation loss was least at epoch 3 of 4 and has risen by 50 % since: the model overfits."], rising.Learned);
        Assert.Equal(["Keep the weights of the best epoch: `--set training.keepBest=true`."], rising.Next);

        var kept = Plain();
        kept = kept with { Recipe = kept.Recipe with { Training = kept.Recipe.Training with { KeepBest = true } } };
        Assert.Equal(
            ["The validation loss was least at epoch 3 of 4 and has risen by 50 % since; the weights of epoch 3 were kept."],
            Judge(kept, Epochs(10, 8, 6, 9), s_evidence).Learned
        );

        var falling = Judge(Plain(), Epochs(10, 8, 6, 5), s_evidence);
        Assert.Equal(["The validation loss still fell by 1.00 in the last epoch: training was not at its end."], falling.Learned);
        Assert.Equal(["Train longer: `--epochs 6`."], falling.Next);
        Assert.Empty(Judge(Plain(), Epochs(10, 8, 6, 5.99), s_evidence).Learned);
    }

    [Fact]
    public void A_gap_between_training_and_other_rows_asks_for_weight_decay()
    {
        var verdict = Judge(Plain(("train.loss", 2), ("test.loss", 3)), [], s_evidence);
        Assert.Equal(
            "The loss of the test rows, 3.00, is 50 % above the 2.00 of the training rows:"
                + " the model fits the training rows better than new ones.",
            Assert.Single(verdict.Learned)
        );
        Assert.Equal(["Hold the weights back: `--set optimizer.weightDecay=0.0001`."], verdict.Next);
        Assert.Equal(
            ["The loss is 2.00 on training rows and 2.30 on test rows, 15 % above."],
            Judge(Plain(("train.loss", 2), ("test.loss", 2.3)), [], s_evidence).Learned
        );
        // The test rows of an anomaly table hold anomalies, which the training rows don't.
        var anomalies = Plain(("train.loss", 2), ("test.loss", 3), ("test.reconstruction", 3));
        anomalies = anomalies with { Recipe = anomalies.Recipe with { Data = anomalies.Recipe.Data with { TrainOnLabel = "0" } } };
        Assert.Equal(
            [
                "The reconstruction error of the test rows of all labels is 3.00 (squared error per row).",
                "Reconstructions keep 50 % of the variance of the pixels over 400 held-out rows labelled 0.",
            ],
            Judge(anomalies, [], s_evidence with { Explained = 0.5, Label = "0" }).Learned
        );
    }

    [Fact]
    public void Nothing_is_said_without_figures()
    {
        var verdict = Judge(Plain(), [], s_evidence);
        Assert.Empty(verdict.Learned);
        Assert.Empty(verdict.Baseline);
        Assert.Equal(["Train with another seed to see how much of these figures is chance: `--seed 8`."], verdict.Next);
    }

    // Every option that is suggested is one that a recipe takes.
    private static Verdict Judge(BundleManifest manifest, IReadOnlyList<EpochRecord> epochs, Evidence evidence)
    {
        var verdict = Verdict.Of(manifest, epochs, evidence);
        foreach (Match option in Regex.Matches(string.Concat(verdict.Next), "--set ([^`]*)`"))
            RecipeLibrary.Read("digits-vae", option.Groups[1].Value);
        return verdict;
    }

    private static BundleManifest Variational(params (string Key, double Value)[] metrics) =>
        MetricTableTests.Manifest(new AboutRecipe(), new ScheduleRecipe(), metrics.ToDictionary(m => m.Key, m => m.Value)) with
        {
            Input = new InputDescription
            {
                Shape = [784],
                Unit = InputUnit.Pixel,
                Image = new ImageDescription(1, 28, 28),
            },
        };

    private static BundleManifest Plain(params (string Key, double Value)[] metrics) =>
        Variational(metrics) with
        {
            Kind = ModelKind.Autoencoder,
            Recipe = Recipes.Tiny with
            {
                Kind = ModelKind.Autoencoder,
                Objective = new ObjectiveRecipe { Reconstruction = ReconstructionKind.MeanSquaredError },
            },
        };

    private static List<EpochRecord> Epochs(params double[] validation) =>
        [
            .. validation.Select(
                (loss, i) =>
                    new EpochRecord
                    {
                        Epoch = i + 1,
                        Step = i + 1,
                        Seconds = 1,
                        SamplesPerS = 1,
                        LearningRate = 1,
                        Beta = 1,
                        Train = new Dictionary<string, double> { ["loss"] = 1 },
                        Validation = new Dictionary<string, double> { ["loss"] = loss },
                    }
            ),
        ];
}
