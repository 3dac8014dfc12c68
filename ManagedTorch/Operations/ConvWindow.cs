using TorchSharp.Kernels;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>How a window moves over images [batch, channels, height, width], checked; makes the kernels' shapes of it.</summary>
internal sealed record ConvWindow(string Name, int KernelH, int KernelW, int StrideH, int StrideW, int PadH, int PadW, int OutputPad)
{
    public static ConvWindow Create(string name, Tensor input, Tensor weight, long[]? strides, long[]? padding, long outputPadding = 0)
    {
        if (weight.Shape.Length != 4)
            throw TorchErrors.Error($"{name} takes a weight of four dimensions, not of shape {TorchErrors.Text(weight.Shape)}.");
        if (input.Shape.Length != 4)
            throw TorchErrors.Error($"{name} takes an input of four dimensions, not of shape {TorchErrors.Text(input.Shape)}.");
        var (strideH, strideW) = Pair(name, "stride", strides, 1, 1);
        var (padH, padW) = Pair(name, "padding", padding, 0, 0);
        var output = Checked(name, "output_padding", outputPadding, 0);
        if (output >= strideH || output >= strideW)
        {
            throw TorchErrors.Error(
                "output padding must be smaller than either stride or dilation, but got "
                    + $"output_padding: {output} stride_height: {strideH} stride_width: {strideW}"
            );
        }

        return new(name, (int)weight.Shape[2], (int)weight.Shape[3], strideH, strideW, padH, padW, output);
    }

    public static int Checked(string name, string argument, long value, int least) =>
        value >= least ? checked((int)value) : throw TorchErrors.Error($"{name} takes a {argument} of {least} or more, not {value}.");

    public ConvShape Convolution(Tensor input, Tensor weight, Tensor? bias)
    {
        CheckTypes(input, weight, bias);
        var (x, w) = (input.Shape, weight.Shape);
        if (x[1] != w[1])
            throw Channels(input, weight, w[1]);
        CheckBias(weight, bias, w[0]);
        var (h, width) = (x[2] + 2 * PadH, x[3] + 2 * PadW);
        if (h < KernelH || width < KernelW)
        {
            throw TorchErrors.Error(
                $"Calculated padded input size per channel: ({h} x {width}). Kernel size: ({KernelH} x {KernelW}). "
                    + "Kernel size can't be greater than actual input size"
            );
        }

        return new(
            (int)x[0],
            (int)x[1],
            (int)x[2],
            (int)x[3],
            (int)w[0],
            KernelH,
            KernelW,
            StrideH,
            StrideW,
            PadH,
            PadW,
            (int)((h - KernelH) / StrideH + 1),
            (int)((width - KernelW) / StrideW + 1)
        );
    }

    /// <summary>The convolution whose gradient the transposed one is: its output is our input.</summary>
    public ConvShape Transposed(Tensor input, Tensor weight, Tensor? bias)
    {
        CheckTypes(input, weight, bias);
        var (x, w) = (input.Shape, weight.Shape);
        if (x[1] != w[0])
            throw Channels(input, weight, w[0]);
        CheckBias(weight, bias, w[1]);
        var h = (x[2] - 1) * StrideH - 2 * PadH + KernelH + OutputPad;
        var width = (x[3] - 1) * StrideW - 2 * PadW + KernelW + OutputPad;
        if (h < 1 || width < 1)
        {
            throw TorchErrors.Error(
                $"Given input size per channel: ({x[2]} x {x[3]}). Calculated output size per channel: ({h} x {width}). "
                    + $"Output size is too small"
            );
        }

        return new(
            (int)x[0],
            (int)w[1],
            (int)h,
            (int)width,
            (int)w[0],
            KernelH,
            KernelW,
            StrideH,
            StrideW,
            PadH,
            PadW,
            (int)x[2],
            (int)x[3]
        );
    }

    /// <summary>One number for both directions, or two.</summary>
    private static (int, int) Pair(string name, string argument, long[]? values, int fallback, int least)
    {
        if (values is null)
            return (fallback, fallback);
        if (values.Length is not (1 or 2))
            throw TorchErrors.Error($"{name} takes one or two numbers as {argument}, not {TorchErrors.Text(values)}.");
        return (Checked(name, argument, values[0], least), Checked(name, argument, values[^1], least));
    }

    private void CheckTypes(params ReadOnlySpan<Tensor?> tensors)
    {
        foreach (var tensor in tensors)
        {
            if (tensor is { IsFloat: false })
                throw TorchErrors.Dtype(Name, tensor.dtype);
        }
    }

    private void CheckBias(Tensor weight, Tensor? bias, long channels)
    {
        if (bias is null || (bias.Shape.Length == 1 && bias.Shape[0] == channels))
            return;
        throw TorchErrors.Error(
            $"Given weight of size {TorchErrors.Text(weight.Shape)}, expected bias to be 1-dimensional with {channels} elements, "
                + $"but got bias of size {TorchErrors.Text(bias.Shape)} instead"
        );
    }

    private static System.Runtime.InteropServices.ExternalException Channels(Tensor input, Tensor weight, long expected) =>
        TorchErrors.Error(
            $"Given weight of size {TorchErrors.Text(weight.Shape)}, expected input{TorchErrors.Text(input.Shape)} "
                + $"to have {expected} channels, but got {input.Shape[1]} channels instead"
        );
}
