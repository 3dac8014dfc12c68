using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Latent.TorchOperations;

/// <summary>What each operation's name stands for.</summary>
internal static class Operations
{
    public static readonly Dictionary<string, Func<Tensor[], Arguments, Tensor>> All = new()
    {
        ["exp"] = (x, _) => x[0].exp(),
        ["neg"] = (x, _) => -x[0],
        ["square"] = (x, _) => x[0].square(),
        ["sigmoid"] = (x, _) => x[0].sigmoid(),
        ["tanh"] = (x, _) => x[0].tanh(),
        ["relu"] = (x, _) => nn.ReLU().forward(x[0]),
        ["silu"] = (x, _) => nn.SiLU().forward(x[0]),
        ["floor"] = (x, _) => x[0].floor(),
        ["round"] = (x, _) => x[0].round(),
        ["log"] = (x, _) => x[0].log(),
        ["sqrt"] = (x, _) => x[0].sqrt(),
        ["gelu"] = (x, _) => nn.GELU().forward(x[0]),
        ["leaky_relu"] = (x, a) => nn.LeakyReLU(a.Number("a")).forward(x[0]),
        ["elu"] = (x, a) => nn.ELU(a.Number("a")).forward(x[0]),
        ["softplus"] = (x, a) => F.softplus(x[0], a.Number("beta"), a.Number("threshold")),
        ["clamp"] = (x, a) => x[0].clamp(a.Number("min"), a.Number("max")),
        ["clamp_min"] = (x, a) => x[0].clamp_min(a.Number("min")),
        ["clamp_max"] = (x, a) => x[0].clamp_max(a.Number("max")),
        ["pow_scalar"] = (x, a) => x[0].pow(a.Number("p")),
        ["add_scalar"] = (x, a) => x[0] + a.Number("s"),
        ["sub_scalar"] = (x, a) => x[0] - a.Number("s"),
        ["mul_scalar"] = (x, a) => x[0] * a.Number("s"),
        ["rmul_scalar"] = (x, a) => a.Number("s") * x[0],
        ["radd_int"] = (x, a) => (int)a.Long("n") + x[0],
        ["sub_int"] = (x, a) => x[0] - (int)a.Long("n"),
        ["rsub_int"] = (x, a) => (int)a.Long("n") - x[0],
        ["mul_int"] = (x, a) => x[0] * (int)a.Long("n"),
        ["div_int"] = (x, a) => x[0] / (int)a.Long("n"),
        ["div_long"] = (x, a) => x[0] / a.Long("n"),
        ["lt_scalar"] = (x, a) => x[0].lt(a.Number("s")),
        ["ge_scalar"] = (x, a) => x[0].ge(a.Number("s")),
        ["ge_operator"] = (x, a) => x[0] >= a.Number("s"),
        ["nan_free_to_int"] = (x, _) => x[0].to(ScalarType.Int64),
        ["to_bool"] = (x, _) => x[0].to(ScalarType.Bool),
        ["count"] = (x, _) => x[0].ge(0.5).sum(),
        ["count_dim"] = (x, a) => x[0].ge(0.5).sum(a.Long("dim"), a.Flag("keepdim")),
        ["clamp_max_int"] = (x, a) => x[0].clamp_max(a.Long("max")),
        ["add_in_place"] = (x, _) => (x[0] * 1).add_(x[1]),
        ["sub_in_place"] = (x, _) => (x[0] * 1).sub_(x[1]),
        ["add_scalar_in_place"] = (x, a) => (x[0] * 1).add_(a.Number("s")),
        ["add_int_in_place"] = (x, a) => (x[0] * 1).add_(a.Long("n")),
        ["mul_scalar_in_place"] = (x, a) => (x[0] * 1).mul_(a.Number("s")),
        ["copy_in_place"] = (x, _) => (x[0] * 1).copy_(x[1]),
        ["fill_in_place"] = (x, a) => (x[0] * 1).fill_(a.Number("s")),

        ["add"] = (x, _) => x[0] + x[1],
        ["sub"] = (x, _) => x[0] - x[1],
        ["mul"] = (x, _) => x[0] * x[1],
        ["div"] = (x, _) => x[0] / x[1],
        ["lt"] = (x, _) => x[0].lt(x[1]),
        ["lt_operator"] = (x, _) => x[0] < x[1],
        ["le_operator"] = (x, _) => x[0] <= x[1],

        ["sum"] = (x, _) => x[0].sum(),
        ["mean"] = (x, _) => x[0].mean(),
        ["norm"] = (x, _) => x[0].norm(),
        ["sum_dim"] = (x, a) => x[0].sum(a.Long("dim"), a.Flag("keepdim")),
        ["mean_dim"] = (x, a) => x[0].mean([a.Long("dim")], a.Flag("keepdim")),
        ["logsumexp"] = (x, a) => x[0].logsumexp(a.Long("dim"), a.Flag("keepdim")),
        ["argmin"] = (x, a) => x[0].argmin(a.Long("dim"), a.Flag("keepdim")),
        ["softmax"] = (x, a) => x[0].softmax(a.Long("dim")),
        ["cumsum"] = (x, a) => x[0].cumsum(a.Long("dim")),
        ["mean_dims"] = (x, a) => x[0].mean(a.Longs("dims")),

        ["reshape"] = (x, a) => x[0].reshape(a.Longs("size")),
        ["reshape_transposed"] = (x, a) => x[0].reshape(6, 4).t().reshape(a.Longs("size")),
        ["t"] = (x, _) => x[0].t(),
        ["flatten"] = (x, a) => x[0].flatten(a.Long("start"), a.Long("end")),
        ["unflatten"] = (x, a) => x[0].unflatten(a.Long("dim"), a.Longs("size")),
        ["unsqueeze"] = (x, a) => x[0].unsqueeze(a.Long("dim")),
        ["expand"] = (x, a) => x[0].expand(a.Longs("size")),
        ["narrow"] = (x, a) => x[0].narrow(a.Long("dim"), a.Long("start"), a.Long("length")),
        ["select"] = (x, a) => x[0].select(a.Long("dim"), a.Long("index")),
        ["cat"] = (x, a) => cat((ReadOnlySpan<Tensor>)x, a.Long("dim")),
        ["stack"] = (x, a) => stack(x, a.Long("dim")),
        ["index_select"] = (x, a) => x[0].index_select(a.Long("dim"), x[1]),
        ["gather"] = (x, a) => x[0].gather(a.Long("dim"), x[1]),
        ["flip"] = (x, a) => x[0].flip(a.Long("dim")),
        ["repeat"] = (x, a) => x[0].repeat(a.Longs("sizes")),

        ["clone"] = (x, _) => x[0].clone(),
        ["contiguous"] = (x, _) => x[0].contiguous(),
        ["contiguous_transposed"] = (x, _) => x[0].t().contiguous(),

        ["mm"] = (x, _) => x[0].mm(x[1]),
        ["mm_transposed"] = (x, _) => x[0].t().mm(x[1].t()),

        ["conv2d"] = (x, a) => F.conv2d(x[0], x[1], At(x, 2), a.Longs("stride"), a.Longs("padding")),
        ["group_norm"] = (x, a) => F.group_norm(x[0], a.Long("groups"), At(x, 1), At(x, 2)),
        ["max_pool2d"] = (x, a) => nn.MaxPool2d(a.Long("kernel"), a.Long("stride"), a.Long("padding")).forward(x[0]),
        ["avg_pool2d"] = (x, a) => nn.AvgPool2d(a.Long("kernel"), a.Long("stride"), a.Long("padding")).forward(x[0]),

        ["mse_loss"] = (x, a) => F.mse_loss(x[0], x[1], a.Reduction),
        ["bce_with_logits"] = (x, a) => F.binary_cross_entropy_with_logits(x[0], x[1], reduction: a.Reduction),
    };

    private static Tensor? At(Tensor[] inputs, int index) => index < inputs.Length ? inputs[index] : null;
}
