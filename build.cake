// dotnet tool restore && dotnet cake --target=Test
var target = Argument("target", "Build");
var configuration = Argument("configuration", "Release");
var recipe = Argument("recipe", "digits-vae");

DotNetMSBuildSettings Settings() => new DotNetMSBuildSettings().SetMaxCpuCount(0);

Task("Clean").Does(() =>
{
    CleanDirectories(GetDirectories("./**/bin") - GetDirectories("./**/node_modules/**/bin"));
    CleanDirectories(GetDirectories("./**/obj") - GetDirectories("./**/node_modules/**/obj"));
    if (FileExists("./eng/Sources.g.props"))
    {
        DeleteFile("./eng/Sources.g.props");
    }
});

Task("Build").Does(() => DotNetBuild("./Latent.slnx", new DotNetBuildSettings { Configuration = configuration, MSBuildSettings = Settings() }));

Task("Test").Does(() => DotNetTest("./Latent.slnx", new DotNetTestSettings { Configuration = configuration }));

Task("Format").Does(() => DotNetTool("./Latent.slnx", "format", "--exclude polyfills/Microsoft.ML.OnnxRuntime/node_modules"));

Task("Train").Does(() => DotNetRun("./Trainer/Trainer.csproj", new ProcessArgumentBuilder().Append(recipe), new DotNetRunSettings { Configuration = "Release" }));

Task("Bench").Does(() => DotNetRun("./benchmarks/benchmarks.csproj", new ProcessArgumentBuilder().Append("all"), new DotNetRunSettings { Configuration = "Release" }));

Task("Pack").Does(() =>
{
    foreach (var project in new[] { "Contracts", "Models", "Inference" })
    {
        DotNetPack($"./{project}/{project}.csproj", new DotNetPackSettings { Configuration = configuration, OutputDirectory = "./artifacts/packages" });
    }
});

RunTarget(target);
