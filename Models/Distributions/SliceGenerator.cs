using static TorchSharp.torch;

namespace Latent.Models.Distributions;

/// <summary>
/// Represents a source of randomness for some rows of a minibatch: each gets what it would get if the whole minibatch was drawn for, so
/// that processes that divide a minibatch among them draw what a single one does.
/// </summary>
/// <param name="device">The device of the draws.</param>
public sealed class SliceGenerator(Device device) : Generator(0, device)
{
    /// <summary>Gets or sets the place of the first of the rows in the minibatch, and the number of rows of the minibatch.</summary>
    public (long First, long Of) Place { get; set; }

    /// <summary>Makes draws for rows, by drawing for the whole minibatch where the rows are a part of one.</summary>
    /// <param name="generator">Source of randomness; null for the global one.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="axis">The axis of the rows in the draws.</param>
    /// <param name="draw">Draws for a number of rows.</param>
    internal static Tensor Draw(Generator? generator, long rows, int axis, Func<long, Tensor> draw) =>
        generator is SliceGenerator { Place: var place } && rows < place.Of ? draw(place.Of).narrow(axis, place.First, rows) : draw(rows);
}
