using Latent.Contracts;
using Latent.Contracts.Recipes;
using Latent.Models.Codebooks;
using Latent.Models.Objectives;
using static TorchSharp.torch;

namespace Latent.Models.Tests;

public sealed class CodebookTests
{
    private const string Encoder = """{ "type": "linear", "out": 7 }, { "type": "tanh" }""";
    private const string Decoder = """{ "type": "linear", "out": 6 }, { "type": "tanh" }, { "type": "linear", "out": 4 }""";
    private const string Squared = "\"reconstruction\": \"meanSquaredError\"";

    [Theory]
    [InlineData(6, 5)]
    [InlineData(3, 5)]
    [InlineData(1, 9)]
    public void Graphs_give_places_and_take_them(int width, int size)
    {
        using var scope = NewDisposeScope();
        using var model = Model(width, size);
        model.eval();
        using var _ = no_grad();
        using var exported = new ExportedModel(model);
        var x = randn([40, 4], generator: Fixtures.Generator(3)) * 2;
        var isDoubtful = Fixtures.Values(model.Codebook!.IsDoubtful(model.EncodeValues(x)));
        long[] certain = [.. Enumerable.Range(0, 40).Where(i => isDoubtful[i] == 0).Select(i => (long)i)];
        Assert.True(certain.Length > 20, $"Only {certain.Length} rows are certain.");
        x = x.index_select(0, tensor(certain));
        var code = model.Encode(x).Code;
        Assert.Equal(6 / width, code.shape[1]);
        var raw = model.Decode(code);
        var whole = exported.Run("autoencoder", TensorNames.Input, Fixtures.Values(x), x.shape);
        Assert.Equal(Fixtures.Values(code), whole[TensorNames.LatentMean]);
        Assert.Equal(
            Fixtures.Values(code),
            exported.Run("encoder", TensorNames.Input, Fixtures.Values(x), x.shape)[TensorNames.LatentMean]
        );
        Close(raw, whole[TensorNames.Output]);
        Close(Objective.Create(model.Recipe).ReconstructionPerRow(model, raw, x), whole[TensorNames.ReconstructionError]);
        Close(raw, exported.Run("decoder", TensorNames.Latent, Fixtures.Values(code), code.shape)[TensorNames.Output]);
        // Numbers between and beyond places are brought to places.
        var between = code * 1.5 - 0.3;
        Close(model.Decode(between), exported.Run("decoder", TensorNames.Latent, Fixtures.Values(between), code.shape)[TensorNames.Output]);
    }

