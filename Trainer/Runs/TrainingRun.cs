using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Contracts.Layers;
using Latent.Contracts.Recipes;
using Latent.Contracts.Training;
using Latent.Trainer.Checkpoints;
using Latent.Trainer.Data;
using Latent.Trainer.Engines;
using Latent.Trainer.Evaluation;
using Latent.Trainer.Export;
using Latent.Trainer.Mpi;
using Latent.Trainer.Training;
using Latent.Trainer.Training.Listeners;
using TorchSharp;

namespace Latent.Trainer.Runs;

/// <summary>Performs a complete run: trains a recipe's model on rows and exports the bundle.</summary>
public static class TrainingRun
{
    /// <summary>Trains and exports a bundle, or continues an unfinished run.</summary>
    /// <param name="recipe">A validated recipe.</param>
    /// <param name="data">The rows; see <see cref="DataLoader"/>.</param>
    /// <param name="options">Output folder and other options.</param>
    /// <param name="stop">
    /// When cancelled, the current step is finished, a checkpoint is saved, and the run returns without a bundle.
    /// </param>
    /// <exception cref="LatentException">
    /// Something outside the program is wrong, the output holds a finished bundle, or the loss became NaN; the message says what.
    /// </exception>
    /// <exception cref="OperationCanceledException">The run was cancelled before it began; an unfinished run is unchanged.</exception>
    public static RunResult Execute(Recipe recipe, DataSplits data, RunOptions options, CancellationToken stop = default)
    {
        if (data.Validation is null && (recipe.Training.Patience is not null || recipe.Training.KeepBest))
            throw new LatentException("training.patience and training.keepBest need validation rows; set data.validation above 0.");
        recipe = LayerShapes.Resolve(recipe, data.Train.Input.NetworkShape());
        var ranks = options.Ranks;
        RefuseLoneRow(recipe, data.Train, ranks.Count);
        if (ranks.Count > 1 && recipe.Latent.Codebook is not null)
        {
            throw new LatentException(
                $"{recipe.Name} has latent.codebook, which learns from whole minibatches, but each of {ranks.Count} processes has a slice of them; it must be trained without --mpi."
            );
        }

        var device = DeviceOf(options.Device);
        if ((ranks.Count == 1 ? options.Threads : ranks.Threads(options.Threads)) is { } threads)
        {
            if (threads < 1 || threads > Machine.MaxThreads)
            {
                throw new LatentException(
                    $"{threads} threads are asked for; it must be from 1 to {Machine.MaxThreads}, four for each processor."
                );
            }

            torch.set_num_threads(threads);
        }

        ranks.RefuseOther("another engine", Engine.Name);
        ranks.RefuseOther("another recipe", Comparable(recipe));
        ranks.RefuseOther("other data", data.Fingerprint);
        if (!ranks.IsFirst)
            return Follow(recipe, data, device, ranks, stop);
        using var folder = RunFolder.Open(options.Output);
        // A destination that can't take the bundle is refused before hours of training, not after.
        BundleWriter.Begin(options.Output, folder.Lock).Dispose();
        var checkpoint = options.Resume ? folder.Checkpoints.LoadNewest(options.Display.Say) : null;
        if (options.Resume && checkpoint is null && folder.Checkpoints.Any)
            throw new LatentException($"No checkpoint in {folder.Path} is whole; leave --resume out to start over.");
        if (options.Resume && checkpoint is null && Finished(recipe, data, options.Output) is { } manifest)
        {
            options.Display.Say($"Nothing is left to do: {options.Output} is finished.");
            folder.Remove();
            SharedStart.GiveNothing(ranks);
            return new RunResult(options.Output, manifest, (long)manifest.Metrics.GetValueOrDefault("steps"));
        }

        // An unfinished run beside a bundle was allowed to replace it when it began.
        if (checkpoint is null)
            RefuseFinished(options);
        using var session = new TrainingSession(recipe, data.Train, device, ranks);
        // A run that is stopped while the data are read has nothing to save, and must not discard an unfinished run.
        stop.ThrowIfCancellationRequested();
        var position = new TrainingPosition();
        if (checkpoint is { } found)
        {
            Continue(session, folder, found.State, found.Tensors, data, options);
            position = found.State.Position;
        }
        else
        {
            Begin(session, folder, options);
        }

        SharedStart.Give(session, position);
        if (ranks.Count > 1)
            options.Display.Say($"{ranks.Count} processes of {torch.get_num_threads()} threads train{OnSlices(recipe)}.");
        position = Train(session, data, folder, position, options.Display, stop, options.PauseAfter);
        if (!position.Finished)
            return new RunResult(null, null, position.Step);
        try
        {
            var bundle = BundleExport.Write(session, position, data, folder, options.Output, options.Display.Say, stop);
            folder.Remove();
            return new RunResult(options.Output, bundle, position.Step);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return new RunResult(null, null, position.Step);
        }
    }

