namespace Latent.ManagedTorch.Tests.Surface;

/// <summary>
/// What is compiled against TorchSharp's package runs on the managed engine: each type and member that it refers to is there, with the same
/// parameters, return type, number of type parameters, and static or not.
/// </summary>
public class MemberReferenceTests
{
    private static readonly Surface _package = Surface.Of(Paths.PackageAssembly);
    private static readonly Surface _managed = Surface.Of(typeof(TorchSharp.torch).Assembly.Location);

    [Theory]
    [InlineData("Models", 140)]
    [InlineData("Trainer", 100)]
    [InlineData("Benchmarks", 20)]
    [InlineData("TorchOperations", 180)]
    public void Every_member_that_is_referred_to_is_in_the_managed_engine(string assembly, int atLeast)
    {
        var references = MemberReferences.Of(Paths.Metadata(assembly));
        Assert.True(references.All.Count >= atLeast, $"{references.Assembly} refers to only {references.All.Count}.");
        var missing = references.MissingFrom(_managed, _package).Order(StringComparer.Ordinal).ToList();
        Assert.True(missing.Count == 0, $"{missing.Count} of {references.All.Count}:\n{string.Join('\n', missing)}");
    }

    [Fact]
    public void The_package_itself_lacks_nothing() =>
        Assert.Empty(MemberReferences.Of(Paths.Metadata("Models")).MissingFrom(_package, _package));

    [Fact]
    public void A_member_that_is_gone_or_another_is_named()
    {
        var references = MemberReferences.Of(Paths.Metadata("Models"));
        var tensor = _managed.Types["TorchSharp.torch+Tensor"];
        const string Exp = "TorchSharp.torch+Tensor exp()";
        Assert.Contains(references.All, r => r.Type == tensor.Name && r.Member == Exp);

        var changed = Surface.Of(typeof(TorchSharp.torch).Assembly.Location);
        var members = changed.Types[tensor.Name].Members;
        Assert.True(members.Remove(Exp, out var exp));
        members.Add("static " + Exp, exp);
        Assert.Equal(
            [$"{references.Assembly} refers to {Exp} of {tensor.Name}, which is missing."],
            references.MissingFrom(changed, _package)
        );

        changed.Types.Remove(tensor.Name);
        var missing = references.MissingFrom(changed, _package).ToList();
        Assert.Contains($"{references.Assembly} refers to the type {tensor.Name}, which is missing.", missing);
        Assert.Equal(references.All.Count(r => r.Type == tensor.Name), missing.Count);
    }
}
