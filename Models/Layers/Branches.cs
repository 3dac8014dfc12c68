using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Latent.Models.Layers;

/// <summary>
/// Gives each of several layers a part of the values, and puts together what they make of it. In a state_dict they are layers.N.
/// </summary>
internal sealed class Branches : nn.Module<Tensor, Tensor>
{
    private readonly Sequential layers;
    private readonly IReadOnlyList<int> _sizes;

    /// <param name="sizes">How many values each layer takes, one part after the other.</param>
    /// <param name="layers">The layers.</param>
    public Branches(IReadOnlyList<int> sizes, Sequential layers)
        : base(nameof(Branches))
    {
        (_sizes, this.layers) = (sizes, layers);
        RegisterComponents();
    }

    public Sequential Layers => layers;

    public override Tensor forward(Tensor x)
    {
        var parts = new List<Tensor>();
        long from = 0;
        foreach (var (i, layer) in layers.children().Index())
        {
            parts.Add(((nn.Module<Tensor, Tensor>)layer).call(x.narrow(1, from, _sizes[i])));
            from += _sizes[i];
        }

        return cat([.. parts], 1);
    }
}
