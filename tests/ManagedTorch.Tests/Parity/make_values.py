"""Writes the values that the parity tests compare with: one safetensors file a group, made by PyTorch (1.13 was used).

    /usr/bin/python3 make_values.py

A case is an operation, its arguments and inputs, the output, a fixed random weighting of it, and the gradients of the weighted sum.
"""
import json
import struct
from pathlib import Path

import torch
import torch.nn.functional as F

torch.set_num_threads(1)
FOLDER = Path(__file__).parent / "values"
KINDS = {torch.float32: "F32", torch.int64: "I64", torch.bool: "BOOL", torch.uint8: "U8", torch.float64: "F64"}


class Group:
    def __init__(self, name):
        self.name, self.cases, self.tensors = name, [], {}
        self.random = torch.Generator().manual_seed(sum(map(ord, name)))

    def normal(self, *shape):
        return torch.randn(shape, generator=self.random)

    def uniform(self, low, high, *shape):
        return torch.rand(shape, generator=self.random) * (high - low) + low

    def put(self, name, tensor):
        self.tensors[name] = tensor.detach().contiguous().clone()

    def case(self, op, run, *inputs, grads=None, name=None, **args):
        """Inputs of floating point get gradients, unless `grads` names (by position) those that do."""
        name = name or f"{op}/{sum(c['op'] == op for c in self.cases)}"
        wanted = [t.is_floating_point() if grads is None else i in grads for i, t in enumerate(inputs)]
        leaves = [t.detach().clone().requires_grad_(w) for t, w in zip(inputs, wanted)]
        output = run(*leaves)
        differentiable = output.is_floating_point() and output.requires_grad
        self.cases.append(dict(name=name, op=op, args=args, inputs=len(inputs), grads=[i for i, w in enumerate(wanted) if w and differentiable]))
        for i, tensor in enumerate(inputs):
            self.put(f"{name}/input{i}", tensor)
        self.put(f"{name}/output", output)
        if differentiable:
            weights = self.normal(*output.shape)
            (output * weights).sum().backward()
            self.put(f"{name}/weights", weights)
            for i, leaf in enumerate(leaves):
                if leaf.requires_grad:
                    self.put(f"{name}/grad{i}", leaf.grad if leaf.grad is not None else torch.zeros_like(leaf))

    def write(self, **metadata):
        header = {"__metadata__": {"cases": json.dumps(self.cases), **{k: json.dumps(v) for k, v in metadata.items()}}}
        blobs, offset = [], 0
        for name, tensor in self.tensors.items():
            blob = tensor.numpy().tobytes()
            header[name] = {"dtype": KINDS[tensor.dtype], "shape": list(tensor.shape), "data_offsets": [offset, offset + len(blob)]}
            blobs.append(blob)
            offset += len(blob)
        text = json.dumps(header).encode()
        text += b" " * (-len(text) % 8)
        FOLDER.mkdir(exist_ok=True)
        path = FOLDER / f"{self.name}.safetensors"
        path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(blobs))
        print(f"{path.name}: {len(self.cases)} cases, {path.stat().st_size} bytes")


def unary():
    g = Group("unary")
    anywhere = [g.normal(3, 5), g.normal(17), g.normal(2, 3, 2) * 4]
    positive = [t.abs() + 0.1 for t in anywhere]
    for op in "exp expm1 abs neg square sin cos erf sigmoid tanh relu silu floor ceil trunc round sign".split():
        for x in anywhere:
            g.case(op, getattr(F, op) if op == "silu" else getattr(torch, op), x)
    for op in "log log1p sqrt rsqrt reciprocal".split():
        for x in positive:
            g.case(op, getattr(torch, op), x)
    for x in anywhere:
        g.case("log_sigmoid", F.logsigmoid, x)
        g.case("gelu", F.gelu, x)
        g.case("gelu_tanh", lambda t: F.gelu(t, approximate="tanh"), x)
        for a in (0.01, 0.3):
            g.case("leaky_relu", lambda t: F.leaky_relu(t, a), x, a=a)
        for a in (1.0, 0.7):
            g.case("elu", lambda t: F.elu(t, a), x, a=a)
        for beta, threshold in ((1, 20), (2.5, 3)):
            g.case("softplus", lambda t: F.softplus(t, beta, threshold), x, beta=beta, threshold=threshold)
        g.case("clamp", lambda t: t.clamp(-0.5, 1), x, min=-0.5, max=1.0)
        g.case("clamp_min", lambda t: t.clamp_min(0.2), x, min=0.2)
        g.case("clamp_max", lambda t: t.clamp_max(0.2), x, max=0.2)
        for p in (2, 3, 0.5, -1):
            g.case("pow_scalar", lambda t: t.pow(p), x.abs() + 0.1, p=p)
        for s in (1.5, -2):
            g.case("add_scalar", lambda t: t + s, x, s=s)
            g.case("sub_scalar", lambda t: t - s, x, s=s)
            g.case("rsub_scalar", lambda t: s - t, x, s=s)
            g.case("mul_scalar", lambda t: t * s, x, s=s)
            g.case("div_scalar", lambda t: t / s, x, s=s)
            g.case("rdiv_scalar", lambda t: s / t, x, s=s)
            g.case("remainder_scalar", lambda t: torch.remainder(t, s), x, grads=[], s=s)
    for op in "isnan isinf isfinite".split():
        g.case(op, getattr(torch, op), torch.tensor([1.0, float("nan"), float("inf"), -float("inf")]))
    g.write()


