using System.Runtime.Versioning;
using System.Text;
using Latent.Contracts.Recipes;
using Latent.Trainer.Mpi;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Latent.Trainer.Training;

/// <summary>
/// Divides the optimizer's step among the processes of one machine. The weights and the optimizer's moments lie in memory that all of them
/// see; each process puts its gradients there, sums those of its part of the weights, and changes this part.
/// </summary>
internal sealed class SharedStep : IDisposable
{
    private const int CacheLine = 16;

    // So many floats of the weights, gradients and moments stay in a second-level cache together from their sum to their step.
    private const int BlockOfThread = 32 * 1024;
    private readonly Ranks _ranks;
    private readonly (Tensor Weights, Tensor Gradients) _memory;
    private readonly OptimizerHelper _whole;
    private readonly Block[] _blocks;

    // Rows: the weights, each of the optimizer's moments, and the gradients of each process. Gradients have tensors of their own: an
    // engine that notices changes of what a backward pass needs takes those for changes of the weights.
    private SharedStep(
        Ranks ranks,
        (Tensor Weights, Tensor Gradients) memory,
        Parameter[] parameters,
        OptimizerRecipe recipe,
        OptimizerHelper whole,
        Tensor[][] remembered
    )
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        (_ranks, _memory, _whole) = (ranks, memory, whole);
        var moments = remembered[0].Length;
        foreach (var (parameter, place) in parameters.Zip(Places(memory.Weights[0], parameters)))
            parameter.set_(place.copy_(parameter));
        for (var i = 0; i < moments; i++)
        {
            foreach (var (moment, place) in remembered.Zip(Places(memory.Weights[1 + i], parameters)))
                moment[i].set_(place.copy_(moment[i]));
        }

        Gradients = [.. Places(memory.Gradients[1 + moments + ranks.Rank], parameters).Select(place => place.DetachFromDisposeScope())];
        var lines = memory.Weights.shape[1] / CacheLine;
        var (first, end) = (lines * ranks.Rank / ranks.Count * CacheLine, lines * (ranks.Rank + 1) / ranks.Count * CacheLine);
        var size = BlockOfThread * get_num_threads();
        _blocks = new Block[(end - first + size - 1) / size];
        for (var i = 0; i < _blocks.Length; i++)
        {
            var at = first + (i * size);
            _blocks[i] = new Block(recipe, ranks, memory, moments, at, Math.Min(size, end - at));
            OptimizerMoments.CopySteps(whole, _blocks[i].Optimizer);
        }

