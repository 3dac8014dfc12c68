using Latent.Contracts.Recipes;

namespace Latent.Models.Layers;

/// <summary>Defines layers side by side, each for a part of the values.</summary>
internal static class BranchesLayer
{
    public static readonly LayerKind Kind = new(
        (layer, _) => new Branches(layer.Sizes!, TorchSharp.torch.nn.Sequential(layer.Layers!.Zip(layer.Sizes!, Create))),
        w =>
        {
            var from = 0;
            var outputs = new List<string>();
            foreach (var (i, module) in ((Branches)w.Module).Layers.children().Index())
            {
                var (layer, name) = (w.Layer.Layers![i], $"{w.Name}.layers.{i}");
                int[] shape = [w.Layer.Sizes![i]];
                var part = w.Graph.Slice($"{name}.part", w.Input, from, shape[0]);
                var output = LayerShapes.Walk(name, [layer], shape)[0];
                outputs.Add(LayerKind.Of(layer.Type).Write(new LayerWriting(w.Graph, name, layer, module, part, shape, output)));
                from += shape[0];
            }

            return w.Graph.Concat($"{w.Name}.branches", outputs);
        }
    );

    private static TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor> Create(LayerRecipe layer, int size) =>
        LayerKind.Of(layer.Type).Create(layer, [size]);
}
