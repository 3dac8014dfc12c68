namespace Latent;

/// <summary>Names what computes with tensors during training.</summary>
public enum EngineKind
{
    /// <summary>
    /// Chooses libtorch where it loads, and on a processor the managed engine where it does not. The variable LATENT_ENGINE may choose
    /// instead.
    /// </summary>
    Auto,

    /// <summary>Trains with TorchSharp over libtorch, on a processor or with CUDA.</summary>
    Libtorch,

    /// <summary>Trains with Latent's own engine: C# and SIMD on all cores of a processor, without native code.</summary>
    Managed,
}
