using Latent.Contracts.Recipes;
using Latent.Models.Layers;
using Latent.Models.Onnx;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Latent.Models.Distributions;

/// <summary>
/// Makes normal distributions of values, by layers and two heads. In a state_dict they are layers.N.…, mean.… and spread.…, N counting
/// layers as the recipe does.
/// </summary>
internal sealed class ConditionalNormal : nn.Module
{
    private readonly Sequential layers;
    private readonly Linear mean;
    private readonly Linear spread;
    private readonly IReadOnlyList<LayerRecipe> _recipes;
    private readonly IReadOnlyList<int> _input;
    private readonly IReadOnlyList<IReadOnlyList<int>> _shapes;
    private readonly VarianceHead _head;

    /// <param name="recipes">The layers.</param>
    /// <param name="input">Shape of what they take.</param>
    /// <param name="shapes">Output shape of each.</param>
    /// <param name="length">Number of values that the distributions are of.</param>
    /// <param name="head">How the second head states the variance.</param>
    public ConditionalNormal(
        IReadOnlyList<LayerRecipe> recipes,
        IReadOnlyList<int> input,
        IReadOnlyList<IReadOnlyList<int>> shapes,
        int length,
        VarianceHead head
    )
        : base(nameof(ConditionalNormal))
    {
        (_recipes, _input, _shapes, _head) = (recipes, input, shapes, head);
        var features = shapes.Count > 0 ? shapes[^1][0] : input[0];
        layers = LayerKind.Stack(recipes, input, shapes);
        mean = nn.Linear(features, length);
        spread = nn.Linear(features, length);
        RegisterComponents();
    }

    /// <summary>Makes a distribution of each row.</summary>
    /// <param name="x">[rows, …].</param>
    public DiagonalNormal Of(Tensor x)
    {
        var hidden = layers.Count == 0 ? x : layers.call(x);
        return new(mean.call(hidden), _head.Of(spread.call(hidden)));
    }

    /// <summary>Writes the mean and ln of the variance of each row.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="name">Beginning of the names of nodes and weights.</param>
    /// <param name="x">Name of the rows.</param>
    public (string Mean, string LogVariance) Write(OnnxGraph graph, string name, string x)
    {
        var hidden = LayerKind.WriteStack(graph, $"{name}.layers", _recipes, layers, _input, _shapes, x);
        var raw = LinearLayer.Write(graph, $"{name}.spread", spread, hidden);
        return (LinearLayer.Write(graph, $"{name}.mean", mean, hidden), _head.Write(graph, $"{name}.spread", raw));
    }
}
