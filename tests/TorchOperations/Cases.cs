using static TorchSharp.torch;

namespace Latent.TorchOperations;

/// <summary>What each operation is asked: odd sizes, broadcast and empty shapes, special values.</summary>
internal static class Cases
{
    private static readonly nn.Reduction[] s_reductions = [nn.Reduction.None, nn.Reduction.Mean, nn.Reduction.Sum];

    // Once at an even place and once in a tail, for kernels that take eight or sixteen at a time.
    private static readonly Input s_special = Draw.Of([.. Specials(), .. Specials().Reverse(), 0.25f]);

    public static IReadOnlyList<Case> All { get; } =
    [
        .. Unary(), .. Binary(), .. Reduce(), .. Shape(), .. Pick(), .. Matmul(), .. Convolution(), .. Pooling(), .. Norm(), .. Loss()
    ];

    private static IEnumerable<float> Specials() =>
    [
        0, -0f, 1, -1, 0.5f, -0.5f, 1.5f, -1.5f, 2.5f, -2.5f, 3, -3, 20, -20, 20.5f, 88.5f, -88.5f, 89, -104, 1e-8f, -1e-8f,
        1e-30f, -1e-30f,
        1e10f, -1e10f, 16_777_217, float.MaxValue, float.MinValue, float.PositiveInfinity, float.NegativeInfinity, float.NaN,
    ];

    private static Case Make(string op, Input[] inputs, int[]? gradients = null, params (string, object)[] arguments) =>
        new(op, inputs, gradients ?? [.. Enumerable.Range(0, inputs.Length).Where(i => inputs[i].IsFloating)], new(arguments));

    private static IEnumerable<Case> Unary()
    {
        var g = new Draw(1);
        Input[] anywhere =
        [
            g.Normal(3, 5), g.Normal(17), Draw.Map(g.Normal(2, 3, 2), v => v * 4), g.Normal(1003), g.Normal(), g.Normal(0, 3),
            g.Normal(70_003),
        ];
        var positive = anywhere.Select(t => Draw.Map(t, v => Math.Abs(v) + 0.1f)).ToArray();
        string[] plain =
        [
            "exp", "expm1", "abs", "neg", "square", "sin", "cos", "erf", "sigmoid", "tanh", "relu", "silu", "floor", "ceil",
            "trunc", "round",
            "sign", "log_sigmoid", "gelu", "gelu_tanh", "exp_in_place", "clamp_in_place", "clone", "to_bool",
        ];
        foreach (var op in plain)
            foreach (var x in anywhere) yield return Make(op, [x]);
        string[] ofPositive = ["log", "log1p", "sqrt", "rsqrt", "reciprocal"];
        string[] tests = ["isnan", "isinf", "isfinite", "isposinf", "isneginf"];
        foreach (var op in ofPositive)
            foreach (var x in positive) yield return Make(op, [x]);
        // Of large numbers, sines and cosines have no digits left, and libtorch's GELU overflows half way.
        foreach (var op in plain.Except(["sin", "cos", "gelu", "gelu_tanh"]).Concat(ofPositive).Concat(tests))
            yield return Make(op, [s_special]);
        foreach (var op in (string[])["gelu", "gelu_tanh"]) yield return Make(op, [Draw.Map(s_special, v => Math.Abs(v) > 1e38f ? 1 : v)]);
        foreach (var x in anywhere[..4].Append(s_special))
        {
            foreach (var a in (double[])[0.01, 0.3]) yield return Make("leaky_relu", [x], null, ("a", a));
            // libtorch's gradient of ELU at NaN is another one in vectors than in their tails.
            foreach (var a in (double[])[1, 0.7]) yield return Make("elu", [Draw.Map(x, v => float.IsNaN(v) ? 1 : v)], null, ("a", a));
            foreach (var (beta, threshold) in ((double, double)[])[(1, 20), (2.5, 3)])
                yield return Make("softplus", [x], null, ("beta", beta), ("threshold", threshold));
            yield return Make("clamp", [x], null, ("min", -0.5), ("max", 1));
            yield return Make("clamp_min", [x], null, ("min", 0.2));
            yield return Make("clamp_max", [x], null, ("max", 0.2));
            foreach (var s in (double[])[1.5, -2])
                foreach (var op in (string[])["add_scalar", "sub_scalar", "rsub_scalar", "mul_scalar", "div_scalar", "rdiv_scalar"])
                    yield return Make(op, [x], null, ("s", s));
        }
        foreach (var x in anywhere[..4])
        {
            foreach (var p in (double[])[2, 3, 0.5, -1, 0, 1.7])
                yield return Make("pow_scalar", [Draw.Map(x, v => Math.Abs(v) + 0.1f)], null, ("p", p));
            foreach (var s in (double[])[1.5, -2]) yield return Make("remainder_scalar", [x], [], ("s", s));
            yield return Make("nan_free_to_int", [Draw.Map(x, v => v * 10)]);
        }
        foreach (var p in (double[])[2, 3, 0.5, -1, 0]) yield return Make("pow_scalar", [s_special], null, ("p", p));
    }

