"""Makes the graphs of the three small test bundles (python3 with numpy and onnx): python3 make_graphs.py"""
import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper, save

F = TensorProto.FLOAT


class Graph:
    def __init__(self, seed):
        self.random = np.random.default_rng(seed)
        self.weights, self.nodes, self.constants = {}, [], 0

    def weight(self, name, *shape):
        if name not in self.weights:
            scale = 1 / np.sqrt(max(1, np.prod(shape[1:]))) if len(shape) > 1 else 0.1
            self.weights[name] = self.random.normal(0, scale, shape).astype(np.float32)
        return name

    def constant(self, value, dtype=np.float32):
        self.constants += 1
        name = f"c{self.constants}"
        self.weights[name] = np.array(value, dtype)
        return name

    def node(self, op, inputs, output, **attributes):
        self.nodes.append(helper.make_node(op, inputs, [output], **attributes))
        return output

    def linear(self, x, output, name, n, m):
        return self.node("Gemm", [x, self.weight(name + ".w", m, n), self.weight(name + ".b", m)], output, transB=1)


def write(path, graph, inputs, outputs):
    used = {i for n in graph.nodes for i in n.input}
    value = lambda name, shape: helper.make_tensor_value_info(name, F, ["batch", *shape])
    g = helper.make_graph(graph.nodes, "latent", [value(*i) for i in inputs], [value(*o) for o in outputs],
                          [numpy_helper.from_array(w, n) for n, w in graph.weights.items() if n in used])
    model = helper.make_model(g, opset_imports=[helper.make_opsetid("", 17)], producer_name="make_graphs.py", ir_version=8)
    checker.check_model(model, full_check=True)
    save(model, path)


def kl(g, mean, log_variance):
    one = g.constant(1)
    s = g.node("Sub", [g.node("Add", [g.node("Mul", [mean, mean], "m2"), g.node("Exp", [log_variance], "var")], "s1"), log_variance], "s2")
    total = g.node("ReduceSum", [g.node("Sub", [s, one], "s3"), g.constant([1], np.int64)], "s4", keepdims=0)
    return g.node("Mul", [total, g.constant(0.5)], "kl")


class Table:  # six columns, standardised; variational, summed squared error
    name, shape, z, variational = "table-vae", [6], 3, True
    mean, std = [1, -2, 30, 0.5, 100, 0], [1, 0.5, 10, 0.1, 25, 2]

    def encode(self, g):
        h = g.node("Div", [g.node("Sub", ["input", g.constant(self.mean)], "centred"), g.constant(self.std)], "x")
        h = g.node("Tanh", [g.linear(h, "h1", "e1", 6, 8)], "h2")
        g.linear(h, "latent_mean", "mean", 8, 3)
        g.node("Clip", [g.linear(h, "lv", "lv", 8, 3), g.constant(-30), g.constant(20)], "latent_log_variance")

    def decode(self, g, z):
        h = g.node("Tanh", [g.linear(z, "d1", "d1", 3, 8)], "d2")
        g.linear(h, "y", "d2", 8, 6)
        g.node("Add", [g.node("Mul", ["y", g.constant(self.std)], "scaled"), g.constant(self.mean)], "output")

    def error(self, g):
        d = g.node("Sub", ["x", "y"], "d")
        g.node("ReduceSum", [g.node("Mul", [d, d], "dd"), g.constant([1], np.int64)], "reconstruction_error", keepdims=0)


class Digits:  # 8 x 8 grey pixels as flat rows; variational, Bernoulli
    name, shape, z, variational = "pixels-vae", [64], 4, True

    def encode(self, g):
        x = g.node("Div", ["input", g.constant(255)], "x")
        h = g.node("Relu", [g.linear(x, "h1", "e1", 64, 16)], "h2")
        g.linear(h, "latent_mean", "mean", 16, 4)
        g.node("Clip", [g.linear(h, "lv", "lv", 16, 4), g.constant(-30), g.constant(20)], "latent_log_variance")

    def decode(self, g, z):
        h = g.node("Relu", [g.linear(z, "d1", "d1", 4, 16)], "d2")
        g.linear(h, "y", "d2", 16, 64)
        g.node("Mul", [g.node("Sigmoid", ["y"], "p"), g.constant(255)], "output")

    def error(self, g):
        t = g.node("Sub", [g.node("Softplus", ["y"], "sp"), g.node("Mul", ["x", "y"], "xy")], "t")
        g.node("ReduceSum", [t, g.constant([1], np.int64)], "reconstruction_error", keepdims=0)


class Colour:  # 3 x 8 x 8 pixels; plain and convolutional, mean squared error
    name, shape, z, variational = "colour-ae", [3, 8, 8], 5, False

    def encode(self, g):
        x = g.node("Div", ["input", g.constant(255)], "x")
        h = g.node("Relu", [g.node("Conv", [x, g.weight("c.w", 4, 3, 3, 3), g.weight("c.b", 4)], "h1", strides=[2, 2], pads=[1, 1, 1, 1])], "h2")
        g.linear(g.node("Flatten", [h], "h3"), "latent_mean", "mean", 64, 5)

    def decode(self, g, z):
        h = g.node("Relu", [g.linear(z, "d1", "d1", 5, 64)], "d2")
        h = g.node("Reshape", [h, g.constant([-1, 4, 4, 4], np.int64)], "d3")
        g.node("ConvTranspose", [h, g.weight("t.w", 4, 3, 4, 4), g.weight("t.b", 3)], "y", strides=[2, 2], pads=[1, 1, 1, 1])
        g.node("Mul", [g.node("Clip", ["y", g.constant(0), g.constant(1)], "p"), g.constant(255)], "output")

    def error(self, g):
        d = g.node("Sub", ["x", "p"], "d")
        g.node("ReduceMean", [g.node("Mul", [d, d], "dd")], "reconstruction_error", keepdims=0, axes=[1, 2, 3])


for model in (Table(), Digits(), Colour()):
    codes = [("latent_mean", [model.z])] + ([("latent_log_variance", [model.z])] if model.variational else [])
    whole = Graph(1)
    model.encode(whole)
    model.decode(whole, "latent_mean")
    model.error(whole)
    terms = [("reconstruction_error", [])]
    if model.variational:
        kl(whole, "latent_mean", "latent_log_variance")
        terms.append(("kl", []))
    write(f"{model.name}.autoencoder.onnx", whole, [("input", model.shape)], codes + [("output", model.shape)] + terms)

    encoder = Graph(1)
    model.encode(encoder)
    encoder.weights.update({n: w for n, w in whole.weights.items() if not n.startswith("c") or n.startswith("c.")})
    write(f"{model.name}.encoder.onnx", encoder, [("input", model.shape)], codes)

    decoder = Graph(1)
    decoder.weights.update({n: w for n, w in whole.weights.items() if not n.startswith("c") or n.startswith("c.")})
    model.decode(decoder, "latent")
    write(f"{model.name}.decoder.onnx", decoder, [("latent", [model.z])], [("output", model.shape)])
