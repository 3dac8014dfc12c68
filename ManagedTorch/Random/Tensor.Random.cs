namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor uniform_(double from, double to, Generator? generator = null)
        {
            if (from > to) throw TorchErrors.Error($"uniform_ expects to return a [from, to) range, but found from={from} > to={to}");
            return Draw("uniform_", generator,
                (engine, values) => Sampling.Uniform(engine, values, (float)from, (float)to),
                (engine, values) => Sampling.Uniform(engine, values, from, to));
        }

        public Tensor normal_(double mean = 0.0, double std = 1.0, Generator? generator = null)
        {
            if (std < 0) throw TorchErrors.Error($"normal expects std >= 0.0, but found std {std}");
            var inBlocks = IsDense && Count >= Sampling.Block;
            return Draw("normal_", generator,
                (engine, values) => Sampling.Normal(engine, values, (float)mean, (float)std, inBlocks),
                (engine, values) => Sampling.Normal(engine, values, mean, std, inBlocks));
        }

        public unsafe Tensor bernoulli_(double p = 0.5, Generator? generator = null)
        {
            if (p is not (>= 0 and <= 1)) throw TorchErrors.Error($"bernoulli_ expects p to be in [0, 1], but got p={p}");
            return Draw("bernoulli_", generator, (engine, values) => Sampling.Bernoulli(engine, values, p), null);
        }

        public unsafe Tensor bernoulli_(Tensor p, Generator? generator = null)
        {
            using var stretched = p.expand(Shape);
            using var turned = InMemoryOrder(stretched);
            using var probabilities = (turned ?? stretched).Dense();
            var source = probabilities.Tensor;
            if (!source.IsFloat) throw TorchErrors.Dtype("bernoulli", source.dtype);
            return Draw("bernoulli_", generator,
                (engine, values) => Sampling.Bernoulli(engine, values, new ReadOnlySpan<float>(source.Float, values.Length)), null);
        }

        /// <summary>One with the probability that this tensor holds at each place, else zero.</summary>
        public Tensor bernoulli(Generator? generator = null)
        {
            using var _ = no_grad();
            return New(Shape).bernoulli_(this, generator);
        }

        public Tensor rand_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Random(() => NewLike(dtype), dtype ?? this.dtype, device, requires_grad, t => t.uniform_(0, 1));

        public Tensor randn_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Random(() => NewLike(dtype), dtype ?? this.dtype, device, requires_grad, t => t.normal_());

        internal static Tensor Random(long[] shape, ScalarType dtype, Device? device, bool requires_grad, Func<Tensor, Tensor> fill) =>
            Random(() => New(shape, dtype), dtype, device, requires_grad, fill);

        private static Tensor Random(Func<Tensor> make, ScalarType dtype, Device? device, bool requires_grad, Func<Tensor, Tensor> fill)
        {
            InitializeDevice(device);
            if (!torch.is_floating_point(dtype))
            {
                throw new ArgumentException(
                    $"A random tensor was asked for with a bad dtype: {dtype}. It must be floating point or complex.", nameof(dtype));
            }
            using (no_grad()) return fill(make()).with_requires_grad(requires_grad);
        }

        private delegate void Sampler<T>(Mt19937 engine, Span<T> values);

        private unsafe Tensor Draw(string operation, Generator? generator, Sampler<float> single, Sampler<double>? wide)
        {
            if (dtype != ScalarType.Float32 && (dtype != ScalarType.Float64 || wide is null)) throw TorchErrors.Dtype(operation, dtype);
            if (BeginWrite()) throw TorchErrors.Error($"{operation} can't be recorded for gradients; call it under torch.no_grad().");
            var engine = torch.Generator.EngineOf(generator);
            using var turned = InMemoryOrder(this);
            using var values = new InPlace(turned ?? this);
            lock (engine)
            {
                if (IsFloat) single(engine, new Span<float>(values.Float, checked((int)Count)));
                else wide!(engine, new Span<double>(values.Data, checked((int)Count)));
            }
            return this;
        }

        /// <summary>A tensor of this one's shape in the order of this one's memory, in which libtorch draws; null if it is so.</summary>
        private Tensor? InMemoryOrder(Tensor tensor) => IsDense ? null : Views.Permuted(tensor, Views.MemoryOrder(this));

        /// <summary>A tensor of this one's shape that lies in memory as this one does, without gaps.</summary>
        private Tensor NewLike(ScalarType? dtype)
        {
            if (IsDense) return New(Shape, dtype ?? this.dtype);
            var order = Views.MemoryOrder(this);
            using var rows = New(Array.ConvertAll(order, i => Shape[i]), dtype ?? this.dtype);
            var strides = new long[order.Length];
            for (var i = 0; i < order.Length; i++) strides[order[i]] = rows.FullStrides()[i];
            return new(rows.Storage.Share(), rows.dtype, Shape, Shapes.IsDense(Shape, strides) ? null : strides, 0);
        }
    }
}
