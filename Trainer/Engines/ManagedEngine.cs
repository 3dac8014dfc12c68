using System.Reflection;
using System.Runtime.Loader;
using Latent.Contracts;
using Latent.Models;

namespace Latent.Trainer.Engines;

/// <summary>
/// Loads Trainer and Models a second time, with the managed engine for the name TorchSharp; all other assemblies are shared with the
/// caller, so that what is passed must be of their types.
/// </summary>
internal sealed class ManagedEngine : AssemblyLoadContext
{
    private static readonly Lazy<ManagedEngine> s_instance = new(() => new ManagedEngine());
    private readonly string _engine;

    private ManagedEngine()
        : base("Latent's managed engine")
    {
        _engine = Path.Combine(Path.GetDirectoryName(typeof(ManagedEngine).Assembly.Location)!, "engines", "managed", "TorchSharp.dll");
        if (!File.Exists(_engine))
        {
            throw new LatentException(
                $"The managed engine is not at {_engine}, where the build of Latent.Trainer puts it; build the program again."
            );
        }
    }

    /// <summary>Calls a static method of the second copy of a type.</summary>
    /// <param name="type">The type; its assembly is loaded a second time too.</param>
    /// <param name="method">Name of the method.</param>
    /// <param name="arguments">Its arguments.</param>
    public static T Call<T>(Type type, string method, params object?[] arguments)
    {
        var copy = s_instance.Value.LoadFromAssemblyPath(type.Assembly.Location).GetType(type.FullName!, throwOnError: true)!;
        const BindingFlags Flags = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DoNotWrapExceptions;
        return (T)copy.GetMethod(method, Flags)!.Invoke(null, Flags, null, arguments, null)!;
    }

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName) =>
        assemblyName.Name switch
        {
            "TorchSharp" => LoadFromAssemblyPath(_engine),
            "Latent.Models" => LoadFromAssemblyPath(typeof(Autoencoder).Assembly.Location),
            "Latent.Trainer" => LoadFromAssemblyPath(typeof(ManagedEngine).Assembly.Location),
            _ => null,
        };
}
