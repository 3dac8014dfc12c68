using Latent.Contracts;
using Latent.Contracts.Tables;
using Microsoft.ML;

namespace Latent.Inference.Pipeline;

/// <summary>Reads the labels that rows are conditioned on, as their indices.</summary>
internal static class LabelReader
{
    public delegate float Reader(long position);

    /// <summary>Gets the description of a column of labels.</summary>
    /// <param name="name">The column's name.</param>
    /// <param name="classes">The labels.</param>
    public static TableColumn Column(string name, IReadOnlyList<string> classes) =>
        new()
        {
            Name = name,
            Position = 0,
            Kind = TableColumnKind.Category,
            Levels = classes,
        };

    /// <summary>Makes the reader of a mapping's labels.</summary>
    /// <param name="mapping">The mapping.</param>
    /// <param name="column">The column of labels.</param>
    /// <param name="source">Gives its values.</param>
    public static Reader Create(Mapping mapping, DataViewSchema.Column column, CellReader.ISource source)
    {
        var labels = mapping.Label!;
        var read = new CellReader(mapping.Operation, new TableDescription { Columns = [labels] }).Create(0, column, source);
        return position =>
        {
            var cell = read(position, out var word);
            return cell >= 0
                ? cell
                : throw new LatentException(
                    $"{mapping.Operation} reads column '{labels.Name}', which has {(word is null ? "no label" : $"the label '{Printable.Of(word)}'")} in row {position}; it must be one of {string.Join(", ", labels.Levels!)}."
                );
        };
    }
}
