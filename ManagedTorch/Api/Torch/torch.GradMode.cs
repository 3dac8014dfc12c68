using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    public static IDisposable no_grad() => new GradMode(false);

    public static IDisposable enable_grad(bool enabled = true) => new GradMode(enabled);

    public static bool is_grad_enabled() => GradMode.Enabled;
}
