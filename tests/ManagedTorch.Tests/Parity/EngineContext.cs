using System.Reflection;
using System.Runtime.Loader;

namespace Latent.ManagedTorch.Tests.Parity;

/// <summary>The computations over one engine: Latent.TorchOperations.dll with the TorchSharp.dll that is given.</summary>
internal sealed class EngineContext : AssemblyLoadContext
{
    private readonly string _torch;
    private readonly Type _computations;

    private EngineContext(string torch)
        : base(torch)
    {
        _torch = torch;
        _computations = LoadFromAssemblyPath(Paths.TorchOperations).GetType("Latent.TorchOperations.Computations", throwOnError: true)!;
    }

    public static EngineContext Managed { get; } = new(typeof(TorchSharp.torch).Assembly.Location);

    public static EngineContext Libtorch { get; } = OverLibtorch();

    public string[] Names(string group) => (string[])Call("Names", group)!;

    public (string Name, string Kind, long[] Shape, Array Values)[] Run(string group, string name) =>
        ((string, string, long[], Array)[])Call("Run", group, name)!;

    public string Engine() => (string)Call("Engine")!;

    protected override Assembly? Load(AssemblyName name)
    {
        if (name.Name == "TorchSharp")
            return LoadFromAssemblyPath(_torch);
        var beside = Path.Combine(Path.GetDirectoryName(Paths.TorchOperations)!, name.Name + ".dll");
        return File.Exists(beside) ? LoadFromAssemblyPath(beside) : null;
    }

    private static EngineContext OverLibtorch()
    {
        var context = new EngineContext(Paths.PackageAssembly);
        if (context.Call("LoadLibtorch", [Paths.NativeFolders]) is string reason)
            throw new InvalidOperationException($"libtorch cannot be loaded here: {reason}.");
        return context;
    }

    private object? Call(string method, params object[] arguments) =>
        _computations.GetMethod(method)!.Invoke(null, BindingFlags.DoNotWrapExceptions, null, arguments, null);
}
