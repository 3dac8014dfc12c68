namespace Latent.TorchOperations;

/// <summary>How a tensor's elements lie in memory: row by row, column by column, or every other one of a larger tensor.</summary>
internal enum Layout
{
    Rows,
    Turned,
    Sliced,
}