    private static IEnumerable<Case> Binary()
    {
        var g = new Draw(2);
        (long[], long[], long[])[] shapes =
        [
            ([3, 5], [3, 5], [3, 5]), ([3, 5], [5], [3, 5]), ([3, 5], [3, 1], [3, 5]), ([2, 1, 4], [3, 1], [2, 3, 4]), ([4], [], [4]),
            ([2, 3, 4], [1, 3, 1], [2, 3, 4]), ([1], [2, 2], [2, 2]), ([1003], [1003], [1003]), ([7, 33], [33], [7, 33]), ([0, 3],
            [3], [0, 3]),
            ([70_003], [70_003], [70_003]), ([300, 301], [300, 1], [300, 301]),
        ];
        string[] arithmetic = ["add", "sub", "mul", "maximum", "minimum"], comparisons = ["eq", "ne", "lt", "le", "gt", "ge"];
        foreach (var (a, b, both) in shapes)
        {
            var (x, y) = (g.Normal(a), g.Normal(b));
            foreach (var op in arithmetic) yield return Make(op, [x, y]);
            foreach (var op in comparisons)
                yield return Make(op, [Draw.Map(x, v => MathF.Round(v * 2)), Draw.Map(y, v => MathF.Round(v * 2))], []);
            if (b.Length <= a.Length) yield return Make("add_in_place", [x.Shape.SequenceEqual(both) ? x : g.Normal(both), y]);
            if (b.Length <= a.Length) yield return Make("mul_in_place", [x.Shape.SequenceEqual(both) ? x : g.Normal(both), y]);
            yield return Make("div", [x, Draw.Map(y, v => Math.Sign(v) * (Math.Abs(v) + 0.3f))]);
            yield return Make("pow", [Draw.Map(x, v => Math.Abs(v) + 0.2f), y]);
            yield return Make("add_alpha", [x, y], null, ("alpha", 0.3));
            yield return Make("lerp", [g.Normal(both), g.Normal(both), g.Uniform(0, 1, both)]);
            yield return Make("where", [x, y, g.Normal(both)], [0, 1]);
            yield return Make("addcmul", [x, y, g.Normal(b)], null, ("value", 0.5));
            yield return Make("addcdiv", [x, y, Draw.Map(g.Normal(b), v => Math.Abs(v) + 0.5f)], null, ("value", 0.5));
            yield return Make("floor_divide", [Draw.Map(x, v => v * 5), y], []);
        }
        var special = ((float[])s_special.Values)[..31];
        var left = Draw.Of([.. special.SelectMany(_ => special)]);
        var right = Draw.Of([.. special.SelectMany(v => Enumerable.Repeat(v, 31))]);
        foreach (var op in arithmetic.Append("div")) yield return Make(op, [left, right]);
        foreach (var op in comparisons) yield return Make(op, [left, right], []);
        foreach (var op in (string[])["logical_and", "logical_or", "logical_xor", "bitwise_and", "bitwise_or", "bitwise_xor"])
            yield return Make(op, [g.Flags(7, 5), g.Flags(7, 5)]);
        yield return Make("logical_not", [g.Flags(7, 5)]);
        yield return Make("bitwise_not", [g.Flags(7, 5)]);
        foreach (var op in arithmetic.Append("floor_divide").Concat(comparisons))
            yield return Make(op, [g.Integers(-9, 9, 3, 4), g.Integers(1, 9, 4)]);
        foreach (var op in arithmetic.Except(["maximum", "minimum"])) yield return Make(op, [g.Normal(3, 4), g.Integers(1, 9, 4)]);
        yield return Make("isclose", [Draw.Of(1, 2, float.PositiveInfinity), Draw.Of(1.000001f, 2.1f, float.PositiveInfinity)], []);
    }

