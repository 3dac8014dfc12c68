namespace TorchSharp;

public static partial class torch
{
    public class Generator : IDisposable
    {
        /// <summary>The one that draws where none is given.</summary>
        internal static readonly Generator Default = new(67280421310721);

        public Generator(ulong seed = 0, Device? device = null)
        {
            InitializeDevice(device);
            Engine = new(seed);
        }

        internal Mt19937 Engine { get; }

        public Generator manual_seed(long seed)
        {
            lock (Engine)
                Engine.Seed((ulong)seed);
            return this;
        }

        public void Dispose() { }
    }

    public static Generator manual_seed(long seed) => Generator.Default.manual_seed(seed);
}
