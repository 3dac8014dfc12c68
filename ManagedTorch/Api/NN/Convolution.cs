using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

public abstract class Convolution : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = nameof(weight))]
    private readonly Parameter _weight;

    [ComponentName(Name = nameof(bias))]
    private readonly Parameter? _bias;

    private protected Convolution(string name, long[] shape, long outputs, bool hasBias, Device? device, ScalarType? dtype)
        : base(name)
    {
        _weight = Register(nameof(weight), empty(shape, device: device, dtype: dtype));
        if (hasBias)
            _bias = Register(nameof(bias), empty(outputs, device: device, dtype: dtype));
        nn.init.KaimingUniform(_weight);
        if (_bias is null)
            return;
        var fan = nn.init.Fans(_weight).In;
        if (fan > 0)
            nn.init.Uniform(_bias, 1 / Math.Sqrt(fan));
    }

    public Parameter weight => _weight;

    public Parameter? bias => _bias;
}