    private static IEnumerable<Case> Reduce()
    {
        var g = new Draw(3);
        string[] overOne = ["sum_dim", "mean_dim", "max_dim", "min_dim", "amax", "amin", "logsumexp", "norm_dim", "var_dim", "std_dim"];
        foreach (var x in (Input[])[g.Normal(3, 5), g.Normal(2, 3, 4), g.Normal(35), g.Normal(67, 131), g.Normal(300, 301)])
        {
            foreach (var op in (string[])["sum", "mean", "max", "min", "std", "var", "norm"]) yield return Make(op, [x]);
            if (x.Values.Length < 100) yield return Make("prod", [x]);
            for (var d = 0L; d < x.Shape.Length; d++)
            {
                foreach (var keep in x.Shape.Length == 2 ? (bool[])[false, true] : [false])
                    foreach (var op in overOne)
                        yield return Make(op, [x], null, ("dim", d), ("keepdim", keep));
                if (x.Values.Length < 100) yield return Make("prod_dim", [x], null, ("dim", d), ("keepdim", false));
                foreach (var op in (string[])["argmax", "argmin"]) yield return Make(op, [x], [], ("dim", d), ("keepdim", false));
                foreach (var op in (string[])["softmax", "log_softmax", "cumsum"]) yield return Make(op, [x], null, ("dim", d));
                foreach (var op in (string[])["all_dim", "any_dim"]) yield return Make(op, [x], [], ("dim", d));
            }
        }
        var cube = g.Normal(2, 3, 4);
        foreach (var dims in (long[][])[[0, 1], [0, 2], [1, 2], [0, 1, 2], [-1]])
            foreach (var op in (string[])["sum_dims", "mean_dims"]) yield return Make(op, [cube], null, ("dims", dims));
        // Ties, of which the first is the largest, and what is not a number, which is larger still.
        foreach (var x in (Input[])[Draw.Of(1, 3, 3, 2), Draw.Of(1, float.NaN, 3, 2), Draw.Of(float.NegativeInfinity, 0, 1, -1)])
        {
            foreach (var op in (string[])["sum", "max", "min", "norm"]) yield return Make(op, [x]);
            foreach (var op in (string[])["max_dim", "min_dim", "amax", "amin", "logsumexp"])
                yield return Make(op, [x], null, ("dim", 0L), ("keepdim", false));
            foreach (var op in (string[])["argmax", "argmin"]) yield return Make(op, [x], [], ("dim", 0L), ("keepdim", false));
            foreach (var op in (string[])["softmax", "log_softmax", "cumsum"]) yield return Make(op, [x], null, ("dim", 0L));
        }
        yield return Make("sum", [g.Integers(0, 9, 3, 4)]);
        yield return Make("sum", [g.Flags(9)]);
        yield return Make("sum", [g.Normal(0, 3)]);
        yield return Make("norm", [g.Normal()]);
        yield return Make("norm", [Draw.Of(0, 0, 0)]);
    }

