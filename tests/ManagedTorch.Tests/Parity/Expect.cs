using static TorchSharp.torch;

namespace Latent.ManagedTorch.Tests.Parity;

internal static class Expect
{
    /// <summary>Equal shapes, and each element within absolute + relative * |expected|; NaN and infinities must be the same.</summary>
    public static void Close(ValueFile file, string name, Tensor actual, double relative = 1e-5, double absolute = 1e-6)
    {
        Assert.Equal(file.Shape(name), actual.shape);
        var expected = file.Tensor(name);
        Assert.Equal(expected.dtype, actual.dtype);
        if (actual.dtype != float32)
        {
            Assert.Equal(expected.to(int64).contiguous().data<long>().ToArray(), actual.to(int64).contiguous().data<long>().ToArray());
            return;
        }
        Close(file.Array<float>(name), Values(actual), name, relative, absolute);
    }

    public static void Close(float[] expected, float[] actual, string name, double relative = 1e-5, double absolute = 1e-6)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            if (expected[i].Equals(actual[i])) continue;
            var difference = Math.Abs((double)expected[i] - actual[i]);
            Assert.True(
                difference <= absolute + relative * Math.Abs(expected[i]),
                $"{name}[{i}]: PyTorch has {expected[i]:g9}, here it is {actual[i]:g9}, {difference:g3} apart.");
        }
    }

    public static float[] Values(Tensor tensor) => tensor.detach().contiguous().data<float>().ToArray();
}
