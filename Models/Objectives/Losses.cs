using static TorchSharp.torch;

namespace Latent.Models.Objectives;

/// <summary>What an objective makes of a minibatch.</summary>
/// <param name="Total">What is minimized, averaged over rows: a differentiable scalar.</param>
/// <param name="Terms">
/// Its parts by name, each a detached scalar averaged over rows: "loss" (the total), "reconstruction", "kl" (in nats, not weighted by β),
/// "bound" (in nats, where K samples bound the likelihood), "l2" (weighted).
/// </param>
public sealed record Losses(Tensor Total, IReadOnlyDictionary<string, Tensor> Terms);