    /// <summary>Refuses to replace a finished bundle unless this is allowed.</summary>
    /// <exception cref="LatentException">There is a finished bundle, and <see cref="RunOptions.Force"/> is not set.</exception>
    internal static void RefuseFinished(RunOptions options)
    {
        if (!options.Force && File.Exists(Path.Combine(options.Output, ManifestFile.Name)))
        {
            throw new LatentException(
                $"{options.Output} holds a finished bundle; --force (RunOptions.Force) trains over it, and another --out beside it."
            );
        }
    }

    /// <summary>Trains from a position to the end, with everything that a run stores and shows.</summary>
    /// <returns>The position of training; not finished if the run was stopped, after a checkpoint.</returns>
    /// <exception cref="LatentException">The loss became NaN or infinite, or a checkpoint could not be written.</exception>
    internal static TrainingPosition Train(
        TrainingSession session,
        DataSplits data,
        RunFolder folder,
        TrainingPosition position,
        ITrainingDisplay display,
        CancellationToken stop = default,
        int? pauseAfter = null
    )
    {
        var recipe = session.Recipe;
        using var pause = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var validation = data.Validation is { } rows ? new ValidationLosses(session, rows) : null;
        using var log = new TrainingLog(folder.LogPath, position.LogBytes);
        var best = new BestWeights(position.BestLoss, position.BestEpoch);
        var checkpoints = new CheckpointSaver(folder, data.Fingerprint, log, best, position.Step);
        ITrainingListener?[] listeners =
        [
            validation,
            log,
            new ProgressListener(display, position.Step),
            data.Test is { } test && LikelihoodCurve.IsOf(recipe) ? new LikelihoodCurve(LikelihoodCurve.Rows(test), display) : null,
            best,
            recipe.Training.Patience is { } patience ? new EarlyStopping(best, patience, display) : null,
            checkpoints,
            pauseAfter is { } epochs ? new EpochPause(epochs, pause) : null,
        ];
        using var loop = new TrainingLoop(session, data.Train, position, [.. listeners.OfType<ITrainingListener>()]);
        try
        {
            loop.Run(pause.Token);
            return loop.Snapshot();
        }
        catch (DivergenceException e)
        {
            throw new LatentException(
                $"{e.Message}; the last good checkpoint is {checkpoints.LastGood ?? "none"}. A smaller optimizer.learningRate or an optimizer.clipNorm may help.",
                e
            );
        }
    }

    // A process that only trains: the first one reads checkpoints, writes, and decides when training ends.
    private static RunResult Follow(Recipe recipe, DataSplits data, torch.Device device, Ranks ranks, CancellationToken stop)
    {
        using var session = new TrainingSession(recipe, data.Train, device, ranks);
        if (SharedStart.Receive(session) is not { } position)
            return new RunResult(null, null, 0);
        using var validation = data.Validation is { } rows ? new ValidationLosses(session, rows) : null;
        using var loop = new TrainingLoop(session, data.Train, position, validation is null ? [] : [validation]);
        try
        {
            loop.Run(stop);
            return new RunResult(null, null, loop.Position.Step);
        }
        catch (DivergenceException e)
        {
            throw new LatentException($"{e.Message}.", e);
        }
    }

