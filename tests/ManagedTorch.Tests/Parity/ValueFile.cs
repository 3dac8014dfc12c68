using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using Latent.Tests;
using static TorchSharp.torch;

namespace Latent.ManagedTorch.Tests.Parity;

/// <summary>A safetensors file that make_values.py wrote.</summary>
internal sealed class ValueFile
{
    private readonly byte[] _bytes;
    private readonly Dictionary<string, Entry> _entries;
    private readonly Dictionary<string, string> _metadata;
    private readonly int _start;

    private ValueFile(string path)
    {
        _bytes = File.ReadAllBytes(path);
        var length = (int)BinaryPrimitives.ReadInt64LittleEndian(_bytes);
        _start = 8 + length;
        using var header = JsonDocument.Parse(_bytes.AsMemory(8, length));
        _metadata = header.RootElement.GetProperty("__metadata__").Deserialize<Dictionary<string, string>>()!;
        _entries = header.RootElement.EnumerateObject().Where(p => p.Name != "__metadata__").ToDictionary(
            p => p.Name,
            p => new Entry(
                p.Value.GetProperty("dtype").GetString()!, p.Value.GetProperty("shape").Deserialize<long[]>()!,
                p.Value.GetProperty("data_offsets").Deserialize<int[]>()!));
    }

    public IEnumerable<string> Names => _entries.Keys;

    public IReadOnlyList<Case> Cases => Metadata<List<Case>>("cases");

    public static ValueFile Open(string group) =>
        new(Path.Combine(World.Root, "tests", "TorchSharp.Tests", "Parity", "values", group + ".safetensors"));

    public T Metadata<T>(string key) => JsonSerializer.Deserialize<T>(_metadata[key], JsonSerializerOptions.Web)!;

    public bool Contains(string name) => _entries.ContainsKey(name);

    public long[] Shape(string name) => _entries[name].Shape;

    public T[] Array<T>(string name) where T : unmanaged
    {
        var (start, end) = (_entries[name].Offsets[0], _entries[name].Offsets[1]);
        return MemoryMarshal.Cast<byte, T>(_bytes.AsSpan(_start + start, end - start)).ToArray();
    }

    public Tensor Tensor(string name)
    {
        var entry = _entries[name];
        return entry.Dtype switch
        {
            "F32" => tensor(Array<float>(name), entry.Shape),
            "I64" => tensor(Array<long>(name), entry.Shape),
            "U8" => tensor(Array<byte>(name), entry.Shape),
            _ => tensor(Array<bool>(name), entry.Shape),
        };
    }

    public sealed record Case(string Name, string Op, JsonElement Args, int Inputs, int[] Grads);

    private sealed record Entry(string Dtype, long[] Shape, int[] Offsets);
}
