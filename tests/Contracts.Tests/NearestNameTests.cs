namespace Latent.Contracts.Tests;

public sealed class NearestNameTests
{
    private static readonly string[] s_names = ["mnist-vae", "digits-vae", "faces-ae", "faces-deep-ae"];

    [Theory]
    [InlineData("mnistvae", "mnist-vae")]
    [InlineData("minst-vae", "mnist-vae")]
    [InlineData("DIGITS-VAE", "digits-vae")]
    [InlineData("face-ae", "faces-ae")]
    [InlineData("something-else", null)]
    [InlineData("", null)]
    public void The_nearest_name_is_suggested_and_none_where_none_is_near(string typed, string? expected) =>
        Assert.Equal(expected, NearestName.Suggest(typed, s_names));

    [Fact]
    public void A_hint_lists_what_is_known_where_nothing_is_near() =>
        Assert.Equal("; known are mnist-vae, digits-vae, faces-ae, faces-deep-ae", NearestName.Hint("xyz", s_names));
}
