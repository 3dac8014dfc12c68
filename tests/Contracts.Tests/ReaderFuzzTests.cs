using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Latent.Contracts.Bundles;
using Latent.Contracts.Recipes;
using Latent.Tests;

namespace Latent.Contracts.Tests;

/// <summary>Whatever a file holds, reading it ends in a result or in a sentence.</summary>
public sealed class ReaderFuzzTests
{
    private static readonly string[] s_fragments =
    [
        "{",
        "}",
        "[",
        "]",
        ":",
        ",",
        "\"",
        "null",
        "true",
        "-1",
        "1e999",
        "1e-999",
        "99999999999999999999",
        "0.5",
        "\\ud800",
        "\\u0000",
        "//",
        "/*",
        "\ud800",
        "é",
        "$schema",
        "\"\"",
    ];

    [Fact]
    public void A_mutated_recipe_ends_in_a_recipe_or_a_sentence() => Check(Samples.RecipeJson, json => RecipeFile.Parse(json, "fuzz.json"));

    [Fact]
    public void A_mutated_manifest_ends_in_a_manifest_or_a_sentence() =>
        Check(
            ManifestFile.ToJson(
                Samples.Manifest() with
                {
                    Files = [new BundleFile("encoder.onnx", BundleRole.Encoder, 12, new string('a', 64))],
                }
            ),
            json => ManifestFile.Parse(json, "fuzz.json")
        );

    [Fact]
    public void A_key_with_half_a_character_is_refused_in_a_sentence() =>
        Assert.Contains(
            "fuzz.json",
            Assert.Throws<LatentException>(() => ManifestFile.Parse("""{ "sch\ud800maVersion": 1 }""", "fuzz.json")).Message
        );

    [Fact]
    public void A_mutated_assignment_ends_in_a_recipe_or_a_sentence() =>
        Check("encoder[0].out=12", assignment => RecipeFile.Parse(RecipeOverrides.Apply(Samples.RecipeJson, assignment), "fuzz.json"));

    [Fact]
    public void An_assignment_to_a_mutated_recipe_ends_in_a_text_or_a_sentence() =>
        Check(Samples.RecipeJson, json => RecipeOverrides.Apply(json, "encoder[1].out=12"));

    private static void Check(string text, Action<string> read)
    {
        var mutation =
            from position in Gen.Choose(0, text.Length - 1)
            from length in Gen.Choose(0, 12)
            from fragment in Gen.Elements(s_fragments)
            select (position, length, fragment);
        var (accepted, refused) = (0, 0);
        var property = Prop.ForAll(
            Arb.From(Gen.ListOf(mutation)),
            mutations =>
            {
                var mutated = new StringBuilder(text);
                foreach (var (position, length, fragment) in mutations)
                {
                    var start = Math.Min(position, mutated.Length);
                    mutated.Remove(start, Math.Min(length, mutated.Length - start)).Insert(start, fragment);
                }

                if (Fuzz.Ends<LatentException>($"'{mutated}'", () => read(mutated.ToString())))
                    accepted++;
                else
                    refused++;
            }
        );
        property.Check(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(Fuzz.Count(usual: 1000)).WithReplay(20261120, 1));
        Assert.True(accepted > 0 && refused > 0, $"{accepted} were accepted and {refused} refused.");
    }
}
