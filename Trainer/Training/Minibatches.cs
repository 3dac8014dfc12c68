using Latent.Contracts.Recipes;
using Latent.Models;
using Latent.Models.Distributions;
using Latent.Trainer.Augmentation;
using Latent.Trainer.Data;
using static TorchSharp.torch;

namespace Latent.Trainer.Training;

/// <summary>
/// Holds rows in one resident tensor in model units, and provides them as minibatches with the recipe's binarization and noise.
/// </summary>
internal sealed class Minibatches : IDisposable
{
    private const int RowsAtOnce = 4096;
    private readonly Recipe _recipe;
    private readonly Noise? _noise;
    private readonly Tensor _rows;

    /// <summary>Moves rows to the device.</summary>
    /// <param name="set">The rows, in the data's units.</param>
    /// <param name="model">The model that converts to model units.</param>
    /// <param name="device">The device of the tensor.</param>
    /// <param name="mirror">Whether each image is added mirrored.</param>
    public Minibatches(DataSet set, Autoencoder model, Device device, bool mirror = false)
    {
        _recipe = model.Recipe;
        _noise = Noise.Of(_recipe.Noise, set.Input);
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var cells = set.Cells();
        long[] units = [set.Count, .. model.UnitShape];
        var rows = empty(units, device: device);
        for (var first = 0; first < set.Count; first += RowsAtOnce)
        {
            using var inner = NewDisposeScope();
            var count = Math.Min(RowsAtOnce, set.Count - first);
            var raw = tensor(cells[(first * set.CellCount)..((first + count) * set.CellCount)], set.CellShape(count), device: device);
            rows.narrow(0, first, count).copy_(model.ToModelUnits(raw));
        }

        if (mirror)
            rows = cat([rows, Mirror.LeftToRight(rows, set.Input.Image!)], 0);
        _rows = rows.DetachFromDisposeScope();
    }

    /// <summary>Gets the number of rows.</summary>
    public int Count => (int)_rows.shape[0];

    /// <summary>Gets rows of a minibatch: the input to encode, and the target to reconstruct.</summary>
    /// <param name="indices">The indices of the rows of the whole minibatch.</param>
    /// <param name="count">Number of rows, from the generator's place on.</param>
    /// <param name="generator">Source of randomness.</param>
    public (Tensor Input, Tensor Target) Take(Tensor indices, int count, SliceGenerator generator)
    {
        var first = generator.Place.First;
        if (count == indices.shape[0] || _recipe.Noise.Kind != NoiseKind.Swap)
            return Prepare(_rows.index_select(0, indices.narrow(0, first, count)), generator);
        // Cells are swapped with other rows of the whole minibatch.
        var (input, target) = Prepare(_rows.index_select(0, indices), generator);
        return (input.narrow(0, first, count), target.narrow(0, first, count));
    }

    /// <summary>Gets consecutive rows.</summary>
    public (Tensor Input, Tensor Target) Take(int first, int count, Generator generator) =>
        Prepare(_rows.narrow(0, first, count), generator);

    /// <summary>Frees the tensor.</summary>
    public void Dispose() => _rows.Dispose();

    private (Tensor Input, Tensor Target) Prepare(Tensor rows, Generator generator)
    {
        var target = _recipe.Data.Binarization == BinarizationKind.Dynamic ? Binarization.Draw(rows, generator) : rows;
        return (_noise is null ? target : _noise.Add(target, generator), target);
    }
}
