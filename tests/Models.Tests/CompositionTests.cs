using Latent.Contracts;
using Latent.Contracts.Recipes;
using Latent.Models.Objectives;
using static TorchSharp.torch;

namespace Latent.Models.Tests;

/// <summary>
/// Every combination of likelihood, posterior, prior and bound that the validation admits, on tiny networks: its graphs agree with torch,
/// and its gradient with finite differences.
/// </summary>
public sealed class CompositionTests
{
    private const double Agreement = 1e-5;

    private static readonly string[] s_likelihoods =
    [
        """{ "kind": "bernoulli" }""",
        """{ "kind": "gaussian", "spread": 0.5 }""",
        """{ "kind": "gaussian", "scale": "learned" }""",
        """{ "kind": "gaussian", "scale": "byFeature" }""",
        """{ "kind": "laplace", "scale": "byFeature" }""",
        """{ "kind": "discretizedLogistic", "scale": "learned" }""",
    ];
    private static readonly string[] s_posteriors = ["normal", "planar", "iaf", "bottomUp", "topDown", "labelled", "labelledIaf"];
    private static readonly string[] s_priors =
    [
        """{ "kind": "standardNormal" }""",
        """{ "kind": "mixture", "components": 3 }""",
        """{ "kind": "vampPrior", "pseudoInputs": 4 }""",
        """{ "kind": "realNvp", "steps": 3, "hidden": 5 }""",
        """{ "kind": "maf", "steps": 2, "hidden": 5 }""",
    ];
    private static readonly string[] s_bounds =
    [
        "\"bound\": \"elbo\"",
        "\"bound\": \"monteCarloElbo\", \"samples\": 2",
        "\"bound\": \"iwae\", \"samples\": 3",
        "\"bound\": \"dreg\", \"samples\": 3",
        "\"bound\": \"miwae\", \"samples\": 3, \"outerSamples\": 2",
        "\"bound\": \"piwae\", \"samples\": 3, \"outerSamples\": 2",
        "\"bound\": \"ciwae\", \"samples\": 3, \"elboWeight\": 0.3",
    ];

    private static readonly string[] s_regularizers =
    [
        "\"l2\": 0.1, \"l2On\": \"prior\"",
        "\"freeBits\": 0.05",
        "\"totalCorrelation\": 2",
        "\"mmd\": 3",
        "\"beta\": 2, \"warmUpEpochs\": 3",
    ];

    [Fact]
    public void Every_combination_agrees_with_its_graphs()
    {
        // Bounds and regularizers are no part of a graph.
        foreach (var (likelihood, posterior, prior, _) in Combinations().DistinctBy(c => (c.Likelihood, c.Posterior, c.Prior)))
        {
            using var scope = NewDisposeScope();
            using var model = Unsettled(Of(likelihood, posterior, prior, s_bounds[0])!);
            model.eval();
            using var _ = no_grad();
            using var exported = new ExportedModel(model);
            var raw = (rand([7, 4], generator: Fixtures.Generator(3)) * 255).round();
            var x = model.ToModelUnits(Fixtures.Labelled(model, raw));
            var q = model.Encode(x);
            var decoded = model.Decode(q.Code, x);
            var whole = exported.Run("autoencoder", (TensorNames.Input, Fixtures.Values(raw), [7, 4]));
            var what = $"{likelihood} {posterior} {prior}";
            Same(what, q.Code, whole[TensorNames.LatentMean]);
            Same(what, q.LogVariance!, whole[TensorNames.LatentLogVariance]);
            Same(what, model.KlOf(q), whole[TensorNames.Kl]);
            Same(what, model.ToDataUnits(model.Mean(decoded)), whole[TensorNames.Output]);
            Same(what, Objective.Create(model.Recipe).ReconstructionPerRow(model, decoded, x), whole[TensorNames.ReconstructionError]);
            if (model.Prior() is { Noise: { } layout } p)
            {
                var noise = cat(
                    [
                        randn([50, layout.Normal], generator: Fixtures.Generator(4)),
                        rand([50, layout.Uniform], generator: Fixtures.Generator(5)),
                    ],
                    1
                );
                Same(what, p.At(noise), exported.Run("prior", TensorNames.Noise, Fixtures.Values(noise), noise.shape)[TensorNames.Latent]);
            }

            var decodes = exported.Run("decoder", (TensorNames.Latent, Fixtures.Values(q.Code), q.Code.shape));
            Same(what, model.ToDataUnits(model.Mean(decoded)), decodes[TensorNames.Output]);
            Same(what, q.Code, exported.Run("encoder", (TensorNames.Input, Fixtures.Values(raw), [7, 4]))[TensorNames.LatentMean]);
            if (posterior is not ("normal" or "labelled"))
            {
                var length = model.Recipe.CodeLength();
                var noise = randn([1, 7, length], generator: Fixtures.Generator(6));
                var drawn = exported.Run(
                    "posterior",
                    (TensorNames.Input, Fixtures.Values(raw), [7, 4]),
                    (TensorNames.Noise, Fixtures.Values(noise), [7, length])
                );
                Same(what, q.DrawWithDensity(noise).Z, drawn[TensorNames.Latent]);
            }
        }
    }

