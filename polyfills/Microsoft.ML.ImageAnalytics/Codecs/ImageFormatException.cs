namespace Microsoft.ML.ImageAnalytics.Codecs;

/// <summary>A picture that can't be read or written; an <see cref="ArgumentException"/>, since that is what the package throws.</summary>
internal sealed class ImageFormatException(string message, Exception? inner = null) : ArgumentException(message, inner);
