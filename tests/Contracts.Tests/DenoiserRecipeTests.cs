using Latent.Contracts.Recipes;

namespace Latent.Contracts.Tests;

public sealed class DenoiserRecipeTests
{
    private const string Convolution = """[{ "type": "conv2d", "out": 1, "kernel": 3, "padding": 1 }]""";

    /// <summary>Keys in place of those of a right recipe, and the refusal.</summary>
    public static TheoryData<string, string> Refused =>
        new()
        {
            { """ "latent": { "dimension": 2 } """, "latent is given; it must be left out: a denoiser has no code (test.json)." },
            {
                """ "decoder": [{ "type": "relu" }] """,
                "decoder is given; it must be left out: a denoiser's layers are all in encoder (test.json)."
            },
            { """ "prior": { "kind": "mixture" } """, "prior.kind is mixture; it must be left out: a denoiser has no code (test.json)." },
            { """ "sampler": { "kind": "maf" } """, "sampler is given; it must be left out: a denoiser has no code (test.json)." },
            { """ "ensemble": 2 """, "ensemble is 2; it must be left out: a denoiser is a single model (test.json)." },
            {
                """ "likelihood": { "kind": "gaussian" }, "objective": {} """,
                "likelihood is given; it must be left out: a denoiser has a distance, objective.reconstruction (test.json)."
            },
            {
                """ "objective": {} """,
                "objective.reconstruction is missing; a denoiser needs meanSquaredError, meanAbsoluteError or huber (test.json)."
            },
            {
                """ "objective": { "reconstruction": "bernoulli" } """,
                "objective.reconstruction is bernoulli; it must be meanSquaredError, meanAbsoluteError or huber where kind is denoiser (test.json)."
            },
            {
                """ "objective": { "reconstruction": "huber", "mmd": 1 } """,
                "objective.mmd is 1; it must be 0: a denoiser has no code (test.json)."
            },
            {
                """ "objective": { "reconstruction": "huber", "l2": 1, "l2On": "decoder" } """,
                "objective.l2On is decoder; it must be all or encoder where kind is denoiser (test.json)."
            },
            {
                """ "objective": { "reconstruction": "huber", "codeNorm": 1 } """,
                "objective.codeNorm is 1; it must be 0, unless kind is autoencoder (test.json)."
            },
            {
                """ "objective": { "reconstruction": "huber", "samples": 2 } """,
                "objective.samples is 2; it must be left out: a denoiser draws no samples (test.json)."
            },
            {
                """ "noise": { "kind": "none" } """,
                "noise.kind is none; it must be gaussian, masking, saltAndPepper or cutout where kind is denoiser (test.json)."
            },
            { """ "noise": { "kind": "gaussian" } """, "noise.amount is 0; it must be above 0 where kind is denoiser (test.json)." },
            {
                """ "data": { "source": "npy" } """,
                "data.image is left out; it must be given where kind is denoiser, which takes images (test.json)."
            },
            {
                """ "data": { "source": "digits", "scaling": "none" } """,
                "data.scaling is none; it must be unit, without data.binarization, where kind is denoiser (test.json)."
            },
            {
                """ "data": { "source": "digits", "binarization": "static" } """,
                "data.scaling is unit with data.binarization static; it must be unit, without data.binarization, where kind is denoiser (test.json)."
            },
            { """ "encoder": [] """, "The encoder is empty, but it is all that a denoiser learns; it must have a layer (test.json)." },
            {
                """ "encoder": [{ "type": "conv2d", "out": 2, "kernel": 3, "padding": 1 }] """,
                "encoder[0] conv2d gives [2, 28, 28], but the input is [1, 28, 28]; a denoiser's last layer must give as much (test.json)."
            },
            {
                """ "encoder": [], "convolution": { "depth": 2, "filters": 4 } """,
                "convolution is given, but it leads to a code, which a denoiser has not; leave it out (test.json)."
            },
        };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_a_denoiser_has_not_is_refused_in_one_sentence(string keys, string message) =>
        Assert.Equal(message, Assert.Throws<LatentException>(() => Recipe(keys)).Message);

    [Theory]
    [InlineData("gaussian", "noise")]
    [InlineData("masking", "image")]
    [InlineData("saltAndPepper", "noise")]
    [InlineData("cutout", "image")]
    public void A_denoiser_is_read_as_it_was_written(string kind, string predict)
    {
        var recipe = Recipe($$""" "noise": { "kind": "{{kind}}", "amount": 0.1, "predict": "{{predict}}" } """);
        Assert.Equal(RecipeFile.ToJson(recipe), RecipeFile.ToJson(RecipeFile.Parse(RecipeFile.ToJson(recipe), "test.json")));
        Assert.Equal(0, recipe.CodeLength());
        var layers = Layers.LayerSummary.Of(recipe, [1, 28, 28]);
        Assert.Equal("encoder[0] conv2d", Assert.Single(layers).Name);
    }

    [Theory]
    [InlineData(
        """ "noise": { "kind": "gaussian", "predict": "noise" }, "latent": { "dimension": 2 } """,
        "noise.predict is noise; it must be left out, unless kind is denoiser (test.json)."
    )]
    [InlineData("", "latent is missing; kind autoencoder needs its dimension (test.json).")]
    [InlineData(""" "latent": { "dimension": 0 } """, "latent.dimension is 0; it must be at least 1 and at most 1048576 (test.json).")]
    public void Other_kinds_need_a_code_and_predict_no_noise(string keys, string message) =>
        Assert.Equal(message, Assert.Throws<LatentException>(() => Recipe(keys, "autoencoder")).Message);

    private static Recipe Recipe(string keys, string kind = "denoiser")
    {
        var others = new Dictionary<string, string>
        {
            ["objective"] = """{ "reconstruction": "meanSquaredError" }""",
            ["data"] = """{ "source": "digits" }""",
            ["noise"] = """{ "kind": "gaussian", "amount": 0.1 }""",
            ["encoder"] = Convolution,
        };
        var rest = others
            .Where(key => !keys.Contains($"\"{key.Key}\":", StringComparison.Ordinal))
            .Select(key => $"\"{key.Key}\": {key.Value}");
        string[] all = ["\"name\": \"test\"", $"\"kind\": \"{kind}\"", .. rest, .. keys.Trim().Length > 0 ? (string[])[keys] : []];
        return RecipeFile.Parse($"{{ {string.Join(", ", all)} }}", "test.json");
    }
}