SHAPES = [((3, 5), (3, 5)), ((3, 5), (5,)), ((3, 5), (3, 1)), ((2, 1, 4), (3, 1)), ((4,), ()), ((2, 3, 4), (1, 3, 1)), ((1,), (2, 2))]


def binary():
    g = Group("binary")
    for a, b in SHAPES:
        x, y = g.normal(*a), g.normal(*b)
        away = y.sign() * (y.abs() + 0.3)
        for op in "add sub mul maximum minimum".split():
            g.case(op, getattr(torch, op), x, y)
        g.case("div", torch.div, x, away)
        g.case("pow", torch.pow, x.abs() + 0.2, y)
        g.case("add_alpha", lambda s, t: torch.add(s, t, alpha=0.3), x, y, alpha=0.3)
        for op in "eq ne lt le gt ge".split():
            g.case(op, getattr(torch, op), (x * 2).round(), (y * 2).round())
        g.case("lerp", torch.lerp, x.expand(torch.broadcast_shapes(a, b)), y.expand(torch.broadcast_shapes(a, b)),
               g.uniform(0, 1, *torch.broadcast_shapes(a, b)))
        g.case("where", lambda s, t, u: torch.where(u > 0, s, t), x, y, g.normal(*torch.broadcast_shapes(a, b)), grads=[0, 1])
        g.case("addcmul", lambda s, t, u: torch.addcmul(s, t, u, value=0.5), x, y, g.normal(*b), value=0.5)
        g.case("addcdiv", lambda s, t, u: torch.addcdiv(s, t, u, value=0.5), x, y, g.normal(*b).abs() + 0.5, value=0.5)
    for op in "logical_and logical_or logical_xor".split():
        g.case(op, getattr(torch, op), g.normal(7) > 0, g.normal(7) > 0)
    g.case("logical_not", torch.logical_not, g.normal(7) > 0)
    integers = torch.randint(-9, 9, (3, 4), generator=g.random)
    for op in "add sub mul maximum minimum".split():
        g.case(op, getattr(torch, op), integers, torch.randint(1, 9, (4,), generator=g.random))
    g.write()


