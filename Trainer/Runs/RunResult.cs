using Latent.Contracts.Bundles;

namespace Latent.Trainer.Runs;

/// <summary>How a run ended.</summary>
/// <param name="Bundle">The bundle's folder, or null where the run was interrupted; --resume continues it.</param>
/// <param name="Manifest">The bundle's manifest, with all figures in its metrics, or null.</param>
/// <param name="Steps">Steps made.</param>
public sealed record RunResult(string? Bundle, BundleManifest? Manifest, long Steps);
