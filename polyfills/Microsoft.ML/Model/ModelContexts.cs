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
        using var bytes = Open(zip, $"{folder}/{name}");
        return bytes.ReadBytes(bytes.ReadCount());
    }

    public ITransformer LoadMember(string name) => Load(zip, $"{folder}/{name}", Host);

    public static ITransformer Load(ZipArchive zip, string folder, Host host)
    {
        using var reader = Open(zip, folder + "/Model.key");
        return Whole(folder, () => ModelLoaders.Find(reader.ReadString())(new ModelLoadContext(zip, folder, reader, host)));
    }

    /// <summary>What <paramref name="read"/> reads of an entry; whatever damage it comes upon is a <see cref="FormatException"/>.</summary>
    public static T Whole<T>(string name, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is EndOfStreamException or InvalidDataException or ArgumentException or OverflowException or NotSupportedException)
        {
            throw new FormatException($"{name} of the model is cut off or damaged.", e);
        }
    }

    /// <summary>An entry's content in memory, where it is known how much is left of it.</summary>
    public static BinaryReader Open(ZipArchive zip, string name)
    {
        var entry = zip.GetEntry(name) ?? throw new FormatException($"The model has no entry {name}.");
        return Whole(name, () =>
        {
            var content = new MemoryStream();
            using var stream = entry.Open();
            stream.CopyTo(content);
            content.Position = 0;
            return new BinaryReader(content);
        });
    }
}
