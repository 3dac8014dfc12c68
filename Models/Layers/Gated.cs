using static TorchSharp.torch;

namespace Latent.Models.Layers;

/// <summary>
/// Multiplies the output of a layer by the sigmoid of another's, value by value: (Wx + b) · sigmoid(Vx + c) (Dauphin et al. 2017; without
/// another activation, as Tomczak and Welling 2018 have it). In a state_dict the two are value and gate.
/// </summary>
internal sealed class Gated : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor> value;
    private readonly nn.Module<Tensor, Tensor> gate;

    public Gated(nn.Module<Tensor, Tensor> value, nn.Module<Tensor, Tensor> gate)
        : base(nameof(Gated))
    {
        this.value = value;
        this.gate = gate;
        RegisterComponents();
    }

    public nn.Module<Tensor, Tensor> Value => value;

    public nn.Module<Tensor, Tensor> Gate => gate;

    public override Tensor forward(Tensor x) => value.call(x) * gate.call(x).sigmoid();
}
