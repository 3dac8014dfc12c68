namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor uniform_(double from, double to, Generator? generator = null)
        {
            if (from > to)
                throw TorchErrors.Error($"uniform_ expects to return a [from, to) range, but found from={from} > to={to}");
            return Draw("uniform_", generator, (engine, values) => Sampling.Uniform(engine, values, (float)from, (float)to));
        }

        public Tensor normal_(double mean = 0.0, double std = 1.0, Generator? generator = null)
        {
            if (std < 0)
                throw TorchErrors.Error($"normal expects std >= 0.0, but found std {std}");
            var inBlocks = IsDense && Count >= Sampling.Block;
            return Draw("normal_", generator, (engine, values) => Sampling.Normal(engine, values, (float)mean, (float)std, inBlocks));
        }

        public Tensor bernoulli_(double p = 0.5, Generator? generator = null)
        {
            if (p is not (>= 0 and <= 1))
                throw TorchErrors.Error($"bernoulli_ expects p to be in [0, 1], but got p={p}");
            return Draw("bernoulli_", generator, (engine, values) => Sampling.Bernoulli(engine, values, p));
        }

        private delegate void Sampler(Mt19937 engine, Span<float> values);

        private unsafe Tensor Draw(string operation, Generator? generator, Sampler sample)
        {
            if (!IsFloat)
                throw TorchErrors.Dtype(operation, dtype);
            if (BeginWrite())
                throw TorchErrors.Error($"{operation} can't be recorded for gradients; call it under torch.no_grad().");
            var engine = (generator ?? torch.Generator.Default).Engine;
            using var turned = InMemoryOrder(this);
            using var values = new InPlace(turned ?? this);
            lock (engine)
                sample(engine, new Span<float>(values.Float, checked((int)Count)));
            return this;
        }

        /// <summary>A tensor of this one's shape in the order of this one's memory, in which libtorch draws; null if it is so.</summary>
        private Tensor? InMemoryOrder(Tensor tensor) => IsDense ? null : Views.Permuted(tensor, Views.MemoryOrder(this));

        /// <summary>A tensor of this one's shape that lies in memory as this one does, without gaps.</summary>
        internal Tensor NewLike()
        {
            if (IsDense)
                return New(Shape);
            var order = Views.MemoryOrder(this);
            using var rows = New(Array.ConvertAll(order, i => Shape[i]));
            var strides = new long[order.Length];
            for (var i = 0; i < order.Length; i++)
                strides[order[i]] = rows.FullStrides()[i];
            return new(rows.Storage.Share(), rows.dtype, Shape, Shapes.IsDense(Shape, strides) ? null : strides, 0);
        }
    }
}
