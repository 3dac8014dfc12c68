using static TorchSharp.torch;

namespace Latent.TorchOperations;

/// <summary>What each operation is asked: odd sizes, broadcast and empty shapes, special values.</summary>
internal static class Cases
{
    private static readonly nn.Reduction[] s_reductions = [nn.Reduction.None, nn.Reduction.Mean, nn.Reduction.Sum];

    // Once at an even place and once in a tail, for kernels that take eight or sixteen at a time.
    private static readonly Input s_special = Draw.Of([.. Specials(), .. Specials().Reverse(), 0.25f]);

    public static IReadOnlyList<Case> All { get; } =
    [.. Unary(), .. Binary(), .. Reduce(), .. Shape(), .. Pick(), .. Products(), .. Convolution(), .. Pooling(), .. Loss()];

    private static IEnumerable<float> Specials() =>
        [
            0,
            -0f,
            1,
            -1,
            0.5f,
            -0.5f,
            1.5f,
            -1.5f,
            2.5f,
            -2.5f,
            3,
            -3,
            20,
            -20,
            20.5f,
            88.5f,
            -88.5f,
            89,
            -104,
            1e-8f,
            -1e-8f,
            1e-30f,
            -1e-30f,
            1e10f,
            -1e10f,
            16_777_217,
            float.MaxValue,
            float.MinValue,
            float.PositiveInfinity,
            float.NegativeInfinity,
            float.NaN,
        ];

    private static Case Make(string op, Input[] inputs, int[]? gradients = null, params (string, object)[] arguments) =>
        new(op, inputs, gradients ?? [.. Enumerable.Range(0, inputs.Length).Where(i => inputs[i].IsFloating)], new(arguments));

    private static IEnumerable<Case> Unary()
    {
        var g = new Draw(1);
        Input[] anywhere =
        [
            g.Normal(3, 5),
            g.Normal(17),
            Draw.Map(g.Normal(2, 3, 2), v => v * 4),
            g.Normal(1003),
            g.Normal(),
            g.Normal(0, 3),
            g.Normal(70_003),
        ];
        var positive = anywhere.Select(t => Draw.Map(t, v => Math.Abs(v) + 0.1f)).ToArray();
        string[] plain = ["exp", "neg", "square", "sigmoid", "tanh", "relu", "silu", "floor", "round", "gelu", "clone", "to_bool", "count"];
        foreach (var op in plain)
        {
            foreach (var x in anywhere)
                yield return Make(op, [x]);
        }

        string[] ofPositive = ["log", "sqrt"];
        foreach (var op in ofPositive)
        {
            foreach (var x in positive)
                yield return Make(op, [x]);
        }

        foreach (var op in plain.Except(["gelu"]).Concat(ofPositive))
            yield return Make(op, [s_special]);
        // libtorch's GELU overflows half way.
        yield return Make("gelu", [Draw.Map(s_special, v => Math.Abs(v) > 1e38f ? 1 : v)]);
        foreach (var x in anywhere[..4].Append(s_special))
        {
            foreach (var a in (double[])[0.01, 0.3])
                yield return Make("leaky_relu", [x], null, ("a", a));
            // libtorch's gradient of ELU at NaN is another one in vectors than in their tails.
            foreach (var a in (double[])[1, 0.7])
                yield return Make("elu", [Draw.Map(x, v => float.IsNaN(v) ? 1 : v)], null, ("a", a));
            foreach (var (beta, threshold) in ((double, double)[])[(1, 20), (2.5, 3)])
                yield return Make("softplus", [x], null, ("beta", beta), ("threshold", threshold));
            yield return Make("clamp", [x], null, ("min", -0.5), ("max", 1));
            yield return Make("clamp_min", [x], null, ("min", 0.2));
            yield return Make("clamp_max", [x], null, ("max", 0.2));
            foreach (var s in (double[])[1.5, -2])
            {
                string[] withNumber =
                [
                    "add_scalar",
                    "sub_scalar",
                    "mul_scalar",
                    "rmul_scalar",
                    "add_scalar_in_place",
                    "mul_scalar_in_place",
                ];
                foreach (var op in withNumber)
                    yield return Make(op, [x], null, ("s", s));
                foreach (var op in (string[])["lt_scalar", "ge_scalar", "ge_operator", "fill_in_place"])
                    yield return Make(op, [x], [], ("s", s));
            }

            foreach (var n in (long[])[3, -2])
            {
                foreach (var op in (string[])["radd_int", "sub_int", "rsub_int", "mul_int", "div_int", "div_long"])
                    yield return Make(op, [x], null, ("n", n));
            }
        }

        foreach (var x in anywhere[..4])
        {
            foreach (var p in (double[])[2, 3, 0.5, -1, 0, 1.7])
                yield return Make("pow_scalar", [Draw.Map(x, v => Math.Abs(v) + 0.1f)], null, ("p", p));
            yield return Make("nan_free_to_int", [Draw.Map(x, v => v * 10)]);
        }

        foreach (var p in (double[])[2, 3, 0.5, -1, 0])
            yield return Make("pow_scalar", [s_special], null, ("p", p));
    }

