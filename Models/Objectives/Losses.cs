using static TorchSharp.torch;

namespace Latent.Models.Objectives;

/// <summary>Represents the losses of a minibatch; of an ensemble the sum of its members' totals, and the means of their terms.</summary>
/// <param name="Total">What is minimized, averaged over rows: a differentiable scalar.</param>
/// <param name="Terms">
/// The parts of the loss by name, each a detached scalar averaged over rows: "loss" (the total), "reconstruction", "kl" (in nats, not
/// weighted by β), "commitment" (of a codebook, not weighted), "perplexity" (how many of its vectors are used), "bound" (in nats, if K
/// samples bound the likelihood), "l2" (weighted).
/// </param>
public sealed record Losses(Tensor Total, IReadOnlyDictionary<string, Tensor> Terms)
{
    /// <summary>Puts together the losses of an ensemble's members.</summary>
    /// <param name="members">The losses of each, with the same terms.</param>
    /// <returns>The sum of the totals, of which each member learns from its own, and the means of the terms.</returns>
    internal static Losses OfMembers(IReadOnlyList<Losses> members) =>
        new(
            members.Select(member => member.Total).Aggregate((sum, total) => sum + total),
            members[0].Terms.Keys.ToDictionary(name => name, name => stack(members.Select(member => member.Terms[name])).mean())
        );
}
