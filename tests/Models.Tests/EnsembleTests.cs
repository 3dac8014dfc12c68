using Latent.Contracts.Recipes;
using Latent.Models.Objectives;
using static TorchSharp.torch;

namespace Latent.Models.Tests;

/// <summary>An ensemble against its members, each by itself.</summary>
public sealed class EnsembleTests
{
    private const int Members = 3;
    private const string Bernoulli = "\"reconstruction\": \"bernoulli\", \"l2\": 0.1";
    private const string Pixels = "\"source\": \"npy\"";

    [Fact]
    public void The_first_member_begins_as_a_single_model_does_and_the_others_do_not()
    {
        var recipe = Fixtures.Small(Bernoulli, data: Pixels) with
        {
            Initialization = new InitializationRecipe { Kind = InitializationKind.GlorotUniform },
        };
        using var single = Fixtures.Model(recipe, 4);
        using var ensemble = Fixtures.Model(recipe with { Ensemble = Members }, 4);
        var weights = ensemble.state_dict().ToDictionary(t => t.Key, t => Fixtures.Values(t.Value));
        Assert.Equal(Members * single.state_dict().Count, weights.Count);
        foreach (var (name, tensor) in single.state_dict())
        {
            Assert.Equal(Fixtures.Values(tensor), weights[$"member0.{name}"]);
            if (name.EndsWith("0.weight", StringComparison.Ordinal))
                Assert.NotEqual(weights[$"member1.{name}"], weights[$"member2.{name}"]);
        }
    }

    [Fact]
    public void Each_member_has_the_gradient_that_it_has_by_itself()
    {
        using var scope = NewDisposeScope();
        var recipe = Fixtures.Small(Bernoulli, data: Pixels) with { Ensemble = Members };
        using var model = Fixtures.Model(recipe, 4);
        var compute = Objective.Create(recipe);
        var (input, target) = (rand([8, 4], generator: Fixtures.Generator(1)), rand([8, 4], generator: Fixtures.Generator(2)));
        var together = compute.Compute(model, input, target, 0.7, Fixtures.Generator(3));
        together.Total.backward();
        var gradients = model.named_parameters().ToDictionary(p => p.name, p => Fixtures.Values(p.parameter.grad!));
        using (no_grad())
        {
            foreach (var (_, parameter) in model.named_parameters())
                parameter.grad!.zero_();
        }

        var (generator, losses) = (Fixtures.Generator(3), new List<Losses>());
        foreach (var member in model.Members)
        {
            losses.Add(compute.Compute(member, input, target, 0.7, generator));
            losses[^1].Total.backward();
        }

        Assert.All(model.named_parameters(), p => Assert.Equal(gradients[p.name], Fixtures.Values(p.parameter.grad!)));
        Assert.Contains(gradients.Values, gradient => gradient.Any(g => g != 0));
        foreach (var (name, term) in together.Terms)
            Assert.Equal(losses.Average(each => Fixtures.Value(each.Terms[name])), Fixtures.Value(term), 1e-5);
        Assert.Equal(losses.Sum(each => Fixtures.Value(each.Total)), Fixtures.Value(together.Total), 1e-4);
    }

    [Fact]
    public void Codes_are_those_of_the_members_and_the_reconstruction_is_the_mean_of_theirs()
    {
        using var scope = NewDisposeScope();
        using var no = no_grad();
        var recipe = Fixtures.Small(Bernoulli, data: Pixels) with { Ensemble = Members };
        using var model = Fixtures.Model(recipe, new Scaling([0], [0.1f]), 4);
        var x = rand([5, 4], generator: Fixtures.Generator(1));
        var codes = model.Encode(x);
        var reconstruction = Fixtures.Values(model.Reconstruct(model.Decode(codes.Mean)));
        var errors = Fixtures.Values(Objective.Create(recipe).ReconstructionPerRow(model, model.Decode(codes.Mean), x));
        float[][] own = [.. model.Members.Select(member => Fixtures.Values(member.Encode(x).Mean))];
        Assert.Equal(
            Enumerable.Range(0, 5).SelectMany(row => own.SelectMany(code => code[(2 * row)..(2 * (row + 1))])),
            Fixtures.Values(codes.Mean)
        );
        float[][] outputs = [.. model.Members.Select(member => Fixtures.Values(member.Decode(member.Encode(x).Mean)))];
        Assert.All(
            reconstruction.Index(),
            value => Assert.Equal(outputs.Average(output => 10 / (1 + Math.Exp(-output[value.Index]))), value.Item, 1e-4)
        );
        var target = Fixtures.Values(x);
        Assert.All(
            errors.Index(),
            error =>
                Assert.Equal(
                    outputs.Average(output =>
                        Enumerable.Range(4 * error.Index, 4).Sum(i => Math.Log(1 + Math.Exp(output[i])) - (target[i] * output[i]))
                    ),
                    error.Item,
                    1e-4
                )
        );
    }

    [Fact]
    public void The_likelihood_is_that_of_the_mixture_of_the_members()
    {
        using var scope = NewDisposeScope();
        var recipe = Fixtures.Small(Bernoulli, data: Pixels) with { Ensemble = Members };
        using var model = Fixtures.Model(recipe, 4);
        var (objective, x) = (Objective.Create(recipe), rand([6, 4], generator: Fixtures.Generator(1)));
        var estimate = LikelihoodEstimate.Of(model, objective, x, x, samples: 5, chunk: 2, Fixtures.Generator(3));
        var generator = Fixtures.Generator(3);
        LikelihoodEstimate[] own = [.. model.Members.Select(member => LikelihoodEstimate.Of(member, objective, x, x, 5, 2, generator))];
        float[][] logs = [.. own.Select(each => Fixtures.Values(each.LogLikelihood))];
        Assert.All(
            Fixtures.Values(estimate.LogLikelihood).Index(),
            log => Assert.Equal(Math.Log(logs.Average(each => Math.Exp(each[log.Index]))), log.Item, 1e-4)
        );
        Assert.Equal(own.Average(each => Fixtures.Value(each.Kl.mean())), Fixtures.Value(estimate.Kl.mean()), 1e-5);
    }
}
