namespace Latent.Contracts.Bundles;

/// <summary>How the values of a row make a picture, channel by channel, row by row from the top.</summary>
/// <param name="Channels">1 (grey) or 3 (red, green, blue).</param>
/// <param name="Height">Pixels.</param>
/// <param name="Width">Pixels.</param>
public sealed record ImageDescription(int Channels, int Height, int Width);
