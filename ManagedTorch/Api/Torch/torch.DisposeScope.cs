namespace TorchSharp;

public static partial class torch
{
    public static DisposeScope NewDisposeScope() => DisposeScopeManager.OfThisThread.Open();
}
