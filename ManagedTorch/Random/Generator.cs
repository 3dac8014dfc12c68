namespace TorchSharp;

public static partial class torch
{
    public class Generator : IDisposable
    {
        private const ulong DefaultSeed = 67280421310721;
        private static readonly Mt19937 _default = new(DefaultSeed);

        public Generator(ulong seed = 0, Device? device = null) : this(new Mt19937(seed)) => this.device = InitializeDevice(device);

        private Generator(Mt19937 engine)
        {
            Engine = engine;
            device = CPU;
        }

        public static Generator Default => new(_default);

        public Device device { get; private set; }

        internal Mt19937 Engine { get; }

        internal static Mt19937 EngineOf(Generator? generator) => generator?.Engine ?? _default;

        public Generator manual_seed(long seed)
        {
            lock (Engine) Engine.Seed((ulong)seed);
            return this;
        }

        public long seed()
        {
            var seed = DateTime.UtcNow.Ticks;
            manual_seed(seed);
            return seed;
        }

        public long initial_seed() => (long)Engine.InitialSeed;

        /// <summary>The state as 5056 bytes, which libtorch reads too.</summary>
        public unsafe Tensor get_state()
        {
            var state = Tensor.New([Mt19937.StateBytes], ScalarType.Byte);
            lock (Engine) Engine.Save(new Span<byte>(state.Storage.Data, Mt19937.StateBytes));
            return state;
        }

        public unsafe void set_state(Tensor value)
        {
            if (value.dtype != ScalarType.Byte)
                throw TorchErrors.Error($"A generator's state is a tensor of type Byte, not {value.dtype}.");
            using var state = value.Dense();
            lock (Engine) Engine.Load(new ReadOnlySpan<byte>(state.Data, checked((int)value.Count)));
        }

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
        }
    }

    public static partial class random
    {
        public static long seed() => Generator.Default.seed();

        public static long initial_seed() => Generator.Default.initial_seed();

        public static Generator manual_seed(long seed) => Generator.Default.manual_seed(seed);

        public static Tensor get_rng_state() => Generator.Default.get_state();

        public static void set_rng_state(Tensor new_state) => Generator.Default.set_state(new_state);
    }

    public static long seed() => random.seed();

    public static long initial_seed() => random.initial_seed();

    public static Generator manual_seed(long seed) => random.manual_seed(seed);

    public static Tensor get_rng_state() => random.get_rng_state();

    public static void set_rng_state(Tensor new_state) => random.set_rng_state(new_state);
}