    private static IEnumerable<Case> Shape()
    {
        var g = new Draw(4);
        var (x, m) = (g.Normal(2, 3, 4), g.Normal(4, 6));
        foreach (var size in (long[][])[[6, 4], [-1], [2, -1, 2], [1, 24, 1]])
            foreach (var op in (string[])["reshape", "view", "reshape_transposed"]) yield return Make(op, [x], null, ("size", size));
        yield return Make("transpose", [x], null, ("a", 0L), ("b", 2L));
        yield return Make("transpose", [x], null, ("a", -1L), ("b", -2L));
        yield return Make("t", [m]);
        foreach (var order in (long[][])[[2, 0, 1], [1, 0, 2], [-1, -2, -3]]) yield return Make("permute", [x], null, ("dims", order));
        yield return Make("flatten", [x], null, ("start", 1L), ("end", -1L));
        yield return Make("flatten", [x], null, ("start", 0L), ("end", 1L));
        yield return Make("unflatten", [m], null, ("dim", 1L), ("size", new long[] { 2, 3 }));
        yield return Make("unsqueeze", [x], null, ("dim", 1L));
        yield return Make("unsqueeze", [x], null, ("dim", -1L));
        yield return Make("squeeze", [g.Normal(1, 3, 1)], null, ("dim", 0L));
        yield return Make("squeeze_all", [g.Normal(1, 3, 1)]);
        yield return Make("expand", [g.Normal(3, 1)], null, ("size", new long[] { 2, 3, 4 }));
        yield return Make("narrow", [x], null, ("dim", 2L), ("start", 1L), ("length", 2L));
        yield return Make("select", [x], null, ("dim", 1L), ("index", 2L));
        yield return Make("slice", [m], null, ("dim", 1L), ("start", 1L), ("finish", 3L), ("step", 1L));
        yield return Make("slice", [m], null, ("dim", 1L), ("start", 0L), ("finish", 6L), ("step", 2L));
        for (var d = 0L; d < 2; d++)
        {
            yield return Make("cat", [g.Normal(3, 3), g.Normal(3, 3), g.Normal(3, 3)], null, ("dim", d));
            yield return Make("stack", [g.Normal(3, 2), g.Normal(3, 2)], null, ("dim", d));
            yield return Make("flip", [m], null, ("dim", d));
            yield return Make("chunk", [m], null, ("dim", d), ("chunks", 2L));
            yield return Make("split", [m], null, ("dim", d), ("size", 2L));
        }
        yield return Make("repeat", [m], null, ("sizes", new long[] { 2, 1, 3 }));
        yield return Make("masked_fill", [m, g.Normal(4, 6)], [0], ("value", 0.5));
        yield return Make("masked_fill_in_place", [m, g.Normal(4, 6)], [0]);
    }

    private static IEnumerable<Case> Pick()
    {
        var g = new Draw(5);
        var (x, m) = (g.Normal(2, 3, 4), g.Normal(4, 6));
        var index = Draw.Indices(2, 0, 2);
        foreach (var op in (string[])["contiguous", "ravel", "contiguous_transposed"]) yield return Make(op, [m]);
        yield return Make("broadcast_to", [g.Normal(3, 1)], null, ("size", new long[] { 2, 3, 4 }));
        yield return Make("expand_as", [g.Normal(3, 1), x], [0]);
        yield return Make("index", [m, index]);
        yield return Make("index_pairs", [m, index, Draw.Indices(5, 1, 5)]);
        yield return Make("masked_select", [m, g.Normal(4, 6)], [0]);
        yield return Make("take_where", [m, g.Normal(4, 6)], [0]);
        Input places = new([2, 3], new long[] { 1, 0, 2, 3, 2, 1 }), same = new([2, 3], new long[6]);
        for (var d = 0L; d < 2; d++)
        {
            yield return Make("index_select", [m, index], null, ("dim", d));
            yield return Make("gather", [m, new([2, 3], new long[] { 1, 0, 2, 3, 3, 1 })], null, ("dim", d));
            yield return Make("scatter", [m, places, g.Normal(2, 3)], null, ("dim", d));
            yield return Make("scatter_add", [m, same, g.Normal(2, 3)], null, ("dim", d));
            yield return Make("sort", [m], null, ("dim", d));
            yield return Make("argsort", [m], [], ("dim", d));
            yield return Make("topk", [m], null, ("dim", d));
            yield return Make("unbind", [m], null, ("dim", d));
            yield return Make("repeat_interleave", [m], null, ("dim", d));
        }
        yield return Make("nonzero", [new([2, 2], new float[] { 0, 2, 3, 0 })], []);
    }

