using static TorchSharp.torch;

namespace Latent.Models.Objectives;

/// <summary>Represents the losses of a minibatch.</summary>
/// <param name="Total">What is minimized, averaged over rows: a differentiable scalar.</param>
/// <param name="Terms">
/// The parts of the loss by name, each a detached scalar averaged over rows: "loss" (the total), "reconstruction", "kl" (in nats, not
/// weighted by β), "bound" (in nats, if K samples bound the likelihood), "l2" (weighted).
/// </param>
public sealed record Losses(Tensor Total, IReadOnlyDictionary<string, Tensor> Terms);
