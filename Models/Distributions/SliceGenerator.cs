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

    /// <summary>Makes draws from 0 to 1 in the shape of rows.</summary>
    /// <param name="generator">Source of randomness; null for the global one.</param>
    /// <param name="rows">The rows, along the first axis.</param>
    public static Tensor Uniform(Generator? generator, Tensor rows) =>
        Draw(generator, rows.shape[0], 0, count => rand([count, .. rows.shape[1..]], device: rows.device, generator: generator));

    /// <summary>Makes draws from N(0, 1) in the shape of rows.</summary>
    /// <param name="generator">Source of randomness; null for the global one.</param>
    /// <param name="rows">The rows, along the first axis.</param>
    public static Tensor Normal(Generator? generator, Tensor rows) =>
        Draw(generator, rows.shape[0], 0, count => randn([count, .. rows.shape[1..]], device: rows.device, generator: generator));

    /// <summary>Makes draws for rows, by drawing for the whole minibatch where the rows are a part of one.</summary>
    /// <param name="generator">Source of randomness; null for the global one.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="axis">The axis of the rows in the draws.</param>
    /// <param name="draw">Draws for a number of rows.</param>
    public static Tensor Draw(Generator? generator, long rows, int axis, Func<long, Tensor> draw) =>
        generator is SliceGenerator { Place: var place } && rows < place.Of ? draw(place.Of).narrow(axis, place.First, rows) : draw(rows);
}
