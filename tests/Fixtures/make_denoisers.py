"""Makes the graphs of two small denoisers, of which the results are known (python3 alone): python3 make_denoisers.py"""
import struct


def number(field, value):
    value &= (1 << 64) - 1
    data, parts = [field << 3, value], b""
    for n in data:
        while n > 127:
            parts += bytes([n & 127 | 128])
            n >>= 7
        parts += bytes([n])
    return parts


def block(field, data):
    data = data.encode() if isinstance(data, str) else data
    return number(field, len(data)).replace(bytes([field << 3]), bytes([field << 3 | 2]), 1) + data


def ints(name, values):
    return block(5, block(1, name) + b"".join(number(8, v) for v in values) + number(20, 7))


def integer(name, value):
    return block(5, block(1, name) + number(3, value) + number(20, 2))


def node(op, inputs, output, attributes=b""):
    return block(1, b"".join(block(1, i) for i in inputs) + block(2, output) + block(3, output) + block(4, op) + attributes)


def value(field, name, shape):
    dims = block(1, block(2, "batch")) + b"".join(block(1, number(1, n)) for n in shape)
    return block(field, block(1, name) + block(2, block(1, number(1, 1) + block(2, dims))))


def weights(name, shape, values):
    raw = struct.pack(f"<{len(values)}f", *values)
    return block(5, b"".join(number(1, n) for n in shape) + number(2, 1) + block(8, name) + block(9, raw))


def write(name, shape, nodes, more=b""):
    nodes += node("Sub", ["input", "output"], "d") + node("Mul", ["d", "d"], "dd")
    nodes += node("ReduceMean", ["dd"], "reconstruction_error", ints("axes", [1, 2, 3]) + integer("keepdims", 0))
    graph = nodes + block(2, "latent") + more + value(11, "input", shape)
    graph += value(12, "output", shape) + value(12, "reconstruction_error", [])
    model = number(1, 8) + block(2, "make_denoisers.py") + block(7, graph) + block(8, block(1, "") + number(2, 17))
    open(f"{name}.autoencoder.onnx", "wb").write(model)


# The mean of the nine pixels around each, with zeros beyond the edge; grey, 8 x 8.
mean = node("Conv", ["input", "w"], "output", ints("pads", [1, 1, 1, 1]))
write("mean-denoiser", [1, 8, 8], mean, weights("w", [1, 1, 3, 3], [1 / 9] * 9))
# The image as it is; colour, 8 x 8.
write("same-denoiser", [3, 8, 8], node("Identity", ["input"], "output"))