    [Fact]
    public void Every_gradient_is_the_finite_difference_with_common_random_numbers()
    {
        var wrong = new List<string>();
        foreach (var (likelihood, posterior, prior, objective) in Combinations())
        {
            // The doubly reparameterized gradient agrees in expectation, which ObjectiveTests show.
            if (objective.Contains("dreg", StringComparison.Ordinal))
                continue;
            using var scope = NewDisposeScope();
            using var model = Unsettled(Of(likelihood, posterior, prior, objective)!);
            var isPartial = objective.Contains("piwae", StringComparison.Ordinal);
            var (ofEncoder, ofDecoder) = isPartial
                ? (objective.Replace("piwae", "miwae"), "\"bound\": \"iwae\", \"samples\": 6")
                : (objective, objective);
            var raw = (rand([8, 4], generator: Fixtures.Generator(1)) * 255).round();
            var x = model.ToModelUnits(Fixtures.Labelled(model, raw));
            Loss(objective).backward();
            foreach (var isDecoders in new[] { false, true })
            {
                var minimized = isDecoders ? ofDecoder : ofEncoder;
                var moved = model
                    .named_parameters()
                    .Where(p => IsDecoders(p.name) == isDecoders)
                    .Select((p, i) => (p.parameter, Direction: randn(p.parameter.shape, generator: Fixtures.Generator(10 + i))))
                    .ToArray();
                var length = Math.Sqrt(moved.Sum(m => Math.Pow(Fixtures.Value(m.Direction.norm()), 2)));
                var expected = moved.Sum(m => Fixtures.Value((m.parameter.grad! * m.Direction).sum()) / length);
                const double Step = 4e-3;
                using var _ = no_grad();
                Move(Step);
                var above = Fixtures.Value(Loss(minimized));
                Move(-2 * Step);
                var measured = ((double)above - Fixtures.Value(Loss(minimized))) / (2 * Step);
                Move(Step);
                if (!(Math.Abs(measured - expected) <= 5e-3 + (5e-3 * Math.Abs(expected))))
                    wrong.Add($"{likelihood} {posterior} {prior} {objective}: gradient {expected}, finite difference {measured}");

                void Move(double step)
                {
                    foreach (var (parameter, direction) in moved)
                        parameter.add_(direction * (step / length));
                }
            }

            Tensor Loss(string minimized) =>
                Objective.Create(Of(likelihood, posterior, prior, minimized)!).Compute(model, x, x, 0.7, Fixtures.Generator(3)).Total;
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} differ:\n{string.Join('\n', wrong)}");
    }

    // What the decoder and the prior have, beside the encoder, whose parameters piwae trains by a bound of their own.
    private static bool IsDecoders(string parameter) =>
        parameter.StartsWith("decoder.", StringComparison.Ordinal)
        || parameter.StartsWith("prior.", StringComparison.Ordinal)
        || parameter.StartsWith("conditional.", StringComparison.Ordinal)
        || parameter == "logSpread";

    private static IEnumerable<(string Likelihood, string Posterior, string Prior, string Objective)> Combinations()
    {
        var admitted = (
            from likelihood in s_likelihoods
            from posterior in s_posteriors
            from prior in s_priors
            from objective in s_bounds.Concat(s_regularizers)
            where Of(likelihood, posterior, prior, objective) is not null
            select (likelihood, posterior, prior, objective)
        ).ToList();
        Assert.True(admitted.Count > 1100, $"Only {admitted.Count} combinations are admitted.");
        return admitted;
    }

    private static Recipe? Of(string likelihood, string posterior, string prior, string objective)
    {
        try
        {
            return Fixtures.Recipe(
                posterior == "topDown"
                    ? """{ "type": "branches", "sizes": [4, 2], "layers": [{ "type": "linear", "out": 4 }, { "type": "gatedLinear", "out": 3 }] }"""
                    : """{ "type": "linear", "out": 6 }, { "type": "tanh" }""",
                """{ "type": "linear", "out": 6 }, { "type": "tanh" }, { "type": "linear", "out": 4 }""",
                3,
                objective: objective,
                latentKeys: LatentKeys(posterior),
                data: "\"source\": \"npy\"",
                more: $", \"prior\": {prior}, \"likelihood\": {likelihood}{(IsLabelled(posterior) ? ", \"condition\": { \"classes\": 2 }" : "")}"
            );
        }
        catch (LatentException e)
        {
            // One sentence that ends with the file.
            Assert.Matches(@"^[^.].*\(test\.json\)\.$", e.Message);
            return null;
        }
    }

    private static string LatentKeys(string posterior) =>
        posterior switch
        {
            "normal" or "labelled" => "",
            "labelledIaf" => LatentKeys("iaf"),
            "planar" or "iaf" => $$""", "posterior": { "kind": "{{posterior}}", "steps": 2 }""",
            _ => $$"""
                , "head": "softplus", "upper": {
                  "dimension": 2, "inference": "{{posterior}}", "encoder": [{ "type": "linear", "out": 5 }, { "type": "tanh" }],
                  "decoder": [{ "type": "linear", "out": 4 }, { "type": "tanh" }]
                }
                """,
        };

    /// <summary>A model none of whose parameters is zero, as some are at the start.</summary>
    private static Autoencoder Unsettled(Recipe recipe)
    {
        var model = Fixtures.Model(recipe, new Scaling([0], [1f / 255]), 4);
        using var _ = no_grad();
        foreach (var (_, parameter) in model.named_parameters())
            parameter.add_(randn(parameter.shape, generator: Fixtures.Generator(2)) * 0.3);
        return model;
    }

    private static bool IsLabelled(string posterior) => posterior.StartsWith("labelled", StringComparison.Ordinal);

    private static void Same(string what, Tensor expected, float[] actual)
    {
        var values = Fixtures.Values(expected);
        Assert.Equal(values.Length, actual.Length);
        var range = Math.Max(1, values.Max(Math.Abs));
        var worst = values.Zip(actual, (a, b) => Math.Abs(a - b) / range).Max();
        Assert.True(worst <= Agreement, $"{what}: {worst}");
    }
}