    private static IEnumerable<Case> Binary()
    {
        var g = new Draw(2);
        (long[], long[], long[])[] shapes =
        [
            ([3, 5], [3, 5], [3, 5]),
            ([3, 5], [5], [3, 5]),
            ([3, 5], [3, 1], [3, 5]),
            ([2, 1, 4], [3, 1], [2, 3, 4]),
            ([4], [], [4]),
            ([2, 3, 4], [1, 3, 1], [2, 3, 4]),
            ([1], [2, 2], [2, 2]),
            ([1003], [1003], [1003]),
            ([7, 33], [33], [7, 33]),
            ([0, 3], [3], [0, 3]),
            ([70_003], [70_003], [70_003]),
            ([300, 301], [300, 1], [300, 301]),
        ];
        string[] arithmetic = ["add", "sub", "mul"],
            comparisons = ["lt", "lt_operator", "le_operator"];
        foreach (var (a, b, both) in shapes)
        {
            var (x, y) = (g.Normal(a), g.Normal(b));
            foreach (var op in arithmetic)
                yield return Make(op, [x, y]);
            foreach (var op in comparisons)
                yield return Make(op, [Draw.Map(x, v => MathF.Round(v * 2)), Draw.Map(y, v => MathF.Round(v * 2))], []);
            if (b.Length <= a.Length)
            {
                foreach (var op in (string[])["add_in_place", "sub_in_place", "copy_in_place"])
                    yield return Make(op, [x.Shape.SequenceEqual(both) ? x : g.Normal(both), y]);
            }

            yield return Make("div", [x, Draw.Map(y, v => Math.Sign(v) * (Math.Abs(v) + 0.3f))]);
        }

        var special = ((float[])s_special.Values)[..31];
        var left = Draw.Of([.. special.SelectMany(_ => special)]);
        var right = Draw.Of([.. special.SelectMany(v => Enumerable.Repeat(v, 31))]);
        foreach (var op in arithmetic.Append("div"))
            yield return Make(op, [left, right]);
        foreach (var op in comparisons)
            yield return Make(op, [left, right], []);
        var whole = g.Integers(-9, 9, 3, 4);
        foreach (var op in arithmetic.Append("add_in_place"))
            yield return Make(op, [whole, g.Integers(1, 9, 4)]);
        foreach (var op in arithmetic.Append("div"))
            yield return Make(op, [g.Normal(3, 4), g.Integers(1, 9, 4)]);
        foreach (var op in (string[])["radd_int", "sub_int", "rsub_int", "mul_int", "div_int", "add_int_in_place"])
            yield return Make(op, [whole], null, ("n", 3L));
        yield return Make("clamp_max_int", [whole], null, ("max", 3L));
    }

