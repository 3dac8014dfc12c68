using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

public abstract class NormBase : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = nameof(weight))]
    private readonly Parameter _weight;

    [ComponentName(Name = nameof(bias))]
    private readonly Parameter _bias;

    [ComponentName(Name = nameof(running_mean))]
    private readonly Tensor _mean;

    [ComponentName(Name = nameof(running_var))]
    private readonly Tensor _variance;

    [ComponentName(Name = "num_batches_tracked")]
    private readonly Tensor _batches;

    private protected NormBase(long features, Device? device, ScalarType? dtype, string name)
        : base(name)
    {
        _weight = Register(nameof(weight), ones(features, dtype, device));
        _bias = Register(nameof(bias), zeros(features, dtype, device));
        _mean = RegisterBuffer(nameof(running_mean), zeros(features, dtype, device));
        _variance = RegisterBuffer(nameof(running_var), ones(features, dtype, device));
        _batches = RegisterBuffer("num_batches_tracked", tensor(0L, dtype, device));
    }

    public Parameter weight => _weight;

    public Parameter bias => _bias;

    public Tensor running_mean => _mean;

    public Tensor running_var => _variance;

    private protected Tensor Batches => _batches;
}
