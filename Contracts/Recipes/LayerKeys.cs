namespace Latent.Contracts.Recipes;

/// <summary>Which keys belong to which kind of layer.</summary>
internal static class LayerKeys
{
    public static string[] Of(LayerType type) => type switch
    {
        LayerType.Linear => ["out", "bias"],
        LayerType.Conv2d => ["out", "kernel", "stride", "padding", "bias"],
        LayerType.ConvTranspose2d => ["out", "kernel", "stride", "padding", "outputPadding", "bias"],
        LayerType.MaxPool2d or LayerType.AvgPool2d => ["kernel", "stride", "padding"],
        LayerType.Unflatten => ["shape"],
        LayerType.Dropout or LayerType.LeakyRelu => ["amount"],
        _ => [],
    };

    public static string[] Needed(LayerType type) => type switch
    {
        LayerType.Linear => ["out"],
        LayerType.Conv2d or LayerType.ConvTranspose2d => ["out", "kernel"],
        LayerType.MaxPool2d or LayerType.AvgPool2d => ["kernel"],
        LayerType.Unflatten => ["shape"],
        LayerType.Dropout => ["amount"],
        _ => [],
    };

    public static IEnumerable<string> Given(LayerRecipe layer)
    {
        if (layer.Out is not null)
            yield return "out";
        if (layer.Kernel is not null)
            yield return "kernel";
        if (layer.Stride is not null)
            yield return "stride";
        if (layer.Padding is not null)
            yield return "padding";
        if (layer.OutputPadding is not null)
            yield return "outputPadding";
        if (layer.Shape is not null)
            yield return "shape";
        if (layer.Amount is not null)
            yield return "amount";
        if (layer.Bias is not null)
            yield return "bias";
    }
}
