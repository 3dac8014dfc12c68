using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Latent.TorchOperations;

/// <summary>The losses of twenty steps of training from given weights.</summary>
internal static class TrainingRuns
{
    public static Dictionary<string, Func<IEnumerable<Result>>> All { get; } =
        new() { ["variational, Adam"] = TrainVariational, ["convolutional, SGD"] = TrainConvolutional };

    private static List<Result> TrainVariational()
    {
        using var model = new Variational();
        ModuleRuns.Fill(model, 41);
        using var optimizer = optim.Adam(model.parameters(), 0.01);
        var draw = new Draw(42);
        return Follow(
            model,
            () =>
            {
                var loss = model.Loss(
                    draw.Uniform(0, 1, 8, 12).Make(Layout.Rows, false).View,
                    draw.Normal(8, 3).Make(Layout.Rows, false).View
                );
                optimizer.zero_grad();
                loss.backward();
                optimizer.step();
                return loss;
            }
        );
    }

    private static List<Result> TrainConvolutional()
    {
        using var model = new Convolutional();
        ModuleRuns.Fill(model, 43);
        using var optimizer = optim.SGD(model.parameters(), 0.1, momentum: 0.9);
        var draw = new Draw(44);
        return Follow(
            model,
            () =>
            {
                var x = draw.Uniform(0, 1, 4, 1, 8, 8).Make(Layout.Rows, false).View;
                var loss = F.mse_loss(model.call(x), x);
                optimizer.zero_grad();
                loss.backward();
                nn.utils.clip_grad_norm_(model.parameters(), 0.5);
                optimizer.step();
                return loss;
            }
        );
    }

    private static List<Result> Follow(nn.Module model, Func<Tensor> step)
    {
        List<Result> results = [Value.Of("names in the state", model.state_dict().Keys)];
        for (var i = 0; i < 20; i++)
        {
            using var scope = NewDisposeScope();
            results.Add(Value.Of($"loss {i}", step()));
        }

        results.AddRange(model.state_dict().Select(p => Value.Of(p.Key, p.Value)));
        return results;
    }

    private sealed class Variational : nn.Module
    {
        private readonly Sequential trunk = nn.Sequential(nn.Linear(12, 16), nn.ReLU());
        private readonly Linear mean = nn.Linear(16, 3);
        private readonly Linear log_variance = nn.Linear(16, 3);
        private readonly Sequential decoder = nn.Sequential(nn.Linear(3, 16), nn.Tanh(), nn.Linear(16, 12));

        public Variational()
            : base(nameof(Variational)) => RegisterComponents();

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
            nn.Conv2d(1, 4, 3, stride: 2, padding: 1),
            nn.BatchNorm2d(4),
            nn.LeakyReLU(0.1),
            nn.Conv2d(4, 6, 3),
            nn.SiLU(),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(6, 5)
        );

        private readonly Sequential decoder = nn.Sequential(
            nn.Linear(5, 24),
            nn.ELU(),
            nn.Unflatten(1, [6, 2, 2]),
            nn.ConvTranspose2d(6, 4, 3, stride: 2),
            nn.GELU(),
            nn.ConvTranspose2d(4, 1, 2, stride: 2, padding: 1),
            nn.Sigmoid()
        );

        public Convolutional()
            : base(nameof(Convolutional)) => RegisterComponents();

        public override Tensor forward(Tensor input) => decoder.call(encoder.call(input));
    }
}