def reduce():
    g = Group("reduce")
    for x in (g.normal(3, 5), g.normal(2, 3, 4), g.normal(35)):
        dims = range(x.dim())
        for op in "sum mean max min prod std var norm".split():
            g.case(op, getattr(torch, op), x)
        for d in dims:
            for keep in (False, True) if x.dim() == 2 else (False,):
                for op in "sum mean prod".split():
                    g.case(op + "_dim", lambda t: getattr(torch, op)(t, d, keepdim=keep), x, dim=d, keepdim=keep)
                g.case("max_dim", lambda t: t.max(d, keepdim=keep)[0], x, dim=d, keepdim=keep)
                g.case("min_dim", lambda t: t.min(d, keepdim=keep)[0], x, dim=d, keepdim=keep)
                g.case("argmax", lambda t: t.argmax(d, keepdim=keep), x, grads=[], dim=d, keepdim=keep)
                g.case("argmin", lambda t: t.argmin(d, keepdim=keep), x, grads=[], dim=d, keepdim=keep)
                g.case("amax", lambda t: t.amax(d, keepdim=keep), x, dim=d, keepdim=keep)
                g.case("amin", lambda t: t.amin(d, keepdim=keep), x, dim=d, keepdim=keep)
                g.case("logsumexp", lambda t: t.logsumexp(d, keepdim=keep), x, dim=d, keepdim=keep)
                g.case("norm_dim", lambda t: t.norm(2, d, keepdim=keep), x, dim=d, keepdim=keep)
                g.case("var_dim", lambda t: t.var(d, unbiased=keep, keepdim=keep), x, dim=d, keepdim=keep)
                g.case("std_dim", lambda t: t.std(d, unbiased=keep, keepdim=keep), x, dim=d, keepdim=keep)
            g.case("softmax", lambda t: t.softmax(d), x, dim=d)
            g.case("log_softmax", lambda t: t.log_softmax(d), x, dim=d)
            g.case("cumsum", lambda t: t.cumsum(d), x, dim=d)
            g.case("all_dim", lambda t: (t > -1).all(d), x, grads=[], dim=d)
            g.case("any_dim", lambda t: (t > 1).any(d), x, grads=[], dim=d)
    x = g.normal(2, 3, 4)
    for ds in ([0, 1], [0, 2], [1, 2], [0, 1, 2], [-1]):
        g.case("sum_dims", lambda t: t.sum(ds), x, dims=ds)
        g.case("mean_dims", lambda t: t.mean(ds), x, dims=ds)
    g.case("sum", torch.sum, torch.randint(0, 9, (3, 4), generator=g.random))
    g.case("sum", torch.sum, g.normal(9) > 0)
    g.write()


def shape():
    g = Group("shape")
    x = g.normal(2, 3, 4)
    m = g.normal(4, 6)
    index = torch.tensor([2, 0, 2])
    for size in ([6, 4], [-1], [2, -1, 2], [1, 24, 1]):
        g.case("reshape", lambda t: t.reshape(size), x, size=size)
        g.case("view", lambda t: t.view(size), x, size=size)
        g.case("reshape_transposed", lambda t: t.transpose(0, 2).reshape(size), x, size=size)
    g.case("transpose", lambda t: t.transpose(0, 2), x, a=0, b=2)
    g.case("transpose", lambda t: t.transpose(-1, -2), x, a=-1, b=-2)
    g.case("t", lambda t: t.t(), m)
    for order in ([2, 0, 1], [1, 0, 2], [-1, -2, -3]):
        g.case("permute", lambda t: t.permute(order), x, dims=order)
    g.case("flatten", lambda t: t.flatten(1, -1), x, start=1, end=-1)
    g.case("flatten", lambda t: t.flatten(0, 1), x, start=0, end=1)
    g.case("unflatten", lambda t: t.unflatten(1, (2, 3)), m, dim=1, size=[2, 3])
    g.case("unsqueeze", lambda t: t.unsqueeze(1), x, dim=1)
    g.case("unsqueeze", lambda t: t.unsqueeze(-1), x, dim=-1)
    g.case("squeeze", lambda t: t.squeeze(0), g.normal(1, 3, 1), dim=0)
    g.case("squeeze_all", lambda t: t.squeeze(), g.normal(1, 3, 1))
    g.case("expand", lambda t: t.expand(2, 3, 4), g.normal(3, 1), size=[2, 3, 4])
    g.case("narrow", lambda t: t.narrow(2, 1, 2), x, dim=2, start=1, length=2)
    g.case("select", lambda t: t.select(1, 2), x, dim=1, index=2)
    g.case("slice", lambda t: t[:, 1:3], m, dim=1, start=1, finish=3, step=1)
    g.case("slice", lambda t: t[:, 0:6:2], m, dim=1, start=0, finish=6, step=2)
    for d in (0, 1):
        g.case("cat", lambda a, b, c: torch.cat([a, b, c], d), g.normal(3, 3), g.normal(3, 3), g.normal(3, 3), dim=d)
        g.case("stack", lambda a, b: torch.stack([a, b], d), g.normal(3, 2), g.normal(3, 2), dim=d)
        g.case("index_select", lambda t, i: t.index_select(d, i), m, index, dim=d)
        g.case("gather", lambda t, i: t.gather(d, i), m, torch.tensor([[1, 0, 2], [3, 3, 1]]), dim=d)
        g.case("flip", lambda t: t.flip(d), m, dim=d)
        g.case("chunk", lambda t: t.chunk(2, d)[1], m, dim=d, chunks=2)
        g.case("split", lambda t: t.split(2, d)[1], m, dim=d, size=2)
    g.case("repeat", lambda t: t.repeat(2, 1, 3), m, sizes=[2, 1, 3])
    g.case("masked_fill", lambda t, k: t.masked_fill(k > 0, 0.5), m, g.normal(4, 6), grads=[0], value=0.5)
    g.write()


