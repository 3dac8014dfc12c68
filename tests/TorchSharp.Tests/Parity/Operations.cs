using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Latent.TorchSharp.Tests.Parity;

/// <summary>What each operation's name in the value files stands for.</summary>
internal static class Operations
{
    public static readonly Dictionary<string, Func<Tensor[], Arguments, Tensor>> All = new()
    {
        ["exp"] = (x, _) => x[0].exp(),
        ["expm1"] = (x, _) => x[0].expm1(),
        ["abs"] = (x, _) => x[0].abs(),
        ["neg"] = (x, _) => -x[0],
        ["square"] = (x, _) => x[0].square(),
        ["sin"] = (x, _) => x[0].sin(),
        ["cos"] = (x, _) => x[0].cos(),
        ["erf"] = (x, _) => x[0].erf(),
        ["sigmoid"] = (x, _) => x[0].sigmoid(),
        ["tanh"] = (x, _) => x[0].tanh(),
        ["relu"] = (x, _) => F.relu(x[0]),
        ["silu"] = (x, _) => F.silu(x[0]),
        ["floor"] = (x, _) => x[0].floor(),
        ["ceil"] = (x, _) => x[0].ceil(),
        ["trunc"] = (x, _) => x[0].trunc(),
        ["round"] = (x, _) => x[0].round(),
        ["sign"] = (x, _) => x[0].sign(),
        ["log"] = (x, _) => x[0].log(),
        ["log1p"] = (x, _) => x[0].log1p(),
        ["sqrt"] = (x, _) => x[0].sqrt(),
        ["rsqrt"] = (x, _) => x[0].rsqrt(),
        ["reciprocal"] = (x, _) => x[0].reciprocal(),
        ["log_sigmoid"] = (x, _) => x[0].log_sigmoid(),
        ["gelu"] = (x, _) => F.gelu(x[0]),
        ["gelu_tanh"] = (x, _) => nn.GELU(global::TorchSharp.Modules.GELU.Approximate.tanh).forward(x[0]),
        ["leaky_relu"] = (x, a) => F.leaky_relu(x[0], a.Number("a")),
        ["elu"] = (x, a) => F.elu(x[0], a.Number("a")),
        ["softplus"] = (x, a) => F.softplus(x[0], a.Number("beta"), a.Number("threshold")),
        ["clamp"] = (x, a) => x[0].clamp(a.Number("min"), a.Number("max")),
        ["clamp_min"] = (x, a) => x[0].clamp_min(a.Number("min")),
        ["clamp_max"] = (x, a) => x[0].clamp_max(a.Number("max")),
        ["pow_scalar"] = (x, a) => x[0].pow(a.Number("p")),
        ["add_scalar"] = (x, a) => x[0] + a.Number("s"),
        ["sub_scalar"] = (x, a) => x[0] - a.Number("s"),
        ["rsub_scalar"] = (x, a) => a.Number("s") - x[0],
        ["mul_scalar"] = (x, a) => x[0] * a.Number("s"),
        ["div_scalar"] = (x, a) => x[0] / a.Number("s"),
        ["rdiv_scalar"] = (x, a) => a.Number("s") / x[0],
        ["remainder_scalar"] = (x, a) => x[0].remainder(a.Number("s")),
        ["isnan"] = (x, _) => x[0].isnan(),
        ["isinf"] = (x, _) => x[0].isinf(),
        ["isfinite"] = (x, _) => x[0].isfinite(),

        ["add"] = (x, _) => x[0] + x[1],
        ["add_alpha"] = (x, a) => x[0].add(x[1], a.Number("alpha")),
        ["sub"] = (x, _) => x[0] - x[1],
        ["mul"] = (x, _) => x[0] * x[1],
        ["div"] = (x, _) => x[0] / x[1],
        ["pow"] = (x, _) => x[0].pow(x[1]),
        ["maximum"] = (x, _) => maximum(x[0], x[1]),
        ["minimum"] = (x, _) => minimum(x[0], x[1]),
        ["eq"] = (x, _) => x[0].eq(x[1]),
        ["ne"] = (x, _) => x[0].ne(x[1]),
        ["lt"] = (x, _) => x[0].lt(x[1]),
        ["le"] = (x, _) => x[0].le(x[1]),
        ["gt"] = (x, _) => x[0].gt(x[1]),
        ["ge"] = (x, _) => x[0].ge(x[1]),
        ["lerp"] = (x, _) => x[0].lerp(x[1], x[2]),
        ["where"] = (x, _) => where(x[2].gt(0), x[0], x[1]),
        ["addcmul"] = (x, a) => x[0].addcmul(x[1], x[2], a.Number("value")),
        ["addcdiv"] = (x, a) => x[0].addcdiv(x[1], x[2], a.Number("value")),
        ["logical_and"] = (x, _) => x[0].logical_and(x[1]),
        ["logical_or"] = (x, _) => x[0].logical_or(x[1]),
        ["logical_xor"] = (x, _) => x[0].logical_xor(x[1]),
        ["logical_not"] = (x, _) => x[0].logical_not(),

        ["sum"] = (x, _) => x[0].sum(),
        ["mean"] = (x, _) => x[0].mean(),
        ["max"] = (x, _) => x[0].max(),
        ["min"] = (x, _) => x[0].min(),
        ["prod"] = (x, _) => x[0].prod(),
        ["std"] = (x, _) => x[0].std(),
        ["var"] = (x, _) => x[0].var(),
        ["norm"] = (x, _) => x[0].norm(),
        ["sum_dim"] = (x, a) => x[0].sum(a.Long("dim"), a.Flag("keepdim")),
        ["mean_dim"] = (x, a) => x[0].mean([a.Long("dim")], a.Flag("keepdim")),
        ["prod_dim"] = (x, a) => x[0].prod(a.Long("dim"), a.Flag("keepdim")),
        ["max_dim"] = (x, a) => x[0].max(a.Long("dim"), a.Flag("keepdim")).values,
        ["min_dim"] = (x, a) => x[0].min(a.Long("dim"), a.Flag("keepdim")).values,
        ["argmax"] = (x, a) => x[0].argmax(a.Long("dim"), a.Flag("keepdim")),
        ["argmin"] = (x, a) => x[0].argmin(a.Long("dim"), a.Flag("keepdim")),
        ["amax"] = (x, a) => x[0].amax([a.Long("dim")], a.Flag("keepdim")),
        ["amin"] = (x, a) => x[0].amin([a.Long("dim")], a.Flag("keepdim")),
        ["logsumexp"] = (x, a) => x[0].logsumexp(a.Long("dim"), a.Flag("keepdim")),
        ["norm_dim"] = (x, a) => x[0].norm((int)a.Long("dim"), a.Flag("keepdim")),
        ["var_dim"] = (x, a) => x[0].var(a.Long("dim"), a.Flag("keepdim"), a.Flag("keepdim")),
        ["std_dim"] = (x, a) => x[0].std(a.Long("dim"), a.Flag("keepdim"), a.Flag("keepdim")),
        ["softmax"] = (x, a) => x[0].softmax(a.Long("dim")),
        ["log_softmax"] = (x, a) => x[0].log_softmax(a.Long("dim")),
        ["cumsum"] = (x, a) => x[0].cumsum(a.Long("dim")),
        ["all_dim"] = (x, a) => x[0].gt(-1).all(a.Long("dim")),
        ["any_dim"] = (x, a) => x[0].gt(1).any(a.Long("dim")),
        ["sum_dims"] = (x, a) => x[0].sum(a.Longs("dims")),
        ["mean_dims"] = (x, a) => x[0].mean(a.Longs("dims")),

        ["reshape"] = (x, a) => x[0].reshape(a.Longs("size")),
        ["reshape_transposed"] = (x, a) => x[0].transpose(0, 2).reshape(a.Longs("size")),
        ["view"] = (x, a) => x[0].view(a.Longs("size")),
        ["transpose"] = (x, a) => x[0].transpose(a.Long("a"), a.Long("b")),
        ["t"] = (x, _) => x[0].t(),
        ["permute"] = (x, a) => x[0].permute(a.Longs("dims")),
        ["flatten"] = (x, a) => x[0].flatten(a.Long("start"), a.Long("end")),
        ["unflatten"] = (x, a) => x[0].unflatten(a.Long("dim"), a.Longs("size")),
        ["unsqueeze"] = (x, a) => x[0].unsqueeze(a.Long("dim")),
        ["squeeze"] = (x, a) => x[0].squeeze(a.Long("dim")),
        ["squeeze_all"] = (x, _) => x[0].squeeze(),
        ["expand"] = (x, a) => x[0].expand(a.Longs("size")),
        ["narrow"] = (x, a) => x[0].narrow(a.Long("dim"), a.Long("start"), a.Long("length")),
        ["select"] = (x, a) => x[0].select(a.Long("dim"), a.Long("index")),
        ["slice"] = (x, a) => x[0].slice(a.Long("dim"), a.Long("start"), a.Long("finish"), a.Long("step")),
        ["cat"] = (x, a) => cat(x, a.Long("dim")),
        ["stack"] = (x, a) => stack(x, a.Long("dim")),
        ["index_select"] = (x, a) => x[0].index_select(a.Long("dim"), x[1]),
        ["gather"] = (x, a) => x[0].gather(a.Long("dim"), x[1]),
        ["flip"] = (x, a) => x[0].flip(a.Long("dim")),
        ["chunk"] = (x, a) => x[0].chunk(a.Long("chunks"), a.Long("dim"))[1],
        ["split"] = (x, a) => x[0].split(a.Long("size"), (int)a.Long("dim"))[1],
        ["repeat"] = (x, a) => x[0].repeat(a.Longs("sizes")),
        ["masked_fill"] = (x, a) => x[0].masked_fill(x[1].gt(0), a.Number("value")),

        ["matmul"] = (x, _) => x[0].matmul(x[1]),
        ["mm"] = (x, _) => x[0].mm(x[1]),
        ["mm_transposed"] = (x, _) => x[0].t().mm(x[1].t()),
        ["bmm"] = (x, _) => x[0].bmm(x[1]),
        ["addmm"] = (x, _) => addmm(x[0], x[1], x[2], 1, 1),
        ["linear"] = (x, _) => F.linear(x[0], x[1], At(x, 2)),

        ["conv2d"] = (x, a) => F.conv2d(x[0], x[1], At(x, 2), a.Longs("stride"), a.Longs("padding")),
        ["conv2d_groups"] = (x, a) => F.conv2d(x[0], x[1], x[2], groups: a.Long("groups")),
        ["conv2d_same"] = (x, _) => F.conv2d_padding(x[0], x[1], x[2], padding: Padding.Same),
        ["conv_transpose2d"] = (x, a) =>
            F.conv_transpose2d(x[0], x[1], x[2], a.Longs("stride"), a.Longs("padding"), a.Longs("output_padding")),
        ["max_pool2d"] = (x, a) =>
            F.max_pool2d(x[0], a.Long("kernel"), a.Long("stride"), a.Long("padding"), ceil_mode: a.Flag("ceil")),
        ["avg_pool2d"] = (x, a) => F.avg_pool2d(x[0], a.Long("kernel"), a.Long("stride"), a.Long("padding"), a.Flag("ceil")),
        ["batch_norm_training"] = (x, _) => F.batch_norm(x[0], null, null, At(x, 1), At(x, 2), true),
        ["batch_norm_inference"] = (x, _) => F.batch_norm(x[0], x[1], x[2], At(x, 3), At(x, 4)),

        ["mse_loss"] = (x, a) => nn.MSELoss(a.Reduction).forward(x[0], x[1]),
        ["l1_loss"] = (x, a) => nn.L1Loss(a.Reduction).forward(x[0], x[1]),
        ["bce"] = (x, a) => nn.BCELoss(reduction: a.Reduction).forward(x[0], x[1]),
        ["bce_weighted"] = (x, a) => nn.BCELoss(x[2], a.Reduction).forward(x[0], x[1]),
        ["bce_with_logits"] = (x, a) => nn.BCEWithLogitsLoss(reduction: a.Reduction).forward(x[0], x[1]),
        ["bce_with_logits_weighted"] = (x, a) => nn.BCEWithLogitsLoss(x[2], a.Reduction, x[3]).forward(x[0], x[1]),

        ["normal_log_prob"] = (x, _) => distributions.Normal(x[0], x[1]).log_prob(x[2]),
        ["normal_entropy"] = (x, _) => distributions.Normal(x[0], x[1]).entropy(),
        ["normal_variance"] = (x, _) => distributions.Normal(x[0], x[1]).variance,
        ["bernoulli_probs_log_prob"] = (x, _) => distributions.Bernoulli(probs: x[0]).log_prob(x[1]),
        ["bernoulli_probs_entropy"] = (x, _) => distributions.Bernoulli(probs: x[0]).entropy(),
        ["bernoulli_probs_variance"] = (x, _) => distributions.Bernoulli(probs: x[0]).variance,
        ["bernoulli_logits_log_prob"] = (x, _) => distributions.Bernoulli(logits: x[0]).log_prob(x[1]),
        ["bernoulli_logits_entropy"] = (x, _) => distributions.Bernoulli(logits: x[0]).entropy(),
        ["bernoulli_logits_variance"] = (x, _) => distributions.Bernoulli(logits: x[0]).variance,
    };

    private static Tensor? At(Tensor[] inputs, int index) => index < inputs.Length ? inputs[index] : null;

    internal readonly struct Arguments(JsonElement json)
    {
        public nn.Reduction Reduction => json.GetProperty("reduction").GetString() switch
        {
            "none" => nn.Reduction.None,
            "mean" => nn.Reduction.Mean,
            _ => nn.Reduction.Sum,
        };

        public double Number(string name) => json.GetProperty(name).GetDouble();

        public long Long(string name) => json.GetProperty(name).GetInt64();

        public bool Flag(string name) => json.GetProperty(name).GetBoolean();

        public long[] Longs(string name) => json.GetProperty(name).Deserialize<long[]>()!;
    }
}
