using Latent.Contracts.Bundles;

namespace Latent.Trainer.Runs;

/// <summary>Represents the result of a run.</summary>
/// <param name="Bundle">The bundle's folder; null if the run was interrupted, which --resume continues.</param>
/// <param name="Manifest">The bundle's manifest, with all figures in its metrics, or null.</param>
/// <param name="Steps">Number of steps made.</param>
public sealed record RunResult(string? Bundle, BundleManifest? Manifest, long Steps);