def pick():
    """Elements chosen by tensors, put in order, or handed on as they are."""
    g = Group("pick")
    x, m = g.normal(2, 3, 4), g.normal(4, 6)
    index = torch.tensor([2, 0, 2])
    for op in "clone contiguous ravel".split():
        g.case(op, getattr(torch.Tensor, op), m)
    g.case("contiguous_transposed", lambda t: t.t().contiguous(), m)
    g.case("broadcast_to", lambda t: t.broadcast_to(2, 3, 4), g.normal(3, 1), size=[2, 3, 4])
    g.case("expand_as", lambda t, u: t.expand_as(u), g.normal(3, 1), x, grads=[0])
    g.case("index", lambda t, i: t[i], m, index)
    g.case("index_pairs", lambda t, i, j: t[i, j], m, index, torch.tensor([5, 1, 5]))
    g.case("masked_select", lambda t, k: t.masked_select(k > 0), m, g.normal(4, 6), grads=[0])
    g.case("take_where", lambda t, k: t[k > 0], m, g.normal(4, 6), grads=[0])
    places = torch.tensor([[1, 0, 2], [3, 2, 1]])
    for d in (0, 1):
        g.case("scatter", lambda t, i, u: t.scatter(d, i, u), m, places, g.normal(2, 3), dim=d)
        g.case("scatter_add", lambda t, i, u: t.scatter_add(d, i, u), m, torch.zeros_like(places), g.normal(2, 3), dim=d)
        g.case("sort", lambda t: t.sort(d)[0], m, dim=d)
        g.case("argsort", lambda t: t.argsort(d), m, grads=[], dim=d)
        g.case("topk", lambda t: t.topk(2, d)[0], m, dim=d)
        g.case("unbind", lambda t: t.unbind(d)[1], m, dim=d)
        g.case("repeat_interleave", lambda t: t.repeat_interleave(3, d), m, dim=d)
    g.case("nonzero", torch.nonzero, torch.tensor([[0.0, 2.0], [3.0, 0.0]]), grads=[])
    integers = torch.randint(-9, 9, (3, 4), generator=g.random)
    divisors = torch.randint(1, 9, (4,), generator=g.random)
    g.case("floor_divide", torch.floor_divide, integers, divisors)
    g.case("floor_divide", torch.floor_divide, g.normal(3, 4) * 5, g.normal(4), grads=[])
    for op in "bitwise_and bitwise_or bitwise_xor".split():
        g.case(op, getattr(torch, op), g.normal(7) > 0, g.normal(7) > 0)
    g.case("isclose", lambda a, b: torch.isclose(a, b), torch.tensor([1.0, 2.0, float("inf")]), torch.tensor([1.000001, 2.1, float("inf")]))
    g.write()


def matmul():
    g = Group("matmul")
    for a, b in (((3, 4), (4, 5)), ((1, 7), (7, 1)), ((20, 33), (33, 17)), ((2, 3, 4), (4, 5)), ((2, 3, 4), (2, 4, 5)), ((4,), (4,)),
                 ((3, 4), (4,)), ((4,), (4, 3)), ((2, 1, 3, 4), (5, 4, 2))):
        g.case("matmul", torch.matmul, g.normal(*a), g.normal(*b))
    g.case("mm", torch.mm, g.normal(5, 6), g.normal(6, 2))
    g.case("mm_transposed", lambda a, b: torch.mm(a.t(), b.t()), g.normal(6, 5), g.normal(2, 6))
    g.case("dot", torch.dot, g.normal(33), g.normal(33))
    g.case("mv", torch.mv, g.normal(5, 7), g.normal(7))
    g.case("outer", torch.outer, g.normal(5), g.normal(7))
    g.case("bmm", torch.bmm, g.normal(3, 2, 4), g.normal(3, 4, 5))
    g.case("addmm", torch.addmm, g.normal(5), g.normal(3, 4), g.normal(4, 5))
    for x in ((7, 5), (2, 3, 5), (5,), (64, 5)):
        g.case("linear", F.linear, g.normal(*x), g.normal(4, 5), g.normal(4))
        g.case("linear", F.linear, g.normal(*x), g.normal(4, 5))
    g.write()


