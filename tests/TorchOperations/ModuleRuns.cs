using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Latent.TorchOperations;

/// <summary>Modules with given weights: names, output, gradients, and buffers, three times in training and once in evaluation.</summary>
internal static class ModuleRuns
{
    private static readonly Dictionary<string, (Func<Module<Tensor, Tensor>> Make, long[] Shape)> s_modules = new()
    {
        ["Linear"] = (() => Linear(5, 7), [9, 5]),
        ["Linear, no bias"] = (() => Linear(5, 7, false), [2, 3, 5]),
        ["Linear, one row"] = (() => Linear(5, 4), [5]),
        ["Linear, large"] = (() => Linear(201, 97), [33, 201]),
        ["Conv2d"] = (() => Conv2d(3, 4, 3, stride: 2, padding: 1), [2, 3, 9, 8]),
        ["Conv2d, no bias"] = (() => Conv2d(3, 4, 2, bias: false), [2, 3, 9, 8]),
        ["ConvTranspose2d"] = (() => ConvTranspose2d(3, 4, 3, stride: 2, padding: 1, output_padding: 1), [2, 3, 5, 4]),
        ["ConvTranspose2d, no bias"] = (() => ConvTranspose2d(3, 4, 3, padding: 1, bias: false), [2, 3, 7, 6]),
        ["ConvTranspose2d, kernel 4"] = (() => ConvTranspose2d(2, 3, 4, stride: 2, padding: 1), [2, 2, 8, 8]),
        ["ConvTranspose2d, kernel 5"] = (() => ConvTranspose2d(1, 2, 5, stride: 3, padding: 2), [3, 1, 9, 4]),
        ["ConvTranspose2d, kernel 1"] = (() => ConvTranspose2d(4, 5, 1), [1, 4, 4, 4]),
        ["ConvTranspose2d, large"] = (() => ConvTranspose2d(32, 24, 3, padding: 1), [2, 32, 16, 16]),
        ["ConvTranspose2d, odd"] = (() => ConvTranspose2d(17, 19, 3, stride: 2, padding: 1), [3, 17, 14, 15]),
        ["BatchNorm1d"] = (() => BatchNorm1d(5), [8, 5]),
        ["BatchNorm1d, three axes"] = (() => BatchNorm1d(5, 1e-3, 0.3), [4, 5, 6]),
        ["BatchNorm1d, large"] = (() => BatchNorm1d(17), [33, 17]),
        ["BatchNorm2d"] = (() => BatchNorm2d(3), [4, 3, 5, 6]),
        ["BatchNorm2d, odd"] = (() => BatchNorm2d(3), [5, 3, 17, 19]),
        ["MaxPool2d"] = (() => MaxPool2d(2), [2, 3, 6, 7]),
        ["AvgPool2d"] = (() => AvgPool2d(2), [2, 3, 6, 7]),
        ["Flatten"] = (() => Flatten(), [2, 3, 4]),
        ["Unflatten"] = (() => Unflatten(1, [2, 3]), [4, 6]),
        ["ReLU"] = (() => ReLU(), [4, 6]),
        ["LeakyReLU"] = (() => LeakyReLU(0.1), [4, 6]),
        ["ELU"] = (() => ELU(0.7), [4, 6]),
        ["GELU"] = (() => GELU(), [4, 6]),
        ["SiLU"] = (() => SiLU(), [4, 6]),
        ["Softplus"] = (() => Softplus(), [4, 6]),
        ["Sigmoid"] = (() => Sigmoid(), [4, 6]),
        ["Tanh"] = (() => Tanh(), [4, 6]),
        ["Dropout, none"] = (() => Dropout(0), [4, 6]),
        ["Sequential"] = (
            () =>
                Sequential(
                    Conv2d(1, 4, 3, stride: 2, padding: 1, bias: false),
                    BatchNorm2d(4),
                    LeakyReLU(0.1),
                    Conv2d(4, 6, 3),
                    SiLU(),
                    MaxPool2d(2),
                    Flatten(),
                    Linear(6, 5)
                ),
            [4, 1, 8, 8]
        ),
        ["Sequential, twice"] = (() => Sequential(Linear(5, 7), Sequential(Tanh(), Linear(7, 2))), [4, 5]),
    };

    public static Dictionary<string, Func<IEnumerable<Result>>> All { get; } =
        s_modules
            .Select(m => (m.Key, Run: (Func<IEnumerable<Result>>)(() => Run(m.Value.Make, m.Value.Shape))))
            .Append(("Dropout, evaluation", () => Evaluate(Dropout(0.4))))
            .ToDictionary(m => m.Item1, m => m.Item2);

    /// <summary>Gives each parameter values that depend on nothing but its place.</summary>
    public static void Fill(Module module, int seed)
    {
        var draw = new Draw(seed);
        using var _ = no_grad();
        foreach (var (_, parameter) in module.named_parameters().OrderBy(p => p.name, StringComparer.Ordinal))
            parameter.copy_(draw.Uniform(-0.5, 0.5, parameter.shape).Make(Layout.Rows, false).View);
    }

    private static List<Result> Run(Func<Module<Tensor, Tensor>> make, long[] shape)
    {
        using var module = make();
        Fill(module, 31);
        List<Result> results =
        [
            Value.Of("names in the state", module.state_dict().Keys),
            Value.Of("names of parameters", module.named_parameters().Select(p => p.name)),
            Value.Of("kinds of modules", module.children().Select(m => m.GetType().Name)),
        ];
        var draw = new Draw(32);
        for (var step = 0; step < 3; step++)
        {
            var input = Draw.Map(draw.Normal(shape), v => v + step).Make(Layout.Rows, true).View;
            var output = module.call(input);
            results.Add(Value.Of($"output {step}", output));
            (output * new Draw(33).Normal(output.shape).Make(Layout.Rows, false).View).sum().backward();
            results.Add(Value.Of($"gradient of input {step}", input.grad!));
        }

        foreach (var (name, parameter) in module.named_parameters())
            results.Add(Value.Of($"gradient of {name}", parameter.grad!));
        foreach (var (name, buffer) in module.named_buffers())
            results.Add(Value.Of(name, buffer));
        module.eval();
        results.Add(Value.Of("evaluation", module.call(draw.Normal(shape).Make(Layout.Rows, false).View)));
        return results;
    }

    private static List<Result> Evaluate(Module<Tensor, Tensor> module)
    {
        module.eval();
        return [Value.Of("evaluation", module.call(new Draw(34).Normal(4, 6).Make(Layout.Rows, false).View))];
    }
}
