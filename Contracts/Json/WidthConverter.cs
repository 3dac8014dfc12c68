using System.Text.Json;
using System.Text.Json.Serialization;

namespace Latent.Contracts.Json;

/// <summary>Reads and writes the width of a layer: a number, or "input" for the width of the model's own rows.</summary>
internal sealed class WidthConverter : JsonConverter<int?>
{
    private const string Input = "input";

    /// <summary>The width that stands for the model's own until the data are known.</summary>
    public const int OfInput = int.MinValue;

    public const string Expected = "a whole number from 1, or \"input\"";

    public static bool Fits(JsonElement element) =>
        element.ValueKind == JsonValueKind.String
            ? element.ValueEquals(Input)
            : element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out var width) && width != OfInput;

    public override int? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String ? OfInput : reader.GetInt32();

    public override void Write(Utf8JsonWriter writer, int? value, JsonSerializerOptions options)
    {
        if (value == OfInput)
            writer.WriteStringValue(Input);
        else
            writer.WriteNumberValue(value!.Value);
    }
}