CONVOLUTIONS = [  # batch, in, height, width, out, kernel, stride, padding
    (1, 1, 5, 5, 1, (3, 3), (1, 1), (0, 0)), (2, 3, 7, 6, 4, (3, 3), (2, 2), (1, 1)), (2, 2, 8, 8, 3, (4, 4), (2, 2), (1, 1)),
    (3, 1, 9, 4, 2, (5, 3), (3, 1), (2, 0)), (1, 4, 4, 4, 5, (1, 1), (1, 1), (0, 0)), (2, 2, 6, 7, 2, (2, 3), (1, 3), (1, 2)),
    (1, 2, 5, 5, 2, (3, 3), (1, 1), (4, 4)), (2, 5, 3, 3, 9, (3, 3), (1, 1), (1, 1))]


def convolution():
    g = Group("convolution")
    for n, c, h, w, o, k, s, p in CONVOLUTIONS:
        args = dict(stride=list(s), padding=list(p))
        g.case("conv2d", lambda x, v, b: F.conv2d(x, v, b, s, p), g.normal(n, c, h, w), g.normal(o, c, *k), g.normal(o), **args)
    g.case("conv2d", lambda x, v: F.conv2d(x, v, padding=1), g.normal(2, 5, 5), g.normal(3, 2, 3, 3), stride=[1, 1], padding=[1, 1])
    g.case("conv2d_groups", lambda x, v, b: F.conv2d(x, v, b, groups=2), g.normal(2, 4, 5, 5), g.normal(6, 2, 3, 3), g.normal(6), groups=2)
    for k in ((3, 3), (2, 4), (5, 2)):
        g.case("conv2d_same", lambda x, v, b: F.conv2d(x, v, b, padding="same"), g.normal(2, 2, 6, 5), g.normal(3, 2, *k), g.normal(3))
    for n, c, h, w, o, k, s, p in CONVOLUTIONS:
        if (h - 1) * s[0] - 2 * p[0] + k[0] < 1 or (w - 1) * s[1] - 2 * p[1] + k[1] < 1:
            continue
        for q in {(0, 0), (s[0] - 1, s[1] - 1)}:
            g.case("conv_transpose2d", lambda x, v, b: F.conv_transpose2d(x, v, b, s, p, q), g.normal(n, c, h, w), g.normal(c, o, *k),
                   g.normal(o), stride=list(s), padding=list(p), output_padding=list(q))
    g.write()


def pooling():
    g = Group("pooling")
    for shape, k, s, p, ceil in (((2, 3, 6, 6), 2, 2, 0, False), ((1, 2, 7, 5), 3, 2, 1, False), ((2, 1, 7, 7), 2, 2, 0, True),
                                 ((1, 1, 5, 8), 3, 1, 0, False), ((2, 7, 6), 3, 2, 1, True), ((1, 1, 4, 4), 4, 4, 0, False)):
        args = dict(kernel=k, stride=s, padding=p, ceil=ceil)
        g.case("max_pool2d", lambda t: F.max_pool2d(t, k, s, p, ceil_mode=ceil), g.normal(*shape), **args)
        g.case("avg_pool2d", lambda t: F.avg_pool2d(t, k, s, p, ceil_mode=ceil), g.normal(*shape), **args)
    g.write()


def norm():
    g = Group("norm")
    for shape in ((8, 3), (4, 2, 5), (3, 4, 5, 6)):
        c = shape[1]
        for weighted in (True, False):
            inputs = [g.normal(*shape) * 2 + 1] + ([g.normal(c), g.normal(c)] if weighted else [])
            g.case("batch_norm_training", lambda x, w=None, b=None: F.batch_norm(x, None, None, w, b, True), *inputs)
            mean, var = g.normal(c), g.uniform(0.5, 2, c)
            g.case("batch_norm_inference", lambda x, m, v, w=None, b=None: F.batch_norm(x, m, v, w, b, False),
                   inputs[0], mean, var, *inputs[1:], grads=[0, 3, 4] if weighted else [0])
    for layer, shape in ((torch.nn.BatchNorm1d(3), (8, 3)), (torch.nn.BatchNorm2d(2), (4, 2, 3, 3))):
        name = type(layer).__name__
        for step in range(3):
            x = g.normal(*shape) + step
            g.put(f"{name}/step{step}/input", x)
            g.put(f"{name}/step{step}/output", layer(x))
            g.put(f"{name}/step{step}/running_mean", layer.running_mean)
            g.put(f"{name}/step{step}/running_var", layer.running_var)
        layer.eval()
        g.put(f"{name}/eval", layer(x))
    g.write()


