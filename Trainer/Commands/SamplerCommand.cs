using System.Globalization;
using Latent.CommandLine;
using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Contracts.Recipes;
using Latent.Models.Onnx;
using Latent.Trainer.Export;
using Latent.Trainer.Runs;
using Latent.Trainer.Training;
using TorchSharp;

namespace Latent.Trainer.Commands;

/// <summary>Fits a sampler to the codes of a bundle's training rows, and adds it to the bundle.</summary>
internal static class SamplerCommand
{
    public static int Run(SamplerSettings settings, TextWriter output)
    {
        if (settings.Assignments.FirstOrDefault(text => !text.StartsWith("sampler.", StringComparison.Ordinal)) is { } other)
            throw new UsageException($"--set {other} is no key of the sampler, which is all that is fitted; it must begin with sampler.");
        if (settings.Threads is { } threads)
            torch.set_num_threads(threads);
        var kind = Enum.GetValues<SamplerKind>().First(kind => RecipeNames.Of(kind) == settings.Kind);
        var bare = BundleFolder.Open(settings.Bundle).Manifest.Recipe with { Sampler = new SamplerRecipe { Kind = kind } };
        var recipe = RecipeFile.Parse(settings.Assignments.Aggregate(RecipeFile.ToJson(bare), RecipeOverrides.Apply), settings.Bundle);
        using var stop = new StopSignals();
        using var trained = TrainedBundle.Open(settings.Bundle, settings.Data, Say, recipe.Sampler);
        if (!trained.HasItsData)
        {
            throw new LatentException(
                $"The sampler of {settings.Bundle} is fitted to the rows it was trained on, but --data has others; give it the same data."
            );
        }

        var (model, before) = (trained.Session.Model, trained.Manifest);
        var metrics = new SortedDictionary<string, double>(before.Metrics.ToDictionary(), StringComparer.Ordinal);
        // Likelihoods were estimated under what codes were drawn from before.
        foreach (var name in before.Metrics.Keys.Where(name => name.StartsWith("evaluate.", StringComparison.Ordinal)))
            metrics.Remove(name);
        foreach (var (name, value) in SamplerFit.Run(trained.Session, trained.Data, Say, stop.Token))
            metrics[name] = value;
        using var scope = torch.NewDisposeScope();
        var sampler = model.Sampler();
        var manifest = before with
        {
            Prior = sampler.Description,
            PriorNoise = sampler.Noise,
            Recipe = trained.Session.Recipe with { Data = before.Recipe.Data },
            Metrics = metrics,
        };
        BundleRewrite.Files(
            settings.Bundle,
            before,
            manifest,
            [BundleRole.Prior, BundleRole.Checkpoint, BundleRole.Card, BundleRole.Report, BundleRole.Picture],
            folder =>
            {
                OnnxExport.WriteSampler(model, manifest, folder);
                GraphCheck.Sampler(model, folder, manifest.Input, stop.Token);
                BundleExport.Describe(folder, trained.Session, trained.Data, manifest, stop.Token);
            }
        );
        Say(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{settings.Bundle}: codes have {metrics["sampler.nll"]:0.00} nats under the {sampler.Description}"
            )
                + (
                    metrics.TryGetValue("sampler.prior_nll", out var prior)
                        ? FormattableString.Invariant($", {prior:0.00} under the prior.")
                        : "."
                )
        );
        return ExitCodes.Done;

        void Say(string text)
        {
            if (!settings.Quiet)
                output.WriteLine(Printable.Of(text));
        }
    }
}
