using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

public abstract class Convolution : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = nameof(bias))]
    private Parameter? _bias;

    [ComponentName(Name = nameof(weight))]
    private Parameter? _weight;

    private protected Convolution(string name, ConvolutionOptions options) : base(name)
    {
        if (options.PaddingMode != PaddingModes.Zeros)
            throw new ArgumentException($"{name} pads with zeros only, not with {options.PaddingMode}.", nameof(padding_mode));
        (in_channels, out_channels) = (options.InChannels, options.OutChannels);
        (kernel_size, stride, dilation) = (options.KernelSize, options.Stride, options.Dilation);
        (transposed, output_padding, groups) = (options.Transposed, options.OutputPadding, options.Groups);
        if (options.PaddingType is { } type) SetPadding(type);
        else SetPadding(options.Padding!);
        long[] channels = transposed ? [in_channels, out_channels / groups] : [out_channels, in_channels / groups];
        weight = nn.Parameter(empty([.. channels, .. kernel_size], device: options.Device, dtype: options.Dtype));
        if (options.Bias) bias = nn.Parameter(empty(out_channels, device: options.Device, dtype: options.Dtype));
        reset_parameters();
    }

    public long in_channels { get; }

    public long out_channels { get; }

    public bool transposed { get; }

    public Padding? padding_type { get; private set; }

    public long[]? padding { get; private set; }

    public PaddingModes padding_mode { get; set; }

    public long groups { get; set; }

    public long[] kernel_size { get; set; }

    public long[] stride { get; set; }

    public long[] dilation { get; set; }

    public long[] output_padding { get; set; }

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

    public void reset_parameters()
    {
        nn.init.kaiming_uniform_(weight, Math.Sqrt(5));
        if (bias is null) return;
        var (fanIn, _) = nn.init.CalculateFanInAndFanOut(weight);
        if (fanIn == 0) return;
        var bound = 1 / Math.Sqrt(fanIn);
        nn.init.uniform_(bias, -bound, bound);
    }

    public void SetPadding(long[] padding)
    {
        padding_type = null;
        this.padding = padding;
    }

    public void SetPadding(Padding padding)
    {
        if (transposed) throw new ArgumentException("Cannot set padding type on ConvTransposeND");
        if (padding == Padding.Same && stride.Any(s => s != 1))
            throw new ArgumentException("padding='same' is not supported for strided convolutions");
        padding_type = padding;
        this.padding = null;
    }

    protected bool ValidateShape(Tensor input, long dimensions)
    {
        var shape = input.shape;
        return (shape.Length == dimensions + 2 && shape[1] == in_channels) || (shape.Length == dimensions + 1 && shape[0] == in_channels);
    }
}

/// <summary>What a convolution is made of; padding is given by numbers or by type.</summary>
internal sealed record ConvolutionOptions(
    long InChannels, long OutChannels, (long, long) Kernel, (long, long) Strides, (long, long) Dilations)
{
    public long[] KernelSize => [Kernel.Item1, Kernel.Item2];

    public long[] Stride => [Strides.Item1, Strides.Item2];

    public long[] Dilation => [Dilations.Item1, Dilations.Item2];

    public long[]? Padding { get; init; }

    public Padding? PaddingType { get; init; }

    public bool Transposed { get; init; }

    public long[] OutputPadding { get; init; } = [0, 0];

    public long Groups { get; init; } = 1;

    public bool Bias { get; init; } = true;

    public PaddingModes PaddingMode { get; init; }

    public Device? Device { get; init; }

    public ScalarType? Dtype { get; init; }
}
