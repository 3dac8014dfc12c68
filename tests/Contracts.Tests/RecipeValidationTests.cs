using Latent.Contracts.Recipes;

namespace Latent.Contracts.Tests;

public sealed class RecipeValidationTests
{
    [Theory]
    [InlineData(
        "name=Small VAE",
        "name is \"Small VAE\"; it must be lower-case letters and digits with single hyphens between (recipes/x.json)."
    )]
    [InlineData("optimizer.learningRate=0", "optimizer.learningRate is 0; it must be above 0 and at most 1000 (recipes/x.json).")]
    [InlineData("optimizer.beta1=1", "optimizer.beta1 is 1; it must be at least 0 and below 1 (recipes/x.json).")]
    [InlineData("schedule.gamma=1.5", "schedule.gamma is 1.5; it must be above 0 and at most 1 (recipes/x.json).")]
    [InlineData("encoder[0].out=0", "encoder[0].out is 0; it must be at least 1 and at most 1048576 (recipes/x.json).")]
    [InlineData("encoder[0].kernel=3", "encoder[0].kernel does not apply to linear; it takes out, bias (recipes/x.json).")]
    [InlineData("encoder[1].out=3", "encoder[1].out does not apply to relu, which has no keys (recipes/x.json).")]
    [InlineData("encoder[0].out=null", "encoder[0].out is missing; linear needs it (recipes/x.json).")]
    [InlineData("decoder[1]={\"type\": \"dropout\", \"p\": 1}", "decoder[1].p is 1; it must be at least 0 and below 1 (recipes/x.json).")]
    [InlineData(
        "decoder[1]={\"type\": \"unflatten\", \"shape\": [16]}",
        "decoder[1].shape is [16]; it must be [channels, height, width], each at least 1 (recipes/x.json)."
    )]
    [InlineData("data.validation=0.95", "data.validation + data.test is 1.05")]
    [InlineData("data.image={\"channels\": 1, \"height\": 2}", "data.image.width is missing; it must be a whole number (recipes/x.json).")]
    [InlineData("data.mirror=true", "data.mirror is true, but the rows are no images; give data.image (recipes/x.json).")]
    [InlineData(
        "data.source=images",
        "data.image is missing; a folder of images needs the size that they are brought to (recipes/x.json)."
    )]
    [InlineData(
        "data.separator=§",
        "data.separator is \"§\"; it must be one ASCII character, such as ; or a tab, and neither a quote nor # (recipes/x.json)."
    )]
    [InlineData("data.maxPixels=0", "data.maxPixels is 0; it must be at least 1 and at most 500000000 (recipes/x.json).")]
    [InlineData(
        "data={\"source\": \"images\", \"image\": {\"channels\": 1, \"height\": 2, \"width\": 2}, \"label\": \"x\"}",
        "data.label is \"x\"; it must be \"folder\", the folder that an image lies in (recipes/x.json)."
    )]
    [InlineData(
        "data.binarization=static",
        "data.binarization is static; it must be none, unless data.scaling is unit or minMax (recipes/x.json)."
    )]
    [InlineData(
        "noise={\"kind\": \"masking\", \"amount\": 2}",
        "noise.amount is 2; it must be a fraction from 0 to 1 for masking (recipes/x.json)."
    )]
    [InlineData(
        "objective.reconstruction=bernoulli",
        "data.scaling is standard; it must be unit or minMax: a Bernoulli likelihood needs values from 0 to 1 (recipes/x.json)."
    )]
    [InlineData("latent.activation=linear", "latent.activation is linear; it must be an activation without keys (recipes/x.json).")]
    [InlineData(
        "initialization.outputBiasFromMean=true",
        "initialization.outputBiasFromMean is true; it must be false, unless objective.reconstruction is bernoulli"
    )]
    [InlineData("ensemble=0", "ensemble is 0; it must be at least 1 and at most 16 (recipes/x.json).")]
    [InlineData("ensemble=17", "ensemble is 17; it must be at least 1 and at most 16 (recipes/x.json).")]
    [InlineData(
        "data={\"source\": \"csv\", \"scaling\": \"none\", \"table\": {\"embeddingWidth\": 8, \"encodings\": {\"a\": \"oneHot\"}}}",
        "data.table.embeddingWidth is 8; it must be left out, unless data.table.categories, or data.table.encodings of a column, is embedding (recipes/x.json)."
    )]
    [InlineData(
        "data={\"source\": \"csv\", \"table\": {\"categories\": \"embedding\", \"embeddingWidth\": 0}}",
        "data.table.embeddingWidth is 0; it must be at least 1 and at most 4096 (recipes/x.json)."
    )]
    public void A_value_that_cannot_be_is_named_with_what_would_be_right(string assignment, string message) =>
        Assert.Contains(message, Assert.Throws<LatentException>(() => Samples.With(assignment)).Message);