    // What looks at a whole minibatch sees a process's slice of it.
    private static string OnSlices(Recipe recipe)
    {
        string[] what =
        [
            .. recipe.Encoder.Concat(recipe.Decoder).Any(layer => LayerDefinition.Of(layer.Type).MixesRows)
                ? (string[])["batch normalization"]
                : [],
            .. recipe.Objective.Trim > 0 ? (string[])["objective.trim"] : [],
            .. recipe.Objective.FreeBits > 0 ? (string[])["objective.freeBits"] : [],
            .. recipe.Objective.Mmd > 0 ? (string[])["objective.mmd"] : [],
            .. recipe.Objective.TotalCorrelation > 0 ? (string[])["objective.totalCorrelation"] : [],
        ];
        return what.Length == 0 ? "" : $"; {string.Join(" and ", what)} {(what.Length == 1 ? "sees" : "see")} the slice of each";
    }

    private static void Begin(TrainingSession session, RunFolder folder, RunOptions options)
    {
        if (session.Recipe.Initialization.Bundle is { } bundle)
        {
            session.StartFrom(bundle);
            options.Display.Say($"Weights start from {session.StartedFrom}");
        }

        if (options.Resume)
            options.Display.Say("There is no checkpoint to resume; training starts from the beginning.");
        else if (folder.Checkpoints.Any)
            options.Display.Say("An unfinished run is started over; --resume would have continued it.");
        folder.Clear();
        RecipeFile.Write(session.Recipe, folder.RecipePath);
    }

    private static void Continue(
        TrainingSession session,
        RunFolder folder,
        CheckpointState state,
        Dictionary<string, SafeTensor> tensors,
        DataSplits data,
        RunOptions options
    )
    {
        var path = Path.Combine(folder.Path, state.Tensors);
        var before = RecipeFile.Read(folder.RecipePath);
        if (Comparable(before) != Comparable(session.Recipe))
        {
            var (was, now) = Lines(before).Zip(Lines(session.Recipe)).First(lines => lines.First != lines.Second);
            throw new LatentException(
                $"The unfinished run in {folder.Path} has another recipe ({was} rather than {now}); give it the same options, or leave --resume out to start over."
            );
        }

        if (state.DataFingerprint != data.Fingerprint)
        {
            throw new LatentException(
                $"The unfinished run in {folder.Path} learned from other data; give it the same, or leave --resume out to start over."
            );
        }

        RefusePosition(session.Recipe, state, data.Train.Count, path);
        session.FromTensors(tensors, state.StartedFrom, path);
        options.Display.Say(
            state.Position.Finished
                ? "Resuming: training is finished, the bundle is made."
                : $"Resuming after step {state.Position.Step} (epoch {state.Position.Epoch + 1})."
        );
        var (trained, trains) = (
            Of(state.Engine, state.Threads, state.Ranks),
            Of(Engine.Name, torch.get_num_threads(), options.Ranks.Count)
        );
        if (trained != trains)
            options.Display.Say($"The checkpoint comes from {trained}, this is {trains}: results may differ in the last digits.");

        static string Of(string engine, int threads, int ranks) =>
            $"{engine} with {(ranks == 1 ? "" : $"{ranks} processes of ")}{threads} threads";
    }

