using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Latent.Models.Layers;

/// <summary>Adds what layers make of rows to the rows, x + f(x) (He et al. 2016, eq. 1). In a state_dict they are layers.N.</summary>
internal sealed class Residual : nn.Module<Tensor, Tensor>
{
    private readonly Sequential layers;

    public Residual(Sequential layers)
        : base(nameof(Residual))
    {
        this.layers = layers;
        RegisterComponents();
    }

    public Sequential Layers => layers;

    public override Tensor forward(Tensor x) => x + layers.call(x);
}
