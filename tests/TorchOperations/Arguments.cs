using static TorchSharp.torch;

namespace Latent.TorchOperations;

/// <summary>What an operation takes besides tensors.</summary>
internal readonly struct Arguments(IEnumerable<(string Name, object Value)> values)
{
    private readonly Dictionary<string, object> _values = values.ToDictionary(v => v.Name, v => v.Value);

    public nn.Reduction Reduction => (nn.Reduction)_values["reduction"];

    public double Number(string name) => Convert.ToDouble(_values[name]);

    public long Long(string name) => Convert.ToInt64(_values[name]);

    public bool Flag(string name) => (bool)_values[name];

    public long[] Longs(string name) => (long[])_values[name];
}