def loss():
    g = Group("loss")
    for shape in ((4, 5), (33,), (2, 3, 4)):
        x, t = g.normal(*shape) * 3, g.uniform(0, 1, *shape)
        for reduction in ("none", "mean", "sum"):
            for both in ([0], [0, 1]):
                g.case("mse_loss", lambda a, b: F.mse_loss(a, b, reduction=reduction), x, t, grads=both, reduction=reduction)
                g.case("l1_loss", lambda a, b: F.l1_loss(a, b, reduction=reduction), x, t, grads=both, reduction=reduction)
                g.case("bce_with_logits", lambda a, b: F.binary_cross_entropy_with_logits(a, b, reduction=reduction), x, t, grads=both,
                       reduction=reduction)
                g.case("bce", lambda a, b: F.binary_cross_entropy(a, b, reduction=reduction), g.uniform(0.01, 0.99, *shape), t, grads=both,
                       reduction=reduction)
            weight = g.uniform(0.5, 2, shape[-1])
            g.case("bce_with_logits_weighted",
                   lambda a, b, w, p: F.binary_cross_entropy_with_logits(a, b, w, pos_weight=p, reduction=reduction),
                   x, t, weight, g.uniform(0.5, 2, shape[-1]), grads=[0], reduction=reduction)
            g.case("bce_weighted", lambda a, b, w: F.binary_cross_entropy(a, b, w, reduction=reduction), g.uniform(0.01, 0.99, *shape), t,
                   weight, grads=[0], reduction=reduction)
    g.case("bce", lambda a, b: F.binary_cross_entropy(a, b, reduction="none"), torch.tensor([0.0, 1.0, 0.0, 1.0]),
           torch.tensor([0.0, 1.0, 1.0, 0.0]), grads=[], reduction="none")
    g.case("bce_with_logits", lambda a, b: F.binary_cross_entropy_with_logits(a, b, reduction="none"),
           torch.tensor([-200.0, 200.0, 88.0, -1e4]), torch.tensor([0.0, 1.0, 0.0, 1.0]), grads=[0], reduction="none")
    g.write()


def distribution():
    g = Group("distribution")
    for loc, scale in (((3, 4), (3, 4)), ((3, 4), (4,))):
        l, s, v = g.normal(*loc), g.uniform(0.3, 2, *scale), g.normal(*loc)
        g.case("normal_log_prob", lambda a, b, c: torch.distributions.Normal(a, b).log_prob(c), l, s, v)
        g.case("normal_entropy", lambda a, b: torch.distributions.Normal(a, b).entropy(), l, s)
        g.case("normal_variance", lambda a, b: torch.distributions.Normal(a, b).variance, l, s)
    p, v = g.uniform(0.05, 0.95, 3, 4), (g.normal(3, 4) > 0).float()
    for kind in ("probs", "logits"):
        x = p if kind == "probs" else g.normal(3, 4) * 2
        g.case(f"bernoulli_{kind}_log_prob", lambda a, b: torch.distributions.Bernoulli(**{kind: a}).log_prob(b), x, v, grads=[0])
        g.case(f"bernoulli_{kind}_entropy", lambda a: torch.distributions.Bernoulli(**{kind: a}).entropy(), x)
        g.case(f"bernoulli_{kind}_variance", lambda a: torch.distributions.Bernoulli(**{kind: a}).variance, x)
    g.write()


