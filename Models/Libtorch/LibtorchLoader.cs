using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using System.Runtime.Versioning;
using Latent.Contracts;
using Latent.Contracts.Files;

namespace Latent.Models;

/// <summary>Loads the native library of a TorchSharp assembly; if the usual way fails, a copy with fewer requirements.</summary>
internal sealed class LibtorchLoader
{
    private const string Library = "LibTorchSharp";
    private readonly Assembly _torch;
    private readonly IReadOnlyList<string> _folders;
    private readonly string? _cache;
    private nint _handle;
    private string? _reason;

    /// <summary>Initializes a new instance of the <see cref="LibtorchLoader"/> class, which loads nothing yet.</summary>
    /// <param name="torch">TorchSharp's assembly.</param>
    /// <param name="folders">Where native libraries may lie, the likeliest first.</param>
    /// <param name="cache">Where a copy of the library is kept; null for none.</param>
    public LibtorchLoader(Assembly torch, IReadOnlyList<string> folders, string? cache) =>
        (_torch, _folders, _cache) = (torch, folders, cache);

    /// <summary>Gets what had to be done to load the library, or null.</summary>
    public string? Note { get; private set; }

    private static string Platform { get; } =
        (
            OperatingSystem.IsWindows() ? "win"
            : OperatingSystem.IsMacOS() ? "osx"
            : OperatingSystem.IsLinux() ? "linux"
            : "this system"
        ) + $"-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";

    /// <summary>Gets the folders in which a program's native libraries lie.</summary>
    public static IReadOnlyList<string> FoldersOf(Assembly torch)
    {
        var known = (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "").Split(Path.PathSeparator);
        var besides = new[] { AppContext.BaseDirectory, Path.GetDirectoryName(torch.Location) ?? "" };
        return
        [
            .. known
                .Concat(besides.SelectMany(folder => new[] { folder, Path.Combine(folder, "runtimes", Platform, "native") }))
                .Where(Path.IsPathRooted)
                .Distinct(),
        ];
    }

    /// <summary>Loads the library.</summary>
    /// <returns>Why the library can't be loaded, as part of a sentence; null if it was loaded.</returns>
    public string? Load()
    {
        var context = AssemblyLoadContext.GetLoadContext(_torch)!;
        // Called only after the usual search, here and for each of TorchSharp's calls.
        context.ResolvingUnmanagedDll += Resolve;
        if (NativeLibrary.TryLoad(Library, _torch, null, out _))
            return null;
        context.ResolvingUnmanagedDll -= Resolve;
        return _reason ?? $"{FileName(Library)} does not load";
    }

    private nint Resolve(Assembly assembly, string name)
    {
        if (_handle == 0 && assembly == _torch && name == Library)
            (_handle, _reason) = LoadByPath();
        return assembly == _torch && name == Library ? _handle : 0;
    }

    private (nint Handle, string? Reason) LoadByPath()
    {
        if (Find(Library) is not { } library)
        {
            return (
                0,
                Platform is "linux-x64" or "win-x64" or "win-arm64" or "osx-arm64"
                    ? $"{FileName(Library)} of the package TorchSharp is not beside this program"
                    : $"TorchSharp has no native library for {Platform}"
            );
        }

        if (Find("torch_cpu") is null)
            return (0, $"the package libtorch-cpu-{Platform} is not referenced by this program");
        if (OperatingSystem.IsLinux() && !NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "gnu_get_libc_version", out _))
            return (0, "libtorch is built for systems with glibc, and this one has another C library");
        try
        {
            // The copy lies elsewhere, and finds these by their names once they are loaded.
            foreach (var name in new[] { "c10", "torch_cpu", "torch" })
            {
                if (Find(name) is { } needed)
                    NativeLibrary.Load(needed);
            }

            if (LoadAsIs(library) is { } handle)
                return (handle, null);
            return OperatingSystem.IsLinux() ? (LoadWeakened(library), null) : (0, null);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            return (0, Cause(e));
        }
        catch (Exception e) when (FileError.Is(e) || e is LatentException)
        {
            return (0, FileError.Reason(e));
        }
    }

    /// <returns>The library; null if it lacks only the version that it does not need.</returns>
    private nint? LoadAsIs(string library)
    {
        try
        {
            var handle = NativeLibrary.Load(library);
            Note = $"{FileName(Library)} was loaded from {library}, and libtorch from {Find("torch_cpu")}";
            return handle;
        }
        catch (DllNotFoundException e) when (OperatingSystem.IsLinux() && Cause(e).Contains(WeakenedLibrary.Version))
        {
            return null;
        }
    }

    [SupportedOSPlatform("linux")]
    private nint LoadWeakened(string library)
    {
        var (handle, copy) = LibraryCopy.Load(WeakenedLibrary.Of(File.ReadAllBytes(library), library), FileName(Library), _cache);
        Note = $"{FileName(Library)} was loaded from {copy}, a copy that does not ask for {WeakenedLibrary.Version}";
        return handle;
    }

    /// <summary>Gets the system's own words, which come last, after a paragraph of advice.</summary>
    private static string Cause(Exception e) =>
        e.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[^1].TrimEnd('.');

    private static string FileName(string name) =>
        OperatingSystem.IsWindows() ? $"{name}.dll"
        : OperatingSystem.IsMacOS() ? $"lib{name}.dylib"
        : $"lib{name}.so";

    private string? Find(string name) => _folders.Select(folder => Path.Combine(folder, FileName(name))).FirstOrDefault(File.Exists);
}
