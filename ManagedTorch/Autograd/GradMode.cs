using static TorchSharp.torch;

namespace TorchSharp.Autograd;

/// <summary>Whether this thread records what it does.</summary>
internal sealed class GradMode : IDisposable
{
    [ThreadStatic]
    private static bool _disabled;

    private readonly bool _wasDisabled = _disabled;
    private bool _disposed;

    public GradMode(bool enabled) => _disabled = !enabled;

    public static bool Enabled
    {
        get => !_disabled;
        set => _disabled = !value;
    }

    /// <summary>Whether an operation on this tensor belongs into the graph.</summary>
    public static bool Records(Tensor input) => !_disabled && input.requires_grad;

    public static bool Records(Tensor input0, Tensor input1) => !_disabled && (input0.requires_grad || input1.requires_grad);

    public static bool Records(Tensor input0, Tensor? input1, Tensor? input2) =>
        !_disabled && (input0.requires_grad || input1?.requires_grad == true || input2?.requires_grad == true);

    public static bool Records(ReadOnlySpan<Tensor> inputs)
    {
        if (_disabled)
            return false;
        foreach (var input in inputs)
        {
            if (input.requires_grad)
                return true;
        }

        return false;
    }

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _disabled = _wasDisabled;
    }
}