    [Fact]
    public void A_plain_autoencoder_has_no_bound()
    {
        var e = Assert.Throws<LatentException>(() => Samples.With("kind=autoencoder", "objective.bound=iwae"));
        Assert.Equal("objective.bound is iwae; it must be left out: a plain autoencoder has no bound (recipes/x.json).", e.Message);
    }

    [Fact]
    public void An_ensembles_codes_together_are_no_longer_than_a_code_may_be()
    {
        string[] wide = ["latent.dimension=1048576", "ensemble=1"];
        Assert.Equal(1 << 20, Samples.With(wide).CodeLength());
        Assert.Contains(
            "ensemble is 2; it must be at most 1048576 divided by latent.dimension, 1048576 (recipes/x.json).",
            Assert.Throws<LatentException>(() => Samples.With([.. wide, "ensemble=2"])).Message
        );
    }

    [Theory]
    [InlineData("embedding", "null", 1, 1)]
    [InlineData("embedding", "null", 7, 4)]
    [InlineData("embedding", "null", 500, 50)]
    [InlineData("embedding", "8", 500, 8)]
    public void An_embedding_is_half_as_wide_as_its_column_has_levels_unless_a_width_is_given(
        string categories,
        string width,
        int levels,
        int expected
    )
    {
        var table = $"{{\"categories\": \"{categories}\", \"embeddingWidth\": {width}}}";
        var recipe = Samples.With(
            $"data={{\"source\": \"csv\", \"scaling\": \"none\", \"table\": {table}}}",
            "objective.reconstruction=columns"
        );
        Assert.Equal(WordEncoding.Embedding, recipe.Data.Table!.Categories);
        Assert.Equal(expected, recipe.Data.Table.EmbeddingWidthOf(levels));
    }

    [Fact]
    public void Free_bits_need_a_kl_in_closed_form()
    {
        Assert.Equal(0.5, Samples.With("objective.freeBits=0.5").Objective.FreeBits);
        Assert.Contains(
            "objective.freeBits is 0.5",
            Assert.Throws<LatentException>(() => Samples.With("objective.freeBits=0.5", "objective.bound=iwae")).Message
        );
    }

    [Fact]
    public void A_gradient_through_some_samples_needs_weights_to_choose_them_by()
    {
        Assert.Equal(
            2,
            Samples.With("objective.bound=dreg", "objective.samples=3", "objective.gradientSamples=2").Objective.GradientSamples
        );
        Assert.Contains(
            "objective.gradientSamples is 2; it must be 0, unless objective.bound is iwae or dreg",
            Assert.Throws<LatentException>(() => Samples.With("objective.samples=3", "objective.gradientSamples=2")).Message
        );
        Assert.Contains(
            "objective.gradientSamples is 4; it must be at most objective.samples, 3",
            Assert
                .Throws<LatentException>(() => Samples.With("objective.bound=iwae", "objective.samples=3", "objective.gradientSamples=4"))
                .Message
        );
        Assert.StartsWith(
            "decoder[1] is dropout, which decodes chosen samples otherwise than all of them",
            Assert
                .Throws<LatentException>(() =>
                    Samples.With(
                        "objective.bound=iwae",
                        "objective.samples=3",
                        "objective.gradientSamples=2",
                        "decoder[1]={\"type\": \"dropout\", \"p\": 0.1}"
                    )
                )
                .Message
        );
    }

    [Fact]
    public void A_bernoulli_decoder_must_not_end_in_a_sigmoid()
    {
        var e = Assert.Throws<LatentException>(() =>
            Samples.With("data.scaling=minMax", "objective.reconstruction=bernoulli", "decoder[2]={\"type\": \"sigmoid\"}")
        );
        Assert.Equal("decoder[2] is sigmoid; leave it out, since a bernoulli reconstruction works on logits (recipes/x.json).", e.Message);
    }

    [Fact]
    public void Layers_are_held_against_the_image_where_the_recipe_gives_its_size()
    {
        var e = Assert.Throws<LatentException>(() =>
            Samples.With("data={\"source\": \"npy\", \"image\": {\"channels\": 1, \"height\": 3, \"width\": 3}}")
        );
        Assert.Equal("decoder[2] linear gives [8], but the input is [9] (recipes/x.json).", e.Message);
    }
}
