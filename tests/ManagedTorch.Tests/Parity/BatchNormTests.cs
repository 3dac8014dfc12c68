using static TorchSharp.torch;

namespace Latent.ManagedTorch.Tests.Parity;

public class BatchNormTests
{
    private static readonly ValueFile _values = ValueFile.Open("norm");

    [Theory]
    [InlineData("BatchNorm1d")]
    [InlineData("BatchNorm2d")]
    public void Running_statistics_follow_PyTorchs_and_serve_evaluation(string name)
    {
        nn.Module<Tensor, Tensor> layer = name == "BatchNorm1d" ? nn.BatchNorm1d(3) : nn.BatchNorm2d(2);
        for (var step = 0; step < 3; step++)
        {
            Expect.Close(_values, $"{name}/step{step}/output", layer.call(_values.Tensor($"{name}/step{step}/input")), 1e-4, 1e-5);
            Expect.Close(_values, $"{name}/step{step}/running_mean", layer.get_buffer("running_mean")!, 1e-5, 1e-6);
            Expect.Close(_values, $"{name}/step{step}/running_var", layer.get_buffer("running_var")!, 1e-5, 1e-6);
        }
        Assert.Equal(3, layer.get_buffer("num_batches_tracked")!.item<long>());
        layer.eval();
        Expect.Close(_values, $"{name}/eval", layer.call(_values.Tensor($"{name}/step2/input")), 1e-4, 1e-5);
        Assert.Equal(3, layer.get_buffer("num_batches_tracked")!.item<long>());
    }
}