    private static IEnumerable<Case> Matmul()
    {
        var g = new Draw(6);
        (long[], long[])[] shapes =
        [
            ([3, 4], [4, 5]), ([1, 7], [7, 1]), ([20, 33], [33, 17]), ([2, 3, 4], [4, 5]), ([2, 3, 4], [2, 4, 5]), ([4], [4]), ([3,
            4], [4]),
            ([4], [4, 3]), ([2, 1, 3, 4], [5, 4, 2]), ([65, 70], [70, 31]), ([130, 257], [257, 129]), ([0, 4], [4, 5]), ([3, 0], [0, 5]),
        ];
        foreach (var (a, b) in shapes) yield return Make("matmul", [g.Normal(a), g.Normal(b)]);
        foreach (var (m, k, n) in ((long, long, long)[])[(5, 6, 2), (64, 784, 33), (1, 300, 1)])
        {
            yield return Make("mm", [g.Normal(m, k), g.Normal(k, n)]);
            yield return Make("mm_transposed", [g.Normal(k, m), g.Normal(n, k)]);
        }
        yield return Make("dot", [g.Normal(33), g.Normal(33)]);
        yield return Make("mv", [g.Normal(5, 7), g.Normal(7)]);
        yield return Make("outer", [g.Normal(5), g.Normal(7)]);
        yield return Make("bmm", [g.Normal(3, 2, 4), g.Normal(3, 4, 5)]);
        yield return Make("addmm", [g.Normal(5), g.Normal(3, 4), g.Normal(4, 5)]);
        foreach (var x in (long[][])[[7, 5], [2, 3, 5], [5], [64, 5]])
        {
            yield return Make("linear", [g.Normal(x), g.Normal(4, 5), g.Normal(4)]);
            yield return Make("linear", [g.Normal(x), g.Normal(4, 5)]);
        }
        yield return Make("linear", [g.Normal(33, 201), g.Normal(97, 201), g.Normal(97)]);
    }

    private static IEnumerable<Case> Convolution()
    {
        var g = new Draw(7);
        // Batch, in, height, width, out; kernel, stride, padding.
        (long[] Size, long[] Kernel, long[] Stride, long[] Padding)[] convolutions =
        [
            ([1, 1, 5, 5, 1], [3, 3], [1, 1], [0, 0]), ([2, 3, 7, 6, 4], [3, 3], [2, 2], [1, 1]), ([2, 2, 8, 8, 3], [4, 4], [2, 2], [1, 1]),
            ([3, 1, 9, 4, 2], [5, 3], [3, 1], [2, 0]), ([1, 4, 4, 4, 5], [1, 1], [1, 1], [0, 0]), ([2, 2, 6, 7, 2], [2, 3], [1, 3], [1, 2]),
            ([1, 2, 5, 5, 2], [3, 3], [1, 1], [4, 4]), ([2, 5, 3, 3, 9], [3, 3], [1, 1], [1, 1]), ([3, 17, 14, 15, 19], [3, 3], [2,
            2], [1, 1]),
            ([2, 32, 16, 16, 24], [3, 3], [1, 1], [1, 1]),
        ];
        foreach (var (size, kernel, stride, padding) in convolutions)
        {
            var (n, c, h, w, o) = (size[0], size[1], size[2], size[3], size[4]);
            yield return Make(
                "conv2d", [g.Normal(n, c, h, w), g.Normal(o, c, kernel[0], kernel[1]), g.Normal(o)], null, ("stride", stride),
                ("padding", padding));
            if ((h - 1) * stride[0] - 2 * padding[0] + kernel[0] < 1 || (w - 1) * stride[1] - 2 * padding[1] + kernel[1] < 1) continue;
            foreach (var extra in stride.All(s => s == 1) ? (long[][])[[0, 0]] : [[0, 0], [stride[0] - 1, stride[1] - 1]])
                yield return Make(
                    "conv_transpose2d", [g.Normal(n, c, h, w), g.Normal(c, o, kernel[0], kernel[1]), g.Normal(o)], null,
                    ("stride", stride), ("padding", padding), ("output_padding", extra));
        }
        yield return Make("conv2d", [g.Normal(2, 5, 5), g.Normal(3, 2, 3, 3)],
            null, ("stride", new long[] { 1, 1 }), ("padding", new long[] { 1, 1 }));
        yield return Make("conv2d_groups", [g.Normal(2, 4, 5, 5), g.Normal(6, 2, 3, 3), g.Normal(6)], null, ("groups", 2L));
        foreach (var (a, b) in ((long, long)[])[(3, 3), (2, 4), (5, 2)])
            yield return Make("conv2d_same", [g.Normal(2, 2, 6, 5), g.Normal(3, 2, a, b), g.Normal(3)]);
    }

