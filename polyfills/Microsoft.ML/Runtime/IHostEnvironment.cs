namespace Microsoft.ML.Runtime;

public interface IHostEnvironment
{
    IHost Register(string name, int? seed = null, bool? verbose = null);
}

public interface IHost : IHostEnvironment
{
    Random Rand { get; }
}
