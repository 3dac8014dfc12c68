using Latent.Contracts.Bundles;
using Latent.Contracts.Recipes;
using Latent.Trainer.Commands;
using Latent.Trainer.Tests.Helpers;

namespace Latent.Trainer.Tests.Commands;

public sealed class MetricTableTests
{
    private static readonly AboutRecipe s_about = new() { Published = new PublishedFigure(86.76, "a paper"), Others = "86.35 to 87.78" };
    private static readonly ScheduleRecipe s_stages = new() { Kind = ScheduleKind.BurdaStages };

    [Fact]
    public void What_was_obtained_stands_against_what_was_published_and_a_shortened_schedule_says_so()
    {
        var evaluated = new Dictionary<string, double>
        {
            ["epochs"] = 3280,
            ["seconds"] = 3630,
            ["evaluate.nll"] = 86.714,
            ["evaluate.nll_standard_error"] = 0.2349,
            ["evaluate.samples"] = 5000,
            ["evaluate.active_units"] = 19,
            ["test.loss"] = 87.5,
        };
        var shortened = Manifest(
            s_about,
            s_stages with
            {
                Scale = 0.01,
            },
            new Dictionary<string, double> { ["epochs"] = 36, ["seconds"] = 60 }
        );
        Assert.Equal(
            """
            | model | published | others | obtained | samples | epochs | batch, rate | minutes | machine | engine | seed | active units |
            |---|---:|---:|---:|---:|---|---:|---:|---|---|---:|---:|
            | tiny | 86.76 | 86.35 to 87.78 | 86.71 ± 0.23 | 5,000 | 3,280 | 32, 0.001 | 60.5 | a processor | an engine | 7 | 19 |
            | tiny | 86.76 | 86.35 to 87.78 |  |  | 36 of 3,280 (schedule.scale 0.01) | 32, 0.001 | 1.0 | a processor | an engine | 7 |  |

            """,
            MetricTable.Of([Manifest(s_about, s_stages, evaluated), shortened])
        );
    }

    [Theory]
    [InlineData(ScheduleKind.BurdaStages, 1, 40, "| 40 of 3,280 |")]
    [InlineData(ScheduleKind.BurdaStages, 2, 6560, "| 6,560 of 3,280 (schedule.scale 2) |")]
    [InlineData(ScheduleKind.Constant, 1, 3280, "| 3,280 (schedule.kind constant) |")]
    public void Epochs_of_anything_but_the_whole_schedule_say_what_they_are(ScheduleKind kind, double scale, int epochs, string cell) =>
        Assert.Contains(
            cell,
            MetricTable.Of([
                Manifest(
                    s_about,
                    new ScheduleRecipe { Kind = kind, Scale = scale },
                    new Dictionary<string, double> { ["epochs"] = epochs }
                ),
            ])
        );

    [Fact]
    public void A_gradient_through_some_of_the_samples_says_so_and_others_leave_the_cell_empty()
    {
        var all = Manifest(s_about, s_stages, new Dictionary<string, double>());
        var objective = all.Recipe.Objective with { Bound = BoundKind.Iwae, Samples = 50, GradientSamples = 5 };
        var lines = MetricTable.Of([all with { Recipe = all.Recipe with { Objective = objective } }, all]).Split('\n');
        Assert.Equal("| model | published | others | batch, rate | gradient from | machine | engine | seed |", lines[0]);
        Assert.Equal("| tiny | 86.76 | 86.35 to 87.78 | 32, 0.001 | 5 of 50 samples | a processor | an engine | 7 |", lines[2]);
        Assert.Equal("| tiny | 86.76 | 86.35 to 87.78 | 32, 0.001 |  | a processor | an engine | 7 |", lines[3]);
    }

    [Fact]
    public void Weights_that_were_not_drawn_are_named()
    {
        var started = Manifest(s_about, s_stages, new Dictionary<string, double> { ["epochs"] = 40 }) with
        {
            StartedFrom = new InitialWeights("a-vae", 3280, ""),
        };
        var lines = MetricTable.Of([started]).Split('\n');
        Assert.Equal("| model | published | others | starts from | epochs | batch, rate | machine | engine | seed |", lines[0]);
        Assert.Equal(
            "| tiny | 86.76 | 86.35 to 87.78 | a-vae, 3,280 epochs | 40 of 3,280 | 32, 0.001 | a processor | an engine | 7 |",
            lines[2]
        );
    }

    [Fact]
    public void Without_a_published_figure_the_table_is_the_usual_one()
    {
        var table = MetricTable.Of([
            Manifest(new AboutRecipe(), s_stages, new Dictionary<string, double> { ["epochs"] = 3, ["test.loss"] = 1.5 }),
        ]);
        Assert.Equal(
            "| bundle | engine | seed | epochs | test loss |\n|---|---|---:|---:|---:|\n| tiny | an engine | 7 | 3 | 1.5 |\n",
            table
        );
    }

    internal static BundleManifest Manifest(AboutRecipe about, ScheduleRecipe schedule, Dictionary<string, double> metrics) =>
        new()
        {
            Name = "tiny",
            Kind = ModelKind.Variational,
            Input = new InputDescription { Shape = [784], Unit = InputUnit.Pixel },
            LatentDimension = 3,
            Reconstruction = new ReconstructionDescription(ReconstructionKind.Bernoulli, ReductionKind.Sum),
            Recipe = Recipes.Tiny with { About = about, Schedule = schedule },
            Seed = 7,
            Engine = "an engine",
            Machine = "a processor",
            DataFingerprint = "",
            Metrics = metrics,
            Files = [],
        };
}
