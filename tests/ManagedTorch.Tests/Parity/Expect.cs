using static TorchSharp.torch;

namespace Latent.ManagedTorch.Tests.Parity;

internal static class Expect
{
    public static float[] Values(Tensor tensor) => tensor.detach().contiguous().data<float>().ToArray();
}
