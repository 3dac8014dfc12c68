namespace Latent.Data.Columns;

/// <summary>A dictionary or a record batch of Arrow.</summary>
/// <param name="At">Where it begins.</param>
/// <param name="IsDictionary">Whether it is a dictionary.</param>
/// <param name="Rows">Number of its rows.</param>
/// <param name="Body">Size of its buffers, in bytes.</param>
internal readonly record struct ArrowMessage(long At, bool IsDictionary, long Rows, long Body);
