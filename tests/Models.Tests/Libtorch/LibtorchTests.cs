using System.Diagnostics;
using static TorchSharp.torch;

namespace Latent.Models.Tests;

/// <summary>libtorch in this process, which <see cref="Latent.Tests.LibtorchLoaded"/> loaded, and in new ones.</summary>
public sealed class LibtorchTests : IDisposable
{
    private const string Copy = "a copy that does not ask for GLIBCXX_3.4.32";
    private readonly string _folder = Fixtures.TemporaryFolder();

    [Fact]
    public void Torch_multiplies_and_differentiates()
    {
        Assert.True(Libtorch.TryLoad(out var reason), reason);
        using var scope = NewDisposeScope();
        var a = tensor(new float[] { 1, 2, 3, 4 }, 2, 2).requires_grad_();
        var product = a.mm(tensor(new float[] { 5, 6, 7, 8 }, 2, 2));
        product.sum().backward();
        Assert.Equal([19f, 22f, 43f, 50f], Fixtures.Values(product));
        Assert.Equal([11f, 15f, 11f, 15f], Fixtures.Values(a.grad!));
    }

    [Fact]
    public void Two_processes_at_once_share_a_copy_and_replace_one_that_was_tampered_with()
    {
        var cache = Path.Combine(_folder, "cache");
        for (var round = 0; round < 2; round++)
        {
            using var first = Start(Program, cache);
            using var second = Start(Program, cache);
            Works(first);
            Works(second);
            Assert.SkipUnless(Libtorch.Note?.EndsWith(Copy, StringComparison.Ordinal) ?? false, "libtorch loads here as it is.");
            var copy = Assert.Single(Directory.GetFiles(cache, "*", SearchOption.AllDirectories));
            Assert.Equal("libLibTorchSharp.so", Path.GetFileName(copy));
            Assert.Equal(WeakenedLibrary.Of(File.ReadAllBytes(copy), copy), File.ReadAllBytes(copy));
            Assert.Equal(new FileInfo(Native("libLibTorchSharp.so")).Length, new FileInfo(copy).Length);
            File.WriteAllText(copy, "not a library");
        }
    }

    [Fact]
    public void Without_a_cache_the_copy_is_a_temporary_one()
    {
        var file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "");
        using var process = Start(Program, Path.Combine(file, "cache"), temporary: _folder);
        Works(process);
        Assert.Empty(Directory.GetFileSystemEntries(_folder, "latent-libtorch-*"));
    }

    [Fact]
    public void A_program_without_the_native_libraries_says_which_package_it_lacks()
    {
        Assert.SkipUnless(File.Exists(Native("libLibTorchSharp.so")), "The package for Linux is not referenced here.");
        var program = Directory.CreateDirectory(Path.Combine(_folder, "program")).FullName;
        var settings = Path.ChangeExtension(Program, ".runtimeconfig.json");
        foreach (var file in Directory.GetFiles(AppContext.BaseDirectory, "*.dll").Append(settings))
            File.Copy(file, Path.Combine(program, Path.GetFileName(file)));
        Fails("libLibTorchSharp.so of the package TorchSharp is not beside this program");
        File.CreateSymbolicLink(Path.Combine(program, "libLibTorchSharp.so"), Native("libLibTorchSharp.so"));
        Fails("the package libtorch-cpu-linux-x64 is not referenced by this program");
        File.WriteAllText(Path.Combine(program, "libtorch_cpu.so"), "not a library");
        Fails($"{program}/libtorch_cpu.so: file too short");

        void Fails(string reason)
        {
            using var process = Start(Path.Combine(program, Path.GetFileName(Program)), _folder);
            var (code, output) = Finish(process);
            Assert.NotEqual(0, code);
            Assert.Contains($"libtorch cannot be loaded here: {reason}.", output);
            Assert.DoesNotContain("LoadNativeBackend", output);
            Assert.False(Directory.Exists(Path.Combine(program, "cpu")));
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Program => typeof(LibtorchTests).Assembly.Location;

    private static string Native(string name) => Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native", name);

    private static Process Start(string program, string cache, string? temporary = null)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(program);
        start.ArgumentList.Add("-method");
        start.ArgumentList.Add($"{typeof(LibtorchTests).FullName}.{nameof(Torch_multiplies_and_differentiates)}");
        start.Environment["XDG_CACHE_HOME"] = cache;
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        if (temporary is not null)
            start.Environment["TMPDIR"] = temporary;
        return Process.Start(start)!;
    }

    private static void Works(Process process)
    {
        var (code, output) = Finish(process);
        Assert.True(code == 0, output);
        Assert.Contains("Total: 1,", output);
    }

    private static (int Code, string Output) Finish(Process process)
    {
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd() + errors.Result;
        process.WaitForExit();
        return (process.ExitCode, output);
    }
}
