using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;
using Latent.Contracts;
using Latent.Contracts.Files;

namespace Latent.Trainer.Checkpoints;

/// <summary>
/// Reads and writes safetensors: the length of a JSON header in eight bytes, the header with every tensor's type, shape and position, and
/// the tensors' bytes one after the other. Any reader of the format opens what is written here.
/// </summary>
public static class SafeTensorsFile
{
    private const string MetadataKey = "__metadata__";
    private const int Alignment = 8;
    private const int MaxHeader = 100_000_000;

    /// <summary>Writes tensors in order of their names.</summary>
    /// <param name="stream">The stream to write to.</param>
    /// <param name="tensors">Tensors by name.</param>
    /// <param name="metadata">Texts that are stored in the header.</param>
    public static void Write(
        Stream stream,
        IReadOnlyDictionary<string, SafeTensor> tensors,
        IReadOnlyDictionary<string, string>? metadata = null
    )
    {
        var sorted = tensors.OrderBy(t => t.Key, StringComparer.Ordinal).ToArray();
        using var header = new MemoryStream();
        using (var json = new Utf8JsonWriter(header, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            if (metadata is not null)
            {
                json.WriteStartObject(MetadataKey);
                foreach (var (key, value) in metadata.OrderBy(m => m.Key, StringComparer.Ordinal))
                    json.WriteString(key, value);
                json.WriteEndObject();
            }

            var offset = 0L;
            foreach (var (name, tensor) in sorted)
            {
                json.WriteStartObject(name);
                json.WriteString("dtype", tensor.Type);
                json.WriteStartArray("shape");
                foreach (var size in tensor.Shape)
                    json.WriteNumberValue(size);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                json.WriteNumberValue(offset += tensor.Bytes.Length);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        while (header.Length % Alignment != 0)
            header.WriteByte((byte)' ');
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        stream.Write(length);
        stream.Write(header.GetBuffer().AsSpan(0, (int)header.Length));
        foreach (var (_, tensor) in sorted)
            stream.Write(tensor.Bytes);
    }

    /// <summary>Reads all tensors of a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="LatentException">The file can't be read or is not complete.</exception>
    public static Dictionary<string, SafeTensor> Read(string path)
    {
        try
        {
            return Parse(File.ReadAllBytes(path), path);
        }
        catch (Exception e) when (FileError.Is(e))
        {
            throw FileError.CannotRead(path, e);
        }
    }

    /// <summary>Reads tensors from a file's bytes.</summary>
    /// <param name="file">The content of the file.</param>
    /// <param name="source">Origin of the bytes, for messages.</param>
    /// <exception cref="LatentException">The header is damaged, or tensors don't lie one after the other up to the end.</exception>
    public static Dictionary<string, SafeTensor> Parse(ReadOnlyMemory<byte> file, string source)
    {
        var length = file.Length < 8 ? -1 : BinaryPrimitives.ReadInt64LittleEndian(file.Span);
        if (length < 2 || length > Math.Min(file.Length - 8, MaxHeader))
            throw new LatentException($"{source} is no safetensors file, or is truncated within its header.");
        try
        {
            using var header = JsonDocument.Parse(file.Slice(8, (int)length));
            var data = file[(8 + (int)length)..];
            var tensors = new Dictionary<string, SafeTensor>(StringComparer.Ordinal);
            var end = 0L;
            var places = header
                .RootElement.EnumerateObject()
                .Where(p => p.Name != MetadataKey)
                .Select(p => (p.Name, Entry: p.Value, Offsets: Numbers(p.Value, "data_offsets")));
            foreach (var (name, entry, offsets) in places.OrderBy(p => p.Offsets[0]).ThenBy(p => p.Offsets[^1]))
            {
                var type = entry.GetProperty("dtype").GetString() ?? throw new FormatException("dtype");
                var shape = Numbers(entry, "shape");
                if (!SafeTensor.Sizes.TryGetValue(type, out var size))
                    throw new LatentException($"{source}: the tensor {name} is of type '{type}', which is not known.");
                var bytes = shape.Aggregate((Int128)size, (product, axis) => checked(product * axis));
                if (
                    shape.Any(axis => axis < 0)
                    || offsets.Length != 2
                    || offsets[0] != end
                    || offsets[1] - offsets[0] != bytes
                    || offsets[1] > data.Length
                )
                {
                    throw new LatentException($"{source} is damaged or truncated: the tensor {name} is not where its header says.");
                }

                end = offsets[1];
                if (!tensors.TryAdd(name, new SafeTensor(type, shape, data[(int)offsets[0]..(int)end].ToArray())))
                    throw new LatentException($"{source} is damaged: it names the tensor {name} twice.");
            }

            return end == data.Length
                ? tensors
                : throw new LatentException($"{source} is damaged: {data.Length - end} bytes follow its last tensor.");
        }
        catch (Exception e)
            when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or OverflowException)
        {
            throw new LatentException($"{source} is damaged: its header is no list of tensors.", e);
        }
    }

    private static long[] Numbers(JsonElement entry, string key)
    {
        var numbers = entry.GetProperty(key).EnumerateArray().Select(number => number.GetInt64()).ToArray();
        return numbers.Length > 0 || key == "shape" ? numbers : throw new FormatException(key);
    }
}