    private static IEnumerable<Case> Pooling()
    {
        var g = new Draw(8);
        (long[] Shape, long Kernel, long Stride, long Padding, bool Ceil)[] pools =
        [
            ([2, 3, 6, 6], 2, 2, 0, false), ([1, 2, 7, 5], 3, 2, 1, false), ([2, 1, 7, 7], 2, 2, 0, true), ([1, 1, 5, 8], 3, 1, 0, false),
            ([2, 7, 6], 3, 2, 1, true), ([1, 1, 4, 4], 4, 4, 0, false),
        ];
        foreach (var (shape, kernel, stride, padding, ceil) in pools)
            foreach (var op in (string[])["max_pool2d", "avg_pool2d"])
                yield return Make(op, [g.Normal(shape)],
                    null, ("kernel", kernel), ("stride", stride), ("padding", padding), ("ceil", ceil));
        foreach (var x in (Input[])[new([1, 1, 2, 4], new float[] { 1, 1, 2, float.NaN, 1, 1, 2, 2 }), new([1, 1, 2, 2], new float[4])])
            yield return Make("max_pool2d", [x], null, ("kernel", 2L), ("stride", 2L), ("padding", 0L), ("ceil", false));
    }

    private static IEnumerable<Case> Norm()
    {
        var g = new Draw(9);
        foreach (var shape in (long[][])[[8, 3], [4, 2, 5], [3, 4, 5, 6], [33, 17], [5, 3, 17, 19]])
        {
            var c = shape[1];
            var (x, mean, variance) = (Draw.Map(g.Normal(shape), v => v * 2 + 1), g.Normal(c), g.Uniform(0.5, 2, c));
            var (weight, bias) = (g.Normal(c), g.Normal(c));
            yield return Make("batch_norm_training", [x, weight, bias]);
            yield return Make("batch_norm_training", [x]);
            yield return Make("batch_norm_inference", [x, mean, variance, weight, bias], [0, 3, 4]);
            yield return Make("batch_norm_inference", [x, mean, variance], [0]);
        }
    }

    private static IEnumerable<Case> Loss()
    {
        var g = new Draw(10);
        foreach (var shape in (long[][])[[4, 5], [33], [2, 3, 4], [64, 784]])
        {
            var (x, t, p) = (Draw.Map(g.Normal(shape), v => v * 3), g.Uniform(0, 1, shape), g.Uniform(0.01, 0.99, shape));
            var (weight, positives) = (g.Uniform(0.5, 2, shape[^1]), g.Uniform(0.5, 2, shape[^1]));
            foreach (var reduction in s_reductions)
            {
                foreach (var both in (int[][])[[0], [0, 1]])
                {
                    foreach (var op in (string[])["mse_loss", "l1_loss", "bce_with_logits"])
                        yield return Make(op, [x, t], both, ("reduction", reduction));
                    yield return Make("bce", [p, t], both, ("reduction", reduction));
                }
                yield return Make("bce_with_logits_weighted", [x, t, weight, positives], [0], ("reduction", reduction));
                yield return Make("bce_weighted", [p, t, weight], [0], ("reduction", reduction));
            }
        }
        yield return Make("bce", [Draw.Of(0, 1, 0, 1), Draw.Of(0, 1, 1, 0)], [0], ("reduction", nn.Reduction.None));
        yield return Make("bce_with_logits", [Draw.Of(-200, 200, 88, -1e4f), Draw.Of(0, 1, 0, 1)], [0], ("reduction", nn.Reduction.None));
    }
}