    private static IEnumerable<Case> Reduce()
    {
        var g = new Draw(3);
        string[] overOne = ["sum_dim", "mean_dim", "logsumexp", "count_dim", "argmin"];
        foreach (var x in (Input[])[g.Normal(3, 5), g.Normal(2, 3, 4), g.Normal(35), g.Normal(67, 131), g.Normal(300, 301)])
        {
            foreach (var op in (string[])["sum", "mean", "norm"])
                yield return Make(op, [x]);
            for (var d = 0L; d < x.Shape.Length; d++)
            {
                foreach (var keep in x.Shape.Length == 2 ? (bool[])[false, true] : [false])
                {
                    foreach (var op in overOne)
                        yield return Make(op, [x], null, ("dim", d), ("keepdim", keep));
                }

                foreach (var op in (string[])["softmax", "cumsum"])
                    yield return Make(op, [x], null, ("dim", d));
            }
        }

        var cube = g.Normal(2, 3, 4);
        foreach (
            var dims in (long[][])
                [
                    [0, 1],
                    [0, 2],
                    [1, 2],
                    [0, 1, 2],
                    [-1],
                ]
        )
        {
            yield return Make("mean_dims", [cube], null, ("dims", dims));
        }
        // What is not a number, and what is endless.
        foreach (var x in (Input[])[Draw.Of(1, 3, 3, 2), Draw.Of(1, float.NaN, 3, 2), Draw.Of(float.NegativeInfinity, 0, 1, -1)])
        {
            foreach (var op in (string[])["sum", "norm"])
                yield return Make(op, [x]);
            yield return Make("logsumexp", [x], null, ("dim", 0L), ("keepdim", false));
            yield return Make("argmin", [x], null, ("dim", 0L), ("keepdim", false));
            foreach (var op in (string[])["softmax", "cumsum"])
                yield return Make(op, [x], null, ("dim", 0L));
        }

        yield return Make("sum", [g.Integers(0, 9, 3, 4)]);
        yield return Make("sum", [g.Normal(0, 3)]);
        yield return Make("norm", [g.Normal()]);
        yield return Make("norm", [Draw.Of(0, 0, 0)]);
    }

    private static IEnumerable<Case> Shape()
    {
        var g = new Draw(4);
        var (x, m) = (g.Normal(2, 3, 4), g.Normal(4, 6));
        foreach (
            var size in (long[][])
                [
                    [6, 4],
                    [-1],
                    [2, -1, 2],
                    [1, 24, 1],
                ]
        )
        {
            foreach (var op in (string[])["reshape", "reshape_transposed"])
                yield return Make(op, [x], null, ("size", size));
        }

        yield return Make("t", [m]);
        yield return Make("flatten", [x], null, ("start", 1L), ("end", -1L));
        yield return Make("flatten", [x], null, ("start", 0L), ("end", 1L));
        yield return Make("unflatten", [m], null, ("dim", 1L), ("size", new long[] { 2, 3 }));
        yield return Make("unsqueeze", [x], null, ("dim", 1L));
        yield return Make("unsqueeze", [x], null, ("dim", -1L));
        yield return Make("expand", [g.Normal(3, 1)], null, ("size", new long[] { 2, 3, 4 }));
        yield return Make("narrow", [x], null, ("dim", 2L), ("start", 1L), ("length", 2L));
        yield return Make("select", [x], null, ("dim", 1L), ("index", 2L));
        for (var d = 0L; d < 2; d++)
        {
            yield return Make("cat", [g.Normal(3, 3), g.Normal(3, 3), g.Normal(3, 3)], null, ("dim", d));
            yield return Make("stack", [g.Normal(3, 2), g.Normal(3, 2)], null, ("dim", d));
            yield return Make("flip", [m], null, ("dim", d));
        }

        yield return Make("repeat", [m], null, ("sizes", new long[] { 2, 1, 3 }));
    }

    private static IEnumerable<Case> Pick()
    {
        var g = new Draw(5);
        var m = g.Normal(4, 6);
        var index = Draw.Indices(2, 0, 2);
        foreach (var op in (string[])["contiguous", "contiguous_transposed"])
            yield return Make(op, [m]);
        for (var d = 0L; d < 2; d++)
        {
            yield return Make("index_select", [m, index], null, ("dim", d));
            yield return Make("gather", [m, new([2, 3], new long[] { 1, 0, 2, 3, 3, 1 })], null, ("dim", d));
        }
    }

    private static IEnumerable<Case> Products()
    {
        var g = new Draw(6);
        foreach (
            var (m, k, n) in ((long, long, long)[])
                [
                    (3, 4, 5),
                    (1, 7, 1),
                    (20, 33, 17),
                    (65, 70, 31),
                    (130, 257, 129),
                    (5, 6, 2),
                    (64, 784, 33),
                    (1, 300, 1),
                    (0, 4, 5),
                    (3, 0, 5),
                ]
        )
        {
            yield return Make("mm", [g.Normal(m, k), g.Normal(k, n)]);
            yield return Make("mm_transposed", [g.Normal(k, m), g.Normal(n, k)]);
        }
    }

