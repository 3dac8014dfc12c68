namespace Microsoft.ML.Runtime;

/// <summary>What the catalogs of one context share: its seed and its choice of device.</summary>
internal sealed class Host(int? seed) : IHost
{
    private readonly Lock _lock = new();

    public Random Rand { get; } = seed is { } value ? new Random(value) : new Random();

    public bool FallbackToCpu { get; set; } = true;

    public int? GpuDeviceId { get; set; }

    public IHost Register(string name, int? seed = null, bool? verbose = null) =>
        new Host(seed ?? NextSeed()) { FallbackToCpu = FallbackToCpu, GpuDeviceId = GpuDeviceId };

    /// <summary>A seed for something of its own, given out in the order of asking.</summary>
    public int NextSeed()
    {
        lock (_lock)
            return Rand.Next();
    }

    public static Host Of(IHostEnvironment environment) => environment switch
    {
        MLContext context => context.Host,
        Host host => host,
        _ => new Host(null),
    };
}
