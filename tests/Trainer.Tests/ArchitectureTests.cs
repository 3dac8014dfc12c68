using System.Xml.Linq;
using Latent.Tests;
using Latent.Trainer.Runs;
using NetArchTest.Rules;

namespace Latent.Trainer.Tests;

/// <summary>The arrows of docs/architecture.md: what a room may use.</summary>
public sealed class ArchitectureTests
{
    // From top to bottom: a room uses those below it, never those above.
    private static readonly string[] s_rooms =
    [
        "Commands",
        "Sweeps",
        "Runs",
        "Export",
        "Report",
        "Evaluation",
        "Training",
        "Augmentation",
        "Data",
        "Checkpoints",
        "Progress",
        "Engines",
        "Mpi",
    ];

    public static TheoryData<string> Rooms => [.. s_rooms];

    [Fact]
    public void Every_type_of_Trainer_is_in_a_room_that_has_its_place()
    {
        var names = Types
            .InAssembly(typeof(TrainingRun).Assembly)
            .That()
            .ResideInNamespace("Latent.Trainer")
            .GetTypes()
            .Select(type => type.FullName.Split('.')[2])
            .Distinct()
            .Order();
        Assert.Equal(s_rooms.Order(), names);
    }

    [Theory]
    [MemberData(nameof(Rooms))]
    public void Trainer_goes_one_way(string room)
    {
        string[] above = [.. s_rooms.TakeWhile(name => name != room).Select(name => $"Latent.Trainer.{name}")];
        if (above.Length == 0)
            return;
        var result = Types
            .InAssembly(typeof(TrainingRun).Assembly)
            .That()
            .ResideInNamespace($"Latent.Trainer.{room}")
            .ShouldNot()
            .HaveDependencyOnAny(above)
            .GetResult();
        Assert.Empty((result.FailingTypes ?? []).Select(type => $"{type.FullName}: {type.Explanation}"));
    }

    [Theory]
    [InlineData("Contracts", "")]
    [InlineData("Data", "Contracts")]
    [InlineData("Models", "Contracts")]
    [InlineData("ManagedTorch", "")]
    [InlineData("Inference", "Contracts Data")]
    [InlineData("Scorer", "Contracts Data Inference")]
    [InlineData("Trainer", "Contracts Data Inference ManagedTorch Models")]
    public void Projects_use_what_the_design_says(string project, string used)
    {
        var file = XDocument.Load(Path.Combine(World.Root, project, $"{project}.csproj"));
        var references = file.Descendants("ProjectReference")
            .SelectMany(reference => reference.Attribute("Include")!.Value.Split(';'))
            .Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/')))
            .Order();
        Assert.Empty(references.Except(used.Split(' ')));
    }

    [Theory]
    [InlineData("Contracts", "")]
    [InlineData("Inference", "Microsoft.ML")]
    [InlineData("Scorer", "")]
    public void What_infers_never_sees_TorchSharp(string project, string needed)
    {
        var file = XDocument.Load(Path.Combine(World.Root, project, $"{project}.csproj"));
        var packages = file.Descendants("PackageReference").Select(reference => reference.Attribute("Include")!.Value).ToList();
        Assert.DoesNotContain(packages, package => package.Contains("torch", StringComparison.OrdinalIgnoreCase));
        Assert.True(needed.Length == 0 || packages.Contains(needed));
    }
}