    [Fact]
    public void A_place_is_that_of_the_nearest_vector()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        using var codebook = new Codebook(new CodebookRecipe { Size = 6, Width = 2 }, 6);
        var values = randn([10, 6], generator: Fixtures.Generator(1));
        var vectors = Fixtures.Values(codebook.state_dict()["vectors"]).Chunk(2).ToArray();
        var expected = Fixtures
            .Values(values)
            .Chunk(6)
            // The first vector of a row has its values at 0 and 3, as two channels of three pixels have.
            .SelectMany(row => Enumerable.Range(0, 3).Select(i => (float[])[row[i], row[i + 3]]))
            .Select(v => (long)vectors.Index().MinBy(e => e.Item.Zip(v, (a, b) => (a - b) * (a - b)).Sum()).Index)
            .ToArray();
        var places = codebook.Nearest(values);
        Assert.Equal(expected, places.data<long>().ToArray());
        var rows = Fixtures.Values(codebook.At(places)).Chunk(6).ToArray();
        for (var i = 0; i < rows.Length; i++)
        {
            for (var k = 0; k < 3; k++)
                Assert.Equal(vectors[expected[(i * 3) + k]], (float[])[rows[i][k], rows[i][k + 3]]);
        }
    }

    [Fact]
    public void The_encoder_learns_as_if_the_nearest_vector_were_its_output()
    {
        using var scope = NewDisposeScope();
        using var model = Model(3, 5);
        model.eval();
        var x = randn([8, 4], generator: Fixtures.Generator(1));
        var objective = Objective.Create(model.Recipe);
        objective.Compute(model, x, x, 1).Total.backward();
        var ofEncoder = Gradients(model, "encoder.").Concat(Gradients(model, "mean.")).ToArray();
        var ofDecoder = Gradients(model, "decoder.");
        using var other = Model(3, 5);
        other.eval();
        var values = other.EncodeValues(x);
        var nearest = other.Codebook!.At(other.Codebook.Nearest(values)).requires_grad_(true);
        ((other.DecodeValues(nearest) - x).square().sum() * (1.0 / 8)).backward();
        Assert.Equal(ofDecoder, Gradients(other, "decoder."), Near);
        var distance = (values - nearest.detach()).square().sum() * (0.5 / 8);
        ((values * nearest.grad!.detach()).sum() + distance).backward();
        Assert.Equal(ofEncoder, Gradients(other, "encoder.").Concat(Gradients(other, "mean.")), Near);

        static float[] Gradients(Autoencoder of, string part) =>
            [
                .. of.named_parameters()
                    .Where(p => p.name.StartsWith(part, StringComparison.Ordinal))
                    .SelectMany(p => Fixtures.Values(p.parameter.grad!)),
            ];
    }

    [Fact]
    public void Vectors_are_moving_averages_and_those_without_uses_become_rows_of_the_minibatch()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        using var codebook = new Codebook(
            new CodebookRecipe
            {
                Size = 3,
                Width = 1,
                Decay = 0.9,
                Revive = 0.05,
            },
            1
        );
        var state = codebook.state_dict();
        Set("vectors", 0, 10, 1000);
        Set("sums", 0, 20, 500);
        Set("uses", 1, 2, 0.5f);
        var values = tensor([1f, 2f, 12f], [3, 1]);
        var places = codebook.Nearest(values);
        Assert.Equal((long[])[0, 0, 1], places.data<long>().ToArray());
        Assert.Equal(
            Math.Exp(-((2 / 3.0 * Math.Log(2 / 3.0)) + (1 / 3.0 * Math.Log(1 / 3.0)))),
            Fixtures.Value(codebook.Perplexity(places)),
            1e-4
        );
        codebook.Learn(values, places, Fixtures.Generator(1));
        Assert.Equal((float[])[0.9f + 0.2f, 1.8f + 0.1f, 0.45f], Fixtures.Values(state["uses"]), Near);
        Assert.Equal((float[])[0.3f / 1.1f, (18 + 1.2f) / 1.9f, 1000], Fixtures.Values(state["vectors"]), Near);
        for (var i = 0; i < 21; i++)
            codebook.Learn(values, places, Fixtures.Generator(i));
        // 0.45 · 0.9²¹ is below 0.05: the third was replaced by a row, and has been used once.
        Assert.Equal(1, Fixtures.Values(state["uses"])[2], 1e-5);
        Assert.Contains(Fixtures.Values(state["vectors"])[2], (float[])[1, 2, 12]);

        void Set(string name, params float[] numbers) => state[name].copy_(tensor(numbers).reshape(state[name].shape));
    }

    [Fact]
    public void A_codebook_finds_the_clusters_and_uses_all_of_its_vectors()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        using var codebook = new Codebook(
            new CodebookRecipe
            {
                Size = 16,
                Width = 2,
                Decay = 0.9,
            },
            2
        );
        var centers = (arange(8, float32) * 3.0).unsqueeze(1).repeat(1, 2);
        Tensor Draw(long seed) => centers.repeat(20, 1) + (randn([160, 2], generator: Fixtures.Generator(seed)) * 0.1);
        for (var step = 0; step < 300; step++)
        {
            using var inner = NewDisposeScope();
            var x = Draw(step);
            codebook.Learn(x, codebook.Nearest(x), Fixtures.Generator(step));
        }

        var held = Draw(1000);
        var places = codebook.Nearest(held);
        // The clusters lie 3 apart along both axes; all of the rows have a variance of 47.
        var error = Fixtures.Value((codebook.At(places) - held).square().mean());
        Assert.True(error < 1, $"The error is {error}.");
        var perplexity = Fixtures.Value(codebook.Perplexity(places));
        Assert.InRange(perplexity, 7, 16);
    }

    [Theory]
    [InlineData("variational", 6, Squared, "latent.codebook is given; it must be left out, unless kind is autoencoder")]
    [InlineData("autoencoder", 4, Squared, "latent.codebook.width is 4; it must be a divisor of latent.dimension, 6")]
    [InlineData("autoencoder", 6, Squared + ", \"codeNorm\": 1", "objective.codeNorm is 1; it must be 0 with latent.codebook")]
    [InlineData("autoencoder", 6, Squared + ", \"mmd\": 1", "objective.mmd is 1; it must be 0 with latent.codebook")]
    public void What_does_not_go_with_a_codebook_is_refused(string kind, int width, string objective, string message)
    {
        var e = Assert.Throws<LatentException>(() => Recipe(width, 5, kind, objective));
        Assert.StartsWith(message, e.Message);
    }

    private static Recipe Recipe(int width, int size, string kind = "autoencoder", string objective = Squared) =>
        Fixtures.Recipe(
            Encoder,
            Decoder,
            6,
            kind,
            objective,
            $$""", "codebook": { "size": {{size}}, "width": {{width}}, "commitment": 0.5 }"""
        );

    private static Autoencoder Model(int width, int size)
    {
        var model = Fixtures.Model(Recipe(width, size), 4);
        using var _ = no_grad();
        model.state_dict()["codebook.vectors"].mul_(0.5);
        return model;
    }

    private static bool Near(float a, float b) => Math.Abs(a - b) <= 1e-4 * Math.Max(1, Math.Abs(a));

    private static void Close(Tensor expected, float[] actual) =>
        Assert.Equal(Fixtures.Values(expected), actual, (a, b) => Math.Abs(a - b) <= 1e-5 * Math.Max(1, Math.Abs(a)));
}
