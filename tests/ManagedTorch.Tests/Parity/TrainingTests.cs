using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Latent.ManagedTorch.Tests.Parity;

/// <summary>Twenty steps of training from given weights: every loss within 1e-4 of PyTorch's, relative.</summary>
public class TrainingTests
{
    private static readonly ValueFile _values = ValueFile.Open("training");

    [Fact]
    public void A_variational_autoencoder_learns_as_in_PyTorch()
    {
        using var model = new Variational();
        Load(model, "vae");
        using var optimizer = optim.Adam(model.parameters(), 0.01);
        using var data = _values.Tensor("vae/data");
        using var noise = _values.Tensor("vae/noise");
        Follow("vae", step =>
        {
            var loss = model.Loss(data[step], noise[step]);
            optimizer.zero_grad();
            loss.backward();
            optimizer.step();
            return loss;
        });
    }

    [Fact]
    public void A_convolutional_autoencoder_with_batch_norm_learns_as_in_PyTorch()
    {
        using var model = new Convolutional();
        Load(model, "conv");
        using var optimizer = optim.SGD(model.parameters(), 0.1, momentum: 0.9);
        using var data = _values.Tensor("conv/data");
        Follow("conv", step =>
        {
            var x = data[step];
            var loss = F.mse_loss(model.call(x), x);
            optimizer.zero_grad();
            loss.backward();
            nn.utils.clip_grad_norm_(model.parameters(), 0.5);
            optimizer.step();
            return loss;
        });
        Expect.Close(_values, "conv/running_mean", model.get_buffer("encoder.1.running_mean")!, 1e-4, 1e-5);
    }

    [Fact]
    public void Names_in_the_state_are_PyTorchs()
    {
        using var model = new Convolutional();
        Assert.Equal(_values.Metadata<string[]>("names").Order(), model.state_dict().Keys.Order());
    }

    private static void Load(nn.Module model, string name) =>
        model.load_state_dict(model.state_dict().Keys.ToDictionary(key => key, key => _values.Tensor($"{name}/{key}")));

    private static void Follow(string name, Func<int, Tensor> step)
    {
        var expected = _values.Array<float>($"{name}/losses");
        var losses = new float[expected.Length];
        for (var i = 0; i < losses.Length; i++)
        {
            using var scope = NewDisposeScope();
            losses[i] = step(i).item<float>();
        }
        Expect.Close(expected, losses, name, 1e-4, 0);
        Assert.True(losses[^1] < losses[0]);
    }

    private sealed class Variational : nn.Module
    {
        private readonly Sequential trunk = nn.Sequential(nn.Linear(12, 16), nn.ReLU());
        private readonly Linear mean = nn.Linear(16, 3);
        private readonly Linear log_variance = nn.Linear(16, 3);
        private readonly Sequential decoder = nn.Sequential(nn.Linear(3, 16), nn.Tanh(), nn.Linear(16, 12));

        public Variational() : base(nameof(Variational)) => RegisterComponents();

        public Tensor Loss(Tensor x, Tensor noise)
        {
            var hidden = trunk.call(x);
            var (m, v) = (mean.call(hidden), log_variance.call(hidden));
            var y = decoder.call(m + noise * (0.5 * v).exp());
            var divergence = -0.5 * (1 + v - m.pow(2) - v.exp()).sum();
            return (F.binary_cross_entropy_with_logits(y, x, reduction: nn.Reduction.Sum) + divergence) / x.shape[0];
        }
    }

    private sealed class Convolutional : nn.Module<Tensor, Tensor>
    {
        private readonly Sequential encoder = nn.Sequential(
            nn.Conv2d(1, 4, 3, stride: 2, padding: 1), nn.BatchNorm2d(4), nn.LeakyReLU(0.1), nn.Conv2d(4, 6, 3), nn.SiLU(), nn.MaxPool2d(2),
            nn.Flatten(), nn.Linear(6, 5));

        private readonly Sequential decoder = nn.Sequential(
            nn.Linear(5, 24), nn.ELU(), nn.Unflatten(1, [6, 2, 2]), nn.ConvTranspose2d(6, 4, 3, stride: 2), nn.GELU(),
            nn.ConvTranspose2d(4, 1, 2, stride: 2, padding: 1), nn.Sigmoid());

        public Convolutional() : base(nameof(Convolutional)) => RegisterComponents();

        public override Tensor forward(Tensor input) => decoder.call(encoder.call(input));
    }
}
