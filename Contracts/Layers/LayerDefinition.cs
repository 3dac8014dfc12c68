using Latent.Contracts.Json;
using Latent.Contracts.Recipes;

namespace Latent.Contracts.Layers;

/// <summary>
/// Defines a kind of layer, apart from how it computes: its keys in a recipe, its output shape, and how many values it learns. Shapes are
/// without the batch axis. All definitions are in <see cref="LayerDefinitions"/>.
/// </summary>
internal sealed record LayerDefinition
{
    private const long MaxValues = 1L << 28;

    /// <summary>Gets the kind of input that the layer takes.</summary>
    public required LayerInput Takes { get; init; }

    /// <summary>Gets the end of the message about rows that the layer does not take.</summary>
    public string Hint { get; init; } = "";

    /// <summary>Gets the keys of <see cref="LayerRecipe"/> that the layer has.</summary>
    public string[] Keys { get; init; } = [];

    /// <summary>Gets the keys that must be given.</summary>
    public string[] RequiredKeys { get; init; } = [];

    /// <summary>
    /// Gets the check that finds an invalid value and says what would be right; ranges of single keys are declared at the keys.
    /// </summary>
    public Func<LayerRecipe, (string Key, object? Value, string Right)?> Wrong { get; init; } = _ => null;

    /// <summary>Gets the output shape from the recipe, the input shape and the layer's name for messages.</summary>
    public Func<LayerRecipe, IReadOnlyList<int>, string, long[]> OutputShape { get; init; } = (_, input, _) => [.. input];

    /// <summary>
    /// Gets the number of learned values from the recipe and the input shape; a double, since a recipe may ask for more than a long has.
    /// </summary>
    public Func<LayerRecipe, IReadOnlyList<int>, double> Parameters { get; init; } = (_, _) => 0;

    /// <summary>Gets whether the layer draws random numbers while training.</summary>
    public bool IsRandom { get; init; }

    /// <summary>Gets whether a row's output depends on the other rows of the minibatch while training.</summary>
    public bool MixesRows { get; init; }

    /// <summary>Gets a kind's definition.</summary>
    /// <param name="type">The kind.</param>
    /// <exception cref="LatentException">There is no such kind.</exception>
    public static LayerDefinition Of(LayerType type) =>
        LayerDefinitions.All.TryGetValue(type, out var definition)
            ? definition
            : throw new LatentException($"There is no layer of kind {type}.");

    /// <summary>Lists the keys that are set in a layer of a recipe, apart from its type.</summary>
    /// <param name="layer">The layer.</param>
    public static IEnumerable<string> GivenKeys(LayerRecipe layer) =>
        from property in StrictJson.Options.GetTypeInfo(typeof(LayerRecipe)).Properties
        where property.Name != "type" && property.Get!(layer) is not null
        select property.Name;

    /// <summary>Lists layers and those within them.</summary>
    /// <param name="layers">The layers.</param>
    public static IEnumerable<LayerRecipe> Flatten(IEnumerable<LayerRecipe> layers) =>
        layers.SelectMany(layer => Flatten(layer.Layers ?? []).Prepend(layer));

    /// <summary>Multiplies the sizes of a shape; stops at 2^40.</summary>
    /// <param name="shape">The shape.</param>
    public static long Count(IEnumerable<long> shape) => shape.Aggregate(1L, (product, n) => Math.Min(product * n, 1L << 40));

    /// <summary>Computes the output shape of a layer.</summary>
    /// <param name="name">Its name, for messages.</param>
    /// <param name="layer">Its recipe, of this kind and with the required keys.</param>
    /// <param name="input">Shape of the layer's input.</param>
    /// <exception cref="LatentException">The layer doesn't take this shape, or its output is too large.</exception>
    public IReadOnlyList<int> OutputOf(string name, LayerRecipe layer, IReadOnlyList<int> input)
    {
        var (expected, fits) = Takes switch
        {
            LayerInput.Features => ("[features]", input.Count == 1),
            LayerInput.Images => ("[channels, height, width]", input.Count == 3),
            _ => ("", true),
        };
        if (!fits)
            throw new LatentException($"{name} takes {expected}, but is given {LayerShapes.Text(input)}{Hint}.");
        var output = OutputShape(layer, input, name);
        return Count(output) <= MaxValues
            ? [.. output.Select(n => (int)n)]
            : throw new LatentException(
                $"{name} gives [{string.Join(", ", output)}], more than the {MaxValues} values that a row may have."
            );
    }
}
