using System.Reflection;
using System.Runtime.Loader;
using Latent.Tests;
using Microsoft.ML.Data;

namespace Microsoft.ML.Tests.Imaging;

/// <summary>Whatever the polyfill shows is in the package with the same signature, wherever the package lies in NuGet's cache.</summary>
public sealed class ImagingSurfaceTests
{
    private const string Version = "5.0.0";
    private const BindingFlags Everything = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static;

    [Fact]
    public void Every_public_member_is_in_the_package()
    {
        Assert.SkipWhen(World.ImagingIsPackage, "There is no polyfill here to compare.");
        var cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        var package = Find(cache, new AssemblyName("Microsoft.ML.ImageAnalytics"));
        Assert.SkipWhen(package is null, $"Microsoft.ML.ImageAnalytics {Version} is not in NuGet's cache.");

        var context = new AssemblyLoadContext("package", isCollectible: true);
        context.Resolving += (_, name) => Find(cache, name) is { } path ? context.LoadFromAssemblyPath(path) : null;
        var real = context.LoadFromAssemblyPath(package).GetExportedTypes().ToDictionary(t => t.FullName!);
        var problems = new List<string>();
        foreach (var type in typeof(MLImage).Assembly.GetExportedTypes())
        {
            if (!real.TryGetValue(type.FullName!, out var twin))
            {
                problems.Add($"{type} is not in the package");
                continue;
            }

            var members = twin.GetMembers(Everything | BindingFlags.FlattenHierarchy).Select(Signature).ToHashSet();
            problems.AddRange(type.GetMembers(Everything | BindingFlags.DeclaredOnly).Select(Signature).Where(s => !members.Contains(s))
                .Select(s => $"{type}: {s} is not in the package"));
        }

        Assert.Equal("", string.Join('\n', problems));
    }

    private static string? Find(string cache, AssemblyName name)
    {
        string[] packages = ["microsoft.ml.imageanalytics", "microsoft.ml", "microsoft.ml.dataview", "microsoft.ml.cpumath"];
        var folders = packages.Select(p => Path.Combine(cache, p, Version, "lib", "netstandard2.0"));
        return folders.Select(folder => Path.Combine(folder, name.Name + ".dll")).FirstOrDefault(File.Exists);
    }

    private static string Signature(MemberInfo member)
    {
        var parameters = member is MethodBase method ? method.GetParameters() : [];
        var names = parameters.Select(p => p.HasDefaultValue ? $"{p.Name} = {p.DefaultValue ?? "null"}" : p.Name);
        var kind = member is FieldInfo { IsInitOnly: true } ? "readonly " : "";
        var isStatic = member is MethodBase { IsStatic: true } or FieldInfo { IsStatic: true } ? "static " : "";
        return $"{member.MemberType} {isStatic}{kind}{member} ({string.Join(", ", names)})";
    }
}
