namespace Latent.Data.Columns;

/// <summary>Represents a dictionary or a record batch of Arrow.</summary>
/// <param name="At">Position of the first byte.</param>
/// <param name="IsDictionary">Whether the message is a dictionary.</param>
/// <param name="Rows">Number of rows.</param>
/// <param name="Body">Size of the buffers in bytes.</param>
internal readonly record struct ArrowMessage(long At, bool IsDictionary, long Rows, long Body);
