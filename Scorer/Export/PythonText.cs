using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Latent.Contracts;
using Latent.Contracts.Tables;

namespace Latent.Scorer.Export;

/// <summary>Writes what the Python files have in common: literals, and the columns of a bundle.</summary>
internal static class PythonText
{
    // Texts of JSON are texts of Python where nothing is escaped by halves of a pair.
    private static readonly JsonSerializerOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Formats a text.</summary>
    public static string Of(string text) => JsonSerializer.Serialize(text, s_json);

    /// <summary>Formats a list of texts.</summary>
    public static string Of(IEnumerable<string> texts) => $"[{string.Join(", ", texts.Select(Of))}]";

    /// <summary>Formats the columns of numbers as a dictionary: of columns of dates with the time that they count days from.</summary>
    public static string Numbers(TableDescription table) =>
        $"{{{string.Join(", ", table.Numbers().Select(i => table.Columns[i]).Select(column => $"{Of(column.Name)}: {Origin(column)}"))}}}";

    /// <summary>Formats the columns of words as a list.</summary>
    public static string Categories(TableDescription table) => Of(table.Categories().Select(i => table.Columns[i].Name));

    /// <summary>Gets the name of the tensor of numbers; null if the graph has none.</summary>
    public static string? NumbersTensor(ExportedGraph graph) =>
        graph.Inputs.FirstOrDefault(input => input.Name is TensorNames.Numbers or TensorNames.Input)?.Name;

    /// <summary>Gets whether the graph has a tensor of words.</summary>
    public static bool HasCategories(ExportedGraph graph) => graph.Inputs.Any(input => input.Name == TensorNames.Categories);

    /// <summary>Gets the names of the outputs whose sum is the score.</summary>
    public static string[] Scores(LatentBundle bundle) =>
        bundle.Manifest.Input.Table is not null ? [TensorNames.Score]
        : bundle.IsVariational ? [TensorNames.ReconstructionError, TensorNames.Kl]
        : [TensorNames.ReconstructionError];

    private static string Origin(TableColumn column) =>
        column.Origin is { } origin ? Of(origin.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture)) : "None";
}
