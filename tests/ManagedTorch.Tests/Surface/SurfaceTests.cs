using TorchSharp;

namespace Latent.ManagedTorch.Tests.Surface;

/// <summary>
/// Everything that the managed engine shows is in TorchSharp's package, and looks the same.
/// </summary>
public class SurfaceTests
{
    private static readonly string[] _ofEveryObject = ["ToString", "Equals", "GetHashCode", "Finalize"];

    [Fact]
    public void Every_public_type_and_member_is_in_the_package()
    {
        var package = Surface.Of(Paths.PackageAssembly);
        var managed = Surface.Of(typeof(torch).Assembly.Location);
        var differences = managed.Types.Values.SelectMany(type => Differences(type, package)).Order(StringComparer.Ordinal).ToList();
        Assert.True(differences.Count == 0, $"{differences.Count} differences:\n" + string.Join("\n", differences));
    }

    private static IEnumerable<string> Differences(Surface.Type type, Surface package)
    {
        if (!package.Types.TryGetValue(type.Name, out var real))
        {
            yield return $"{type.Name}: not in the package";
            yield break;
        }

        if (type.Kind != real.Kind)
            yield return $"{type.Name}: {type.Kind} here, {real.Kind} in the package";
        if (type.Base != real.Base)
            yield return $"{type.Name}: derives from {type.Base} here, from {real.Base} in the package";
        foreach (var name in type.Interfaces.Except(real.Interfaces))
        {
            if (name.StartsWith("TorchSharp", StringComparison.Ordinal))
                yield return $"{type.Name}: is no {name} in the package";
        }

        foreach (var member in type.Members.Values)
        {
            if (_ofEveryObject.Any(name => member.Signature.Contains($" {name}(")))
                continue;
            if (package.Find(real, member.Signature) is not { } twin)
                yield return $"{type.Name}: {member.Signature} is not in the package";
            else if (member.Parameters != twin.Parameters)
                yield return $"{type.Name}: {member.Signature}: ({member.Parameters}) here, ({twin.Parameters}) in the package";
            else if (member.TupleNames != twin.TupleNames)
                yield return $"{type.Name}: {member.Signature}: the tuple's names are others in the package";
            else if (member.IsVirtual && !twin.IsVirtual)
                yield return $"{type.Name}: {member.Signature} can't be overridden in the package";
        }
    }
}
