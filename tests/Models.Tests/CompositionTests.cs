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

    private static readonly string[] s_likelihoods = ["bernoulli", "meanSquaredError"];
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
    ];

    public static TheoryData<string, string, string> Admitted =>
        new(
            from likelihood in s_likelihoods
            from prior in s_priors
            from bound in s_bounds
            where Of(likelihood, prior, bound) is not null
            select (likelihood, prior, bound)
        );

    [Theory]
    [MemberData(nameof(Admitted))]
    public void Graphs_agree_with_torch(string likelihood, string prior, string bound)
    {
        using var scope = NewDisposeScope();
        using var model = Unsettled(Of(likelihood, prior, bound)!);
        model.eval();
        using var _ = no_grad();
        using var exported = new ExportedModel(model);
        var raw = rand([7, 4], generator: Fixtures.Generator(3));
        var x = model.ToModelUnits(raw);
        var posterior = model.Encode(x);
        var decoded = model.Decode(posterior.Code);
        var whole = exported.Run("autoencoder", TensorNames.Input, Fixtures.Values(raw), 7, 4);
        Same(posterior.Code, whole[TensorNames.LatentMean]);
        Same(posterior.LogVariance!, whole[TensorNames.LatentLogVariance]);
        Same(model.KlOf(posterior), whole[TensorNames.Kl]);
        Same(model.ToDataUnits(model.Mean(decoded)), whole[TensorNames.Output]);
        Same(Objective.Create(model.Recipe).ReconstructionPerRow(model, decoded, x), whole[TensorNames.ReconstructionError]);
        if (model.Prior() is not { Noise: { } layout } p)
            return;
        var noise = cat(
            [randn([50, layout.Normal], generator: Fixtures.Generator(4)), rand([50, layout.Uniform], generator: Fixtures.Generator(5))],
            1
        );
        var codes = exported.Run("prior", TensorNames.Noise, Fixtures.Values(noise), noise.shape);
        Same(p.At(noise), codes[TensorNames.Latent]);
    }

    [Theory]
    [MemberData(nameof(Admitted))]
    public void The_gradient_is_the_finite_difference_with_common_random_numbers(string likelihood, string prior, string bound)
    {
        // The doubly reparameterized gradient agrees in expectation, which ObjectiveTests show.
        if (bound.Contains("dreg", StringComparison.Ordinal))
            return;
        using var scope = NewDisposeScope();
        using var model = Unsettled(Of(likelihood, prior, bound)!);
        var objective = Objective.Create(model.Recipe);
        var x = rand([8, 4], generator: Fixtures.Generator(1));
        double Loss() => Fixtures.Value(objective.Compute(model, x, x, 0.7, Fixtures.Generator(3)).Total);

        objective.Compute(model, x, x, 0.7, Fixtures.Generator(3)).Total.backward();
        foreach (var part in new[] { "encoder", "mean", "spread", "decoder", "prior" })
        {
            var moved = model
                .named_parameters()
                .Where(p => p.name.StartsWith(part + ".", StringComparison.Ordinal))
                .Select((p, i) => (p.parameter, Direction: randn(p.parameter.shape, generator: Fixtures.Generator(10 + i))))
                .ToArray();
            if (moved.Length == 0)
                continue;
            var length = Math.Sqrt(moved.Sum(m => Math.Pow(Fixtures.Value(m.Direction.norm()), 2)));
            var expected = moved.Sum(m => Fixtures.Value((m.parameter.grad! * m.Direction).sum()) / length);
            const double Step = 1e-2;
            using var _ = no_grad();
            Move(Step);
            var above = Loss();
            Move(-2 * Step);
            var measured = (above - Loss()) / (2 * Step);
            Move(Step);
            Assert.True(
                Math.Abs(measured - expected) <= 1e-3 + (2e-3 * Math.Abs(expected)),
                $"{part}: gradient {expected}, finite difference {measured}"
            );

            void Move(double step)
            {
                foreach (var (parameter, direction) in moved)
                    parameter.add_(direction * (step / length));
            }
        }
    }

    private static Recipe? Of(string likelihood, string prior, string bound)
    {
        try
        {
            return Fixtures.Recipe(
                """{ "type": "linear", "out": 6 }, { "type": "tanh" }""",
                """{ "type": "linear", "out": 6 }, { "type": "tanh" }, { "type": "linear", "out": 4 }""",
                3,
                objective: $"\"reconstruction\": \"{likelihood}\", {bound}",
                data: "\"source\": \"npy\"",
                more: $", \"prior\": {prior}"
            );
        }
        catch (LatentException e)
        {
            Assert.Matches(@"^[^.].*\(test\.json\)\.$", e.Message);
            return null;
        }
    }

    /// <summary>A model none of whose parameters is zero, as some are at the start.</summary>
    private static Autoencoder Unsettled(Recipe recipe)
    {
        var model = Fixtures.Model(recipe, 4);
        using var _ = no_grad();
        foreach (var (_, parameter) in model.named_parameters())
            parameter.add_(randn(parameter.shape, generator: Fixtures.Generator(2)) * 0.3);
        return model;
    }

    private static void Same(Tensor expected, float[] actual)
    {
        var values = Fixtures.Values(expected);
        Assert.Equal(values.Length, actual.Length);
        var range = Math.Max(1, values.Max(Math.Abs));
        Assert.All(values.Zip(actual), pair => Assert.InRange(Math.Abs(pair.First - pair.Second) / range, 0, Agreement));
    }
}
