using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

public abstract class NormBase : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = nameof(bias))]
    private Parameter? _bias;

    [ComponentName(Name = nameof(weight))]
    private Parameter? _weight;

    [ComponentName(Name = nameof(running_mean))]
    private Tensor? _runningMean;

    [ComponentName(Name = nameof(running_var))]
    private Tensor? _runningVar;

    [ComponentName(Name = nameof(num_batches_tracked))]
    private Tensor? _numBatchesTracked;

    public NormBase(
        long num_features, double eps, double? momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype,
        string name)
        : base(name)
    {
        this.num_features = num_features;
        this.eps = eps;
        this.momentum = momentum;
        this.affine = affine;
        this.track_running_stats = track_running_stats;
        if (affine)
        {
            weight = nn.Parameter(empty(num_features, dtype, device));
            bias = nn.Parameter(empty(num_features, dtype, device));
        }
        if (track_running_stats)
        {
            running_mean = zeros(num_features, dtype, device);
            running_var = ones(num_features, dtype, device);
            num_batches_tracked = tensor(0L, dtype, device);
        }
        reset_parameters();
    }

    public long num_features { get; private set; }

    public double eps { get; set; }

    public double? momentum { get; set; }

    public bool affine { get; private set; }

    public bool track_running_stats { get; private set; }

    public Parameter weight
    {
        get => _weight!;
        set => Set(nameof(weight), ref _weight, value);
    }

    public Parameter? bias
    {
        get => _bias;
        set => Set(nameof(bias), ref _bias, value);
    }

    public Tensor? running_mean
    {
        get => _runningMean;
        set => Set(nameof(running_mean), ref _runningMean, value);
    }

    public Tensor? running_var
    {
        get => _runningVar;
        set => Set(nameof(running_var), ref _runningVar, value);
    }

    public Tensor? num_batches_tracked
    {
        get => _numBatchesTracked;
        set => Set(nameof(num_batches_tracked), ref _numBatchesTracked, value);
    }

    public void reset_running_stats()
    {
        if (!track_running_stats) return;
        nn.init.zeros_(running_mean!);
        nn.init.ones_(running_var!);
        nn.init.zeros_(num_batches_tracked!);
    }

    public void reset_parameters()
    {
        reset_running_stats();
        if (!affine) return;
        nn.init.ones_(weight);
        nn.init.zeros_(bias!);
    }

    protected abstract void ValidateInputDimensions(Tensor input);
}
