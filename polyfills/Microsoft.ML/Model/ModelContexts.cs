using System.IO.Compression;
using System.Text;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Where a transformer writes itself: a folder of the model's zip, signed with the name of what loads it.</summary>
public sealed class ModelSaveContext : IDisposable
{
    private readonly ZipArchive _zip;
    private readonly string _folder;
    private readonly MemoryStream _content = new();
    private readonly List<(string Name, ICanSaveModel Member)> _members = [];
    private readonly List<(string Name, byte[] Bytes)> _streams = [];
    private string? _signature;

    internal ModelSaveContext(ZipArchive zip, string folder)
    {
        _zip = zip;
        _folder = folder;
        Writer = new BinaryWriter(_content, Encoding.UTF8, leaveOpen: true);
    }

    internal BinaryWriter Writer { get; }

    internal void Sign(string signature) => _signature = signature;

    internal void SaveMember(string name, ICanSaveModel member) => _members.Add((name, member));

    /// <summary>An entry of its own with the length before the bytes, as the package writes it.</summary>
    internal void SaveBytes(string name, byte[] bytes) => _streams.Add((name, bytes));

    /// <summary>Lets <paramref name="model"/> write itself into a folder; members follow, since a zip takes one entry at a time.</summary>
    internal static void Save(ZipArchive zip, string folder, ICanSaveModel model)
    {
        using var context = new ModelSaveContext(zip, folder);
        model.Save(context);
        context.Commit(model);
    }

    public void Dispose() => Writer.Dispose();

    private void Commit(ICanSaveModel model)
    {
        if (_signature is null)
            throw new InvalidOperationException($"{model.GetType().Name}.Save wrote nothing, so the model could not be loaded again.");
        Writer.Flush();
        using (var writer = new BinaryWriter(_zip.CreateEntry(_folder + "/Model.key").Open()))
        {
            writer.Write(_signature);
            writer.Write(_content.GetBuffer(), 0, (int)_content.Length);
        }

        foreach (var (name, bytes) in _streams)
        {
            using var writer = new BinaryWriter(_zip.CreateEntry($"{_folder}/{name}").Open());
            writer.Write(bytes.Length);
            writer.Write(bytes);
        }

        foreach (var (name, member) in _members)
            Save(_zip, $"{_folder}/{name}", member);
    }
}

/// <summary>Where a transformer reads itself from.</summary>
internal sealed class ModelLoadContext(ZipArchive zip, string folder, BinaryReader reader, Host host)
{
    public BinaryReader Reader { get; } = reader;

    public Host Host { get; } = host;

    public byte[] LoadBytes(string name)
    {
        using var bytes = new BinaryReader((zip.GetEntry($"{folder}/{name}")
            ?? throw new FormatException($"The model has no entry {folder}/{name}.")).Open());
        return bytes.ReadBytes(bytes.ReadInt32());
    }

    public ITransformer LoadMember(string name) => Load(zip, $"{folder}/{name}", Host);

    public static ITransformer Load(ZipArchive zip, string folder, Host host)
    {
        var entry = zip.GetEntry(folder + "/Model.key") ?? throw new FormatException($"The model has no entry {folder}/Model.key.");
        using var content = new MemoryStream();
        using (var stream = entry.Open())
            stream.CopyTo(content);
        content.Position = 0;
        using var reader = new BinaryReader(content);
        var signature = reader.ReadString();
        return ModelLoaders.Find(signature)(new ModelLoadContext(zip, folder, reader, host));
    }
}