    private static IEnumerable<Case> Convolution()
    {
        var g = new Draw(7);
        // Batch, in, height, width, out; kernel, stride, padding.
        (long[] Size, long[] Kernel, long[] Stride, long[] Padding)[] convolutions =
        [
            ([1, 1, 5, 5, 1], [3, 3], [1, 1], [0, 0]),
            ([2, 3, 7, 6, 4], [3, 3], [2, 2], [1, 1]),
            ([2, 2, 8, 8, 3], [4, 4], [2, 2], [1, 1]),
            ([3, 1, 9, 4, 2], [5, 3], [3, 1], [2, 0]),
            ([1, 4, 4, 4, 5], [1, 1], [1, 1], [0, 0]),
            ([2, 2, 6, 7, 2], [2, 3], [1, 3], [1, 2]),
            ([1, 2, 5, 5, 2], [3, 3], [1, 1], [4, 4]),
            ([2, 5, 3, 3, 9], [3, 3], [1, 1], [1, 1]),
            ([3, 17, 14, 15, 19], [3, 3], [2, 2], [1, 1]),
            ([2, 32, 16, 16, 24], [3, 3], [1, 1], [1, 1]),
        ];
        foreach (var (size, kernel, stride, padding) in convolutions)
        {
            var (n, c, h, w, o) = (size[0], size[1], size[2], size[3], size[4]);
            yield return Make(
                "conv2d",
                [g.Normal(n, c, h, w), g.Normal(o, c, kernel[0], kernel[1]), g.Normal(o)],
                null,
                ("stride", stride),
                ("padding", padding)
            );
        }

        foreach (var (shape, groups) in ((long[], long)[])[([3, 12], 2), ([2, 6, 5], 3), ([2, 8, 7, 7], 4), ([1, 1, 3001], 1)])
        {
            var channels = shape[1];
            yield return Make("group_norm", [g.Normal(shape)], null, ("groups", groups));
            yield return Make("group_norm", [g.Normal(shape), g.Normal(channels), g.Normal(channels)], null, ("groups", groups));
        }
    }

    private static IEnumerable<Case> Pooling()
    {
        var g = new Draw(8);
        (long[] Shape, long Kernel, long Stride, long Padding)[] pools =
        [
            ([2, 3, 6, 6], 2, 2, 0),
            ([1, 2, 7, 5], 3, 2, 1),
            ([2, 1, 7, 7], 2, 2, 0),
            ([1, 1, 5, 8], 3, 1, 0),
            ([2, 7, 6], 3, 2, 1),
            ([1, 1, 4, 4], 4, 4, 0),
        ];
        foreach (var (shape, kernel, stride, padding) in pools)
        {
            foreach (var op in (string[])["max_pool2d", "avg_pool2d"])
                yield return Make(op, [g.Normal(shape)], null, ("kernel", kernel), ("stride", stride), ("padding", padding));
        }

        foreach (var x in (Input[])[new([1, 1, 2, 4], new float[] { 1, 1, 2, float.NaN, 1, 1, 2, 2 }), new([1, 1, 2, 2], new float[4])])
            yield return Make("max_pool2d", [x], null, ("kernel", 2L), ("stride", 2L), ("padding", 0L));
    }

    private static IEnumerable<Case> Loss()
    {
        var g = new Draw(10);
        foreach (
            var shape in (long[][])
                [
                    [4, 5],
                    [33],
                    [2, 3, 4],
                    [64, 784],
                ]
        )
        {
            var (x, t) = (Draw.Map(g.Normal(shape), v => v * 3), g.Uniform(0, 1, shape));
            foreach (var reduction in s_reductions)
            {
                foreach (
                    var both in (int[][])
                        [
                            [0],
                            [0, 1],
                        ]
                )
                {
                    foreach (var op in (string[])["mse_loss", "bce_with_logits"])
                        yield return Make(op, [x, t], both, ("reduction", reduction));
                }
            }
        }

        yield return Make("bce_with_logits", [Draw.Of(-200, 200, 88, -1e4f), Draw.Of(0, 1, 0, 1)], [0], ("reduction", nn.Reduction.None));
    }
}
