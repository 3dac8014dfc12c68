// dotnet tool restore && dotnet cake --target=Test
var target = Argument("target", "Build");
var configuration = Argument("configuration", "Release");
var recipe = Argument("recipe", "digits-vae");

DotNetMSBuildSettings Settings() => new DotNetMSBuildSettings().SetMaxCpuCount(0);

Task("Clean").Does(() =>
{
    CleanDirectories("./**/bin");
    CleanDirectories("./**/obj");
});

Task("Build").Does(() => DotNetBuild("./Latent.slnx", new DotNetBuildSettings { Configuration = configuration, MSBuildSettings = Settings() }));

Task("Test").Does(() => DotNetTest("./Latent.slnx", new DotNetTestSettings { Configuration = configuration }));

Task("Format").Does(() =>
{
    DotNetTool("./Latent.slnx", "format", "style");
    DotNetTool("./Latent.slnx", "csharpier", "format .");
});

Task("Train").Does(() => DotNetRun("./Trainer/Trainer.csproj", new ProcessArgumentBuilder().Append(recipe).Append(HasArgument("force") ? "--force" : ""), new DotNetRunSettings { Configuration = "Release" }));

Task("Bench").Does(() => DotNetRun("./benchmarks/benchmarks.csproj", new ProcessArgumentBuilder().Append("all"), new DotNetRunSettings { Configuration = "Release" }));

Task("Pack").Does(() => DotNetPack("./Latent.slnx", new DotNetPackSettings { Configuration = configuration, OutputDirectory = "./artifacts/packages" }));

RunTarget(target);
