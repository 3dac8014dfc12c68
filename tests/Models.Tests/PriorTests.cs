using static TorchSharp.torch;

namespace Latent.Models.Tests;

public sealed class PriorTests
{
    public static TheoryData<string> Priors =>
        [
            """{ "kind": "mixture", "components": 3 }""",
            """{ "kind": "vampPrior", "pseudoInputs": 4 }""",
            """{ "kind": "realNvp", "steps": 3, "hidden": 8 }""",
            """{ "kind": "maf", "steps": 3, "hidden": 8 }""",
        ];

    [Theory]
    [MemberData(nameof(Priors))]
    public void The_density_integrates_to_one_and_draws_have_its_moments(string prior)
    {
        using var scope = NewDisposeScope();
        using var model = Model(prior);
        using var _ = no_grad();
        var p = model.Prior();
        // A grid of the plane from -12 to 12.
        const int Side = 481;
        const double Step = 0.05;
        var axis = (arange(Side, float32) - ((Side - 1) / 2)) * Step;
        var grid = stack([axis.unsqueeze(1).expand(Side, Side), axis.unsqueeze(0).expand(Side, Side)], 2).reshape(-1, 2);
        var mass = p.LogProb(grid).exp() * (Step * Step);
        Assert.Equal(1, Fixtures.Value(mass.sum()), 1e-3);

        const int Draws = 200_000;
        var noise = cat(
            [
                randn([Draws, p.Noise!.Normal], generator: Fixtures.Generator(4)),
                rand([Draws, p.Noise.Uniform], generator: Fixtures.Generator(5)),
            ],
            1
        );
        var codes = p.At(noise);
        foreach (var power in new[] { 1, 2 })
        {
            var expected = Fixtures.Values((mass.unsqueeze(1) * grid.pow(power)).sum(dim: 0));
            Assert.Equal(
                expected,
                Fixtures.Values(codes.pow(power).mean([0])),
                (a, b) => Math.Abs(a - b) < 0.02 * Math.Max(1, Math.Abs(a))
            );
        }
    }

    [Theory]
    [InlineData("realNvp")]
    [InlineData("maf")]
    public void A_flow_inverts_itself(string kind)
    {
        using var scope = NewDisposeScope();
        using var model = Model($$"""{ "kind": "{{kind}}", "steps": 3, "hidden": 8 }""", 5);
        using var _ = no_grad();
        var noise = randn([100, 5], generator: Fixtures.Generator(4));
        var p = model.Prior();
        // ln p(z) = ln N(u; 0, I) - ln |det ∂z/∂u|, the determinant by differences along each axis.
        const double Step = 1e-2;
        var columns = Enumerable
            .Range(0, 5)
            .Select(d =>
            {
                var axis = zeros(5);
                axis[d].fill_(Step);
                return (p.At(noise + axis) - p.At(noise - axis)) * (0.5 / Step);
            })
            .ToArray();
        var expected = Enumerable
            .Range(0, 100)
            .Select(row =>
            {
                var jacobian = columns.Select(column => Fixtures.Values(column[row]).Select(v => (double)v).ToArray()).ToArray();
                var u = Fixtures.Values(noise[row]);
                return (-0.5 * u.Sum(v => (v * (double)v) + Math.Log(2 * Math.PI))) - Math.Log(Math.Abs(Determinant(jacobian)));
            })
            .ToArray();
        Assert.Equal(expected, Fixtures.Values(p.LogProb(p.At(noise))).Select(v => (double)v), (a, b) => Math.Abs(a - b) < 0.02);
    }

    [Fact]
    public void A_component_far_away_and_narrow_keeps_its_density()
    {
        using var scope = NewDisposeScope();
        var means = tensor([50f, -50, 0, 1], [2, 2]);
        var logVariances = tensor([-6f, -6, -6, -6], [2, 2]);
        var mixture = new Priors.NormalMixture("", means, logVariances, null);
        var z = tensor([50f, -50, 0.05f, 1], [2, 2]);
        var at = (-2 * Math.Log(2 * Math.PI) / 2) + 6 - Math.Log(2);
        Assert.Equal(
            [at, at - (0.5 * 0.05 * 0.05 * Math.Exp(6))],
            Fixtures.Values(mixture.LogProb(z)).Select(v => (double)v),
            (a, b) => Math.Abs(a - b) < 0.05
        );
    }

    private static Autoencoder Model(string prior, int length = 2)
    {
        var recipe = Fixtures.Recipe(
            """{ "type": "linear", "out": 6 }, { "type": "tanh" }""",
            """{ "type": "linear", "out": 4 }""",
            length,
            data: "\"source\": \"npy\"",
            more: $", \"prior\": {prior}"
        );
        var model = Fixtures.Model(recipe, 4);
        using var _ = no_grad();
        foreach (var (_, parameter) in model.named_parameters())
            parameter.add_(randn(parameter.shape, generator: Fixtures.Generator(2)) * 0.3);
        return model;
    }

    private static double Determinant(double[][] m)
    {
        var n = m.Length;
        var (a, result) = (m.Select(row => row.ToArray()).ToArray(), 1.0);
        for (var i = 0; i < n; i++)
        {
            var pivot = Enumerable.Range(i, n - i).MaxBy(r => Math.Abs(a[r][i]));
            if (pivot != i)
                (a[i], a[pivot], result) = (a[pivot], a[i], -result);
            result *= a[i][i];
            for (var r = i + 1; r < n; r++)
            {
                var factor = a[r][i] / a[i][i];
                for (var c = i; c < n; c++)
                    a[r][c] -= factor * a[i][c];
            }
        }

        return result;
    }
}
