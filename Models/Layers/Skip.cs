using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Latent.Models.Layers;

/// <summary>
/// Puts what layers make of images after their channels, [x, f(x)] (Ronneberger et al. 2015, fig. 1). In a state_dict they are layers.N.
/// </summary>
internal sealed class Skip : nn.Module<Tensor, Tensor>
{
    private readonly Sequential layers;

    public Skip(Sequential layers)
        : base(nameof(Skip))
    {
        this.layers = layers;
        RegisterComponents();
    }

    public Sequential Layers => layers;

    public override Tensor forward(Tensor x) => cat([x, layers.call(x)], 1);
}
