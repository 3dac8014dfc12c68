using Latent.Contracts;
using Latent.Contracts.Files;
using Latent.Data.Files;

namespace Latent.Data.Images;

/// <summary>Writes a folder of PNG images, named as the images they were made from; it appears when it is complete.</summary>
/// <param name="folder">The folder.</param>
internal sealed class PictureFolder(string folder) : IDisposable
{
    private readonly AtomicFile _whole = new(folder, isFolder: true);
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    /// <summary>Writes an image.</summary>
    /// <param name="file">The path of the image that it was made from, relative to its folder.</param>
    /// <param name="png">The bytes of a PNG file.</param>
    /// <exception cref="LatentException">Another image became a file of the same name, or the name leads out of the folder.</exception>
    public void Write(string file, byte[] png)
    {
        var name = NameOf(file);
        Claim(name);
        Save(name, png);
    }

    /// <summary>Refuses a name that another image has.</summary>
    public void Claim(string name)
    {
        if (!_names.Add(name))
            throw new LatentException($"Two inputs would both become {Path.Combine(folder, name)}; one of them must be renamed.");
    }

    /// <summary>Writes a file of a name; several threads may.</summary>
    public void Save(string name, byte[] png)
    {
        var path = Path.GetFullPath(Path.Combine(_whole.TemporaryPath, name));
        if (!RealPath.IsInside(_whole.TemporaryPath, path))
            throw new LatentException($"An image named {name} would be written outside {folder}; it must be renamed.");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, png);
    }

    /// <summary>Gets the name of the PNG file of an image; two images that differ only in their extension stay two.</summary>
    public static string NameOf(string file) => file.EndsWith(".png", StringComparison.OrdinalIgnoreCase) ? file : file + ".png";

    /// <summary>Gives the folder its name.</summary>
    public void Complete() => _whole.Complete();

    public void Dispose() => _whole.Dispose();
}