        ranks.Meet();
    }

    /// <summary>Moves the weights and moments to where all processes see them.</summary>
    /// <param name="ranks">The processes, all of which must ask.</param>
    /// <param name="parameters">The weights, of the same values in all processes.</param>
    /// <param name="recipe">Makes an optimizer like the given one.</param>
    /// <param name="optimizer">The optimizer of the whole weights, which keeps its moments but makes no step any more.</param>
    /// <returns>Null where the processes see no memory together, or where a step needs all gradients.</returns>
    public static SharedStep? TryCreate(Ranks ranks, Parameter[] parameters, OptimizerRecipe recipe, OptimizerHelper optimizer)
    {
        if (recipe.ClipNorm is not null || parameters.Any(parameter => parameter.device.type != DeviceType.CPU))
            return null;
        var moments = OptimizerMoments.All(optimizer, recipe, parameters);
        var rows = 1 + moments[0].Length + ranks.Count;
        var columns = parameters.Sum(Lines) * CacheLine;
        return Map(ranks, rows, columns) is { } memory ? new SharedStep(ranks, memory, parameters, recipe, optimizer, moments) : null;
    }

    /// <summary>Gets where the gradients of this process go, in the shapes of the weights.</summary>
    public IReadOnlyList<Tensor> Gradients { get; }

    /// <summary>Changes the weights, once all processes have shared their gradients.</summary>
    public void Step()
    {
        using var _ = no_grad();
        var rate = _whole.ParamGroups.First().LearningRate;
        foreach (var block in _blocks)
            block.Step(rate);
        _ranks.Meet();
    }

    /// <summary>Gives the optimizer of the whole weights the number of steps made.</summary>
    public void WriteSteps()
    {
        if (_blocks.Length > 0)
            OptimizerMoments.CopySteps(_blocks[0].Optimizer, _whole);
    }

    public void Dispose()
    {
        foreach (var block in _blocks)
            block.Dispose();
        foreach (var tensor in Gradients.Append(_memory.Gradients).Append(_memory.Weights))
            tensor.Dispose();
    }

    private static IEnumerable<Tensor> Places(Tensor row, Parameter[] parameters)
    {
        var at = 0L;
        foreach (var parameter in parameters)
        {
            yield return row.narrow(0, at, parameter.numel()).reshape(parameter.shape);
            at += Lines(parameter) * CacheLine;
        }
    }

    private static long Lines(Parameter parameter) => (parameter.numel() + CacheLine - 1) / CacheLine;

    // The name goes as soon as all have opened the file, so that nothing stays behind however they end.
    private static (Tensor Weights, Tensor Gradients)? Map(Ranks ranks, long rows, long columns)
    {
        var mine = ranks.IsFirst && OperatingSystem.IsLinux() ? NewFile(rows * columns * sizeof(float)) : "";
        var path = Encoding.UTF8.GetString(ranks.Broadcast(Encoding.UTF8.GetBytes(mine)));
        (Tensor, Tensor)? memory = File.Exists(path) ? (Open(), Open()) : null;
        var all = ranks.All(memory is not null);
        if (mine.Length > 0)
            File.Delete(mine);
        // Another machine has no such file; all sum over MPI then.
        return all ? memory : null;

        Tensor Open() => from_file(path, shared: true, rows * columns, ScalarType.Float32).reshape(rows, columns).DetachFromDisposeScope();
    }

    [SupportedOSPlatform("linux")]
    private static string NewFile(long bytes)
    {
        var path = $"/dev/shm/latent-{Guid.NewGuid():N}";
        try
        {
            using var file = new FileStream(
                path,
                new FileStreamOptions
                {
                    Mode = FileMode.CreateNew,
                    Access = FileAccess.ReadWrite,
                    // Refused where there is not as much, as in containers that have 64 MB.
                    PreallocationSize = bytes,
                    UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
                }
            );
            file.SetLength(bytes);
            return path;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            File.Delete(path);
            return "";
        }
    }

    // Some of the weights, as a parameter of an optimizer of their own.
    private sealed class Block : IDisposable
    {
        private readonly Parameter _weights;
        private readonly Tensor _gradients;
        private readonly Tensor[] _others;

        public Block(OptimizerRecipe recipe, Ranks ranks, (Tensor Weights, Tensor Gradients) memory, int moments, long first, long count)
        {
            _weights = new Parameter(memory.Weights[0].narrow(0, first, count));
            _weights.DetachFromDisposeScope();
            _gradients = Gradients(ranks.Rank);
            _others = [.. Enumerable.Range(0, ranks.Count).Where(rank => rank != ranks.Rank).Select(Gradients)];
            _weights.grad = _gradients;
            Optimizer = OptimizerMoments.Create(recipe, [("", _weights)]);
            foreach (var (i, moment) in OptimizerMoments.All(Optimizer, recipe, [_weights])[0].Index())
                moment.set_(memory.Weights[1 + i].narrow(0, first, count));

            Tensor Gradients(int rank) => memory.Gradients[1 + moments + rank].narrow(0, first, count).DetachFromDisposeScope();
        }

        public OptimizerHelper Optimizer { get; }

        public void Step(double rate)
        {
            foreach (var other in _others)
                _gradients.add_(other);
            foreach (var group in Optimizer.ParamGroups)
                group.LearningRate = rate;
            Optimizer.step();
        }

        public void Dispose()
        {
            Optimizer.Dispose();
            foreach (var tensor in _others.Append(_gradients).Append(_weights))
                tensor.Dispose();
        }
    }
}