def random():
    g = Group("random")
    for seed in (0, 1, 42):
        def draw(name, make):
            torch.manual_seed(seed)
            g.put(f"{seed}/{name}", make())

        draw("rand", lambda: torch.rand(1300))
        draw("uniform", lambda: torch.empty(33).uniform_(-0.3, 0.7))
        for n in (1, 3, 15, 16, 17, 40, 1300):
            draw(f"randn{n}", lambda: torch.randn(n))
        draw("normal", lambda: torch.empty(4, 9).normal_(2, 0.5))
        draw("randperm", lambda: torch.randperm(100))
        draw("randint", lambda: torch.randint(-5, 1000, (50,)))
        draw("randint_wide", lambda: torch.randint(0, 1 << 40, (20,)))
        draw("bernoulli_tensor", lambda: torch.bernoulli(torch.linspace(0, 1, 50)))
        draw("bernoulli_scalar", lambda: torch.empty(50).bernoulli_(0.3))
        draw("dropout", lambda: F.dropout(torch.ones(50), 0.4))
        draw("mixed", lambda: torch.cat([torch.randn(3), torch.rand(2), torch.randn(4), torch.randn(16), torch.randn(2)]))
        torch.manual_seed(seed)
        torch.rand(5), torch.randn(3)
        g.put(f"{seed}/state", torch.get_rng_state())
        g.put(f"{seed}/after_state", torch.cat([torch.randn(5), torch.rand(700), torch.randn(20)]))
        torch.manual_seed(seed)
        layers = dict(linear=torch.nn.Linear(5, 7), conv=torch.nn.Conv2d(3, 4, 3), transposed=torch.nn.ConvTranspose2d(3, 4, (2, 3)))
        for name, layer in layers.items():
            g.put(f"{seed}/{name}/weight", layer.weight)
            g.put(f"{seed}/{name}/bias", layer.bias)
        torch.manual_seed(seed)
        for name, fill in (("kaiming_uniform_", lambda t: torch.nn.init.kaiming_uniform_(t, mode="fan_out", nonlinearity="relu")),
                           ("kaiming_normal_", torch.nn.init.kaiming_normal_), ("xavier_uniform_", torch.nn.init.xavier_uniform_),
                           ("normal_", lambda t: torch.nn.init.normal_(t, 1, 2)), ("uniform_", lambda t: torch.nn.init.uniform_(t, -2, 3))):
            g.put(f"{seed}/init/{name}", fill(torch.empty(6, 4, 3, 3)))
    g.write()


OPTIMIZERS = {
    "sgd": (torch.optim.SGD, dict(lr=0.1)),
    "sgd_momentum": (torch.optim.SGD, dict(lr=0.05, momentum=0.9, weight_decay=0.01)),
    "sgd_dampening": (torch.optim.SGD, dict(lr=0.05, momentum=0.8, dampening=0.3)),
    "sgd_nesterov": (torch.optim.SGD, dict(lr=0.05, momentum=0.9, nesterov=True)),
    "sgd_maximize": (torch.optim.SGD, dict(lr=0.01, maximize=True)),
    "adam": (torch.optim.Adam, dict(lr=0.05)),
    "adam_decay": (torch.optim.Adam, dict(lr=0.05, betas=(0.8, 0.95), eps=1e-6, weight_decay=0.1)),
    "adam_amsgrad": (torch.optim.Adam, dict(lr=0.05, amsgrad=True)),
    "adam_maximize": (torch.optim.Adam, dict(lr=0.01, maximize=True)),
    "adamw": (torch.optim.AdamW, dict(lr=0.05, weight_decay=0.1)),
    "adamw_amsgrad": (torch.optim.AdamW, dict(lr=0.05, weight_decay=0.01, amsgrad=True)),
    "rmsprop": (torch.optim.RMSprop, dict(lr=0.02)),
    "rmsprop_momentum": (torch.optim.RMSprop, dict(lr=0.02, alpha=0.9, momentum=0.7, weight_decay=0.05)),
    "rmsprop_centered": (torch.optim.RMSprop, dict(lr=0.02, centered=True)),
}