    private static void RefusePosition(Recipe recipe, CheckpointState state, int trainingRows, string path)
    {
        var position = state.Position;
        var epoch = new EpochSteps(recipe.Training, checked(trainingRows * (recipe.Data.Mirror ? 2 : 1)));
        var (rows, steps) = (epoch.RowsOfEpoch, epoch.Count);
        if (state.Random.Seed != recipe.Training.Seed)
        {
            throw new LatentException(
                $"{path} belongs to a run of seed {state.Random.Seed}, but this one's is {recipe.Training.Seed}; leave --resume out to start over."
            );
        }

        var epochs = new LearningRateSchedule(recipe).Epochs;
        if (
            position.Epoch < 0
            || position.Epoch > epochs
            || position.StepInEpoch < 0
            || position.StepInEpoch > steps
            || position.EpochRows > rows
            || position.Step != (position.Epoch * steps) + position.StepInEpoch
        )
        {
            throw new LatentException(
                $"{path} stands after step {position.Step}, in epoch {position.Epoch + 1} after {position.StepInEpoch} steps of it, where this run of {steps} steps an epoch can't; leave --resume out to start over."
            );
        }

        var isLast =
            position.Epoch > 0 && position.StepInEpoch == 0 && (position.Epoch == epochs || position.Step >= recipe.Training.MaxSteps);
        var isStoppedEarly =
            position is { Epoch: > 0, StepInEpoch: 0 }
            && recipe.Training.Patience is { } patience
            && EarlyStopping.IsDue(recipe, position.Epoch, position.BestEpoch, patience);
        if (position.Finished ? !isLast && !isStoppedEarly : isLast)
        {
            throw new LatentException(
                $"{path} stands after epoch {position.Epoch} and calls the training {(position.Finished ? "finished" : "unfinished")}, which it can't be by the recipe's training.epochs ({epochs}), training.maxSteps and training.patience; leave --resume out to start over."
            );
        }
    }

    // The path of the data, the texts and the frequency of checkpoints change no result.
    private static string Comparable(Recipe recipe) =>
        RecipeFile.ToJson(
            recipe with
            {
                Description = "",
                About = new AboutRecipe(),
                Data = recipe.Data with { Path = null },
                Training = recipe.Training with { CheckpointSeconds = 0, LineSeconds = null },
            }
        );

    private static IEnumerable<string> Lines(Recipe recipe) => Comparable(recipe).Split('\n').Select(line => line.Trim(' ', ','));

    private static BundleManifest? Finished(Recipe recipe, DataSplits data, string output)
    {
        if (!File.Exists(Path.Combine(output, ManifestFile.Name)))
            return null;
        var manifest = ManifestFile.Read(output);
        return Comparable(manifest.Recipe) == Comparable(recipe) && manifest.DataFingerprint == data.Fingerprint ? manifest : null;
    }

    // Batch normalization has no variance of a single value, and this should not be found only at the end of an epoch.
    private static void RefuseLoneRow(Recipe recipe, DataSet train, int ranks)
    {
        var batch = recipe.Training.BatchSize;
        int[] batches = [Math.Min(batch, train.Count), train.Count % batch];
        if (!batches.Any(rows => rows > 0 && Enumerable.Range(0, ranks).Any(rank => Ranks.Slice(rows, rank, ranks).Count == 1)))
            return;
        var shapes = LayerShapes.Of(recipe, train.Input);
        var layers = Layers("encoder", recipe.Encoder, shapes.Encoder);
        if (recipe.Objective.Samples == 1)
            layers = layers.Concat(Layers("decoder", recipe.Decoder, shapes.Decoder));
        if (layers.FirstOrDefault(layer => LayerDefinition.Of(layer.Type).MixesRows && layer.Values == 1) is { Name: { } name } norm)
        {
            throw new LatentException(
                $"{name} is {RecipeNames.Of(norm.Type)}, which needs two rows at least, but training.batchSize {batch} makes a minibatch of a single one of the {train.Count} training rows{(ranks == 1 ? "" : $" for one of {ranks} processes")}; another training.batchSize does not."
            );
        }

        static IEnumerable<(string Name, LayerType Type, int Values)> Layers(
            string part,
            IReadOnlyList<LayerRecipe> layers,
            IReadOnlyList<IReadOnlyList<int>> shapes
        ) => layers.Select((layer, i) => ($"{part}[{i}]", layer.Type, shapes[i].Skip(1).Aggregate(1, (product, size) => product * size)));
    }

    private static torch.Device DeviceOf(string name)
    {
        if (name == "cpu")
            return torch.CPU;
        if (!torch.cuda.is_available())
            throw new LatentException($"--device {name}: {Engine.Name} finds no CUDA device here; cpu works everywhere.");
        var device = torch.device(name);
        return device.index < torch.cuda.device_count()
            ? device
            : throw new LatentException($"--device {name}: there are {torch.cuda.device_count()} CUDA devices, counted from 0.");
    }
}