def optimizer():
    g = Group("optimizer")
    start, target = g.normal(5, 7), g.normal(5, 7)
    g.put("start", start)
    g.put("target", target)
    steps = {}
    for name, (kind, options) in OPTIMIZERS.items():
        parameter = start.clone().requires_grad_()
        optimizer = kind([parameter], **options)
        for step in range(1, 13):
            optimizer.zero_grad()
            ((parameter - target) ** 4).mean().backward()
            optimizer.step()
            if step in (1, 2, 5, 12):
                g.put(f"{name}/{step}", parameter)
        steps[name] = options
    schedules = {}
    for name, make in {
        "step": lambda o: torch.optim.lr_scheduler.StepLR(o, 3, 0.5),
        "multistep": lambda o: torch.optim.lr_scheduler.MultiStepLR(o, [2, 5, 9], 0.3),
        "exponential": lambda o: torch.optim.lr_scheduler.ExponentialLR(o, 0.9),
        "cosine": lambda o: torch.optim.lr_scheduler.CosineAnnealingLR(o, 6, 0.01),
        "lambda": lambda o: torch.optim.lr_scheduler.LambdaLR(o, lambda e: 1 / (1 + e)),
        "linear": lambda o: torch.optim.lr_scheduler.LinearLR(o, 0.25, 1.0, 4),
        "plateau": lambda o: torch.optim.lr_scheduler.ReduceLROnPlateau(o, factor=0.5, patience=1, cooldown=1),
    }.items():
        optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.4)
        scheduler = make(optimizer)
        rates = [optimizer.param_groups[0]["lr"]]
        for metric in (5, 4, 4, 4, 4, 3, 3.5, 3.5, 3.5, 3.5, 3.5, 3.5):
            optimizer.step()
            scheduler.step(*([metric] if name == "plateau" else []))
            rates.append(optimizer.param_groups[0]["lr"])
        schedules[name] = rates
    for norm in (2.0, 1.0, float("inf")):
        parts = [g.normal(3, 4) * 2, g.normal(5)]
        parameters = [torch.zeros_like(p).requires_grad_() for p in parts]
        for i, (p, q) in enumerate(zip(parameters, parts)):
            g.put(f"clip/{norm}/{i}/before", q)
            p.grad = q.clone()
        total = torch.nn.utils.clip_grad_norm_(parameters, 1.5, norm)
        g.put(f"clip/{norm}/norm", total)
        for i, p in enumerate(parameters):
            g.put(f"clip/{norm}/{i}/after", p.grad)
    g.write(schedules=schedules)


def training():
    """Twenty steps of a small VAE on vectors and of a small convolutional autoencoder with batch norm on images, from given weights."""
    g = Group("training")

    def keep(name, module):
        for key, value in module.state_dict().items():
            g.put(f"{name}/{key}", value)

    nn = torch.nn
    torch.manual_seed(3)
    trunk, mean, log_variance = nn.Sequential(nn.Linear(12, 16), nn.ReLU()), nn.Linear(16, 3), nn.Linear(16, 3)
    decoder = nn.Sequential(nn.Linear(3, 16), nn.Tanh(), nn.Linear(16, 12))
    vae = nn.ModuleDict(dict(trunk=trunk, mean=mean, log_variance=log_variance, decoder=decoder))
    keep("vae", vae)
    data, noise = g.uniform(0, 1, 20, 8, 12), g.normal(20, 8, 3)
    g.put("vae/data", data)
    g.put("vae/noise", noise)
    optimizer, losses = torch.optim.Adam(vae.parameters(), lr=0.01), []
    for x, e in zip(data, noise):
        h = trunk(x)
        m, v = mean(h), log_variance(h)
        y = decoder(m + e * (0.5 * v).exp())
        loss = (F.binary_cross_entropy_with_logits(y, x, reduction="sum") - 0.5 * (1 + v - m ** 2 - v.exp()).sum()) / len(x)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    g.put("vae/losses", torch.tensor(losses))

    encoder = nn.Sequential(nn.Conv2d(1, 4, 3, stride=2, padding=1), nn.BatchNorm2d(4), nn.LeakyReLU(0.1), nn.Conv2d(4, 6, 3), nn.SiLU(),
                            nn.MaxPool2d(2), nn.Flatten(), nn.Linear(6, 5))
    decoder = nn.Sequential(nn.Linear(5, 24), nn.ELU(), nn.Unflatten(1, (6, 2, 2)), nn.ConvTranspose2d(6, 4, 3, stride=2), nn.GELU(),
                            nn.ConvTranspose2d(4, 1, 2, stride=2, padding=1), nn.Sigmoid())
    auto = nn.ModuleDict(dict(encoder=encoder, decoder=decoder))
    keep("conv", auto)
    data = g.uniform(0, 1, 20, 4, 1, 8, 8)
    g.put("conv/data", data)
    optimizer, losses = torch.optim.SGD(auto.parameters(), lr=0.1, momentum=0.9), []
    for x in data:
        loss = F.mse_loss(decoder(encoder(x)), x)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(auto.parameters(), 0.5)
        optimizer.step()
        losses.append(loss.item())
    g.put("conv/losses", torch.tensor(losses))
    g.put("conv/running_mean", encoder[1].running_mean)
    g.write(names=list(auto.state_dict()), modules=[type(m).__name__ for m in auto.modules()])


for make in (unary, binary, reduce, shape, pick, matmul, convolution, pooling, norm, loss, distribution, random, optimizer, training):
    make()
