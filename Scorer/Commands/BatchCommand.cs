using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using Latent.CommandLine;
using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Contracts.Files;
using Latent.Data.Images;
using Latent.Data.Rows;
using Latent.Data.Tables;
using Latent.Scorer.Inputs;
using Latent.Scorer.Outputs;
using Latent.Scorer.Reporting;

namespace Latent.Scorer.Commands;

/// <summary>
/// Scores rows in three concurrent stages: one thread reads and decodes batches, one runs the graph, one writes. For tables, several
/// threads run the graph, each on a batch of its own. Only a few batches are in flight at any time, so memory does not grow with the number
/// of rows.
/// </summary>
internal sealed class BatchCommand : IDisposable
{
    private const int BatchesAhead = 2;
    private const long MaxGarbage = 1 << 20;

    // The graph of a wider row keeps all processors busy by itself, and several batches would take more memory.
    private const int WidestApart = 4096;
    private readonly ScoreSettings _settings;
    private readonly List<GraphRunner> _runners = [];
    private readonly BlockingCollection<GraphRunner> _idle = [];
    private readonly RowSource _source;
    private readonly RowResults _results;
    private readonly double _pixelScale;
    private readonly ConcurrentBag<RowBatch> _pool = [];
    private readonly Auroc? _auroc;
    private readonly RowLabels? _labels;
    private readonly ProgressLine _progress;
    private long _rows;
    private long _anomalies;

    private BatchCommand(ScoreSettings settings, LatentBundle bundle, int runners, CancellationToken cancellation)
    {
        _labels = RowLabels.Of(settings, bundle);
        _settings = settings;
        _results = RowResults.Of(settings, bundle);
        for (var i = 0; i < runners; i++)
        {
            _runners.Add(new GraphRunner(bundle, _results.Graph, settings.BatchSize, _results.Tensors));
            _idle.Add(_runners[i], CancellationToken.None);
        }

        _pixelScale = bundle.Manifest.Input.Image is null ? 1 : bundle.Manifest.Recipe.Data.PixelScale;
        _source = Open(settings, bundle, cancellation);
        _auroc = settings.Table.Label is null || _labels is not null ? null : new Auroc();
        _progress = new ProgressLine(settings.Operation.ToString().ToLowerInvariant(), settings.Quiet);
    }

    /// <summary>Runs the command.</summary>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static int Run(ScoreSettings settings, CancellationToken cancellation)
    {
        Sinks.RefuseInput(settings);
        // Opening the input may take long, and a second run with this output must not end meanwhile.
        using var reserved = settings.Output == "-" ? null : AtomicFile.Reserve(settings.Output);
        var manifest = ManifestFile.Read(settings.Model);
        if (manifest.Kind == ModelKind.Denoiser)
        {
            PictureCommand.RefuseOther(settings.Operation, manifest);
            if (PictureCommand.Takes(settings))
                return PictureCommand.Run(settings, cancellation);
        }

        var input = manifest.Input;
        var apart = settings.Gpu is null && input.Image is null && input.Shape.Aggregate(1, (a, b) => a * b) <= WidestApart;
        var threads = settings.Threads > 0 ? Math.Min(settings.Threads, Environment.ProcessorCount) : Environment.ProcessorCount;
        var options = new LatentBundleOptions
        {
            Threads = apart ? 1 : settings.Threads,
            GpuDevice = settings.Gpu,
            FallBackToCpu = settings.FallBackToCpu,
            AllowAnyOperator = settings.AllowAnyOperator,
        };
        using var bundle = LatentBundle.Load(settings.Model, options);
        using var stopping = cancellation.Register(bundle.Terminate);
        using var command = new BatchCommand(settings, bundle, apart ? threads : 1, cancellation);
        if (bundle.FallBackReason is { } reason)
            Console.Error.WriteLine(Printable.Of($"Running on the CPU: {reason}"));
        using var sink = Sinks.Create(settings, bundle, command._source, command._results.Columns(command._source));
        using var skipped = new SkippedFile(settings.Output, settings.SkippedPath);
        if (command._source.Note is { } note && !settings.Quiet)
            Console.Error.WriteLine(note);
        try
        {
            skipped.Write(command._source.LeftOut);
            command.Pump(sink, skipped, cancellation);
            sink.Complete();
            skipped.Complete();
            var written = settings.OnlyAnomalies ? command._anomalies : command._rows;
            settings.Part?.Finish(command._rows, written, skipped.Count, command._source);
        }
        catch (Exception e) when (FileError.Is(e))
        {
            throw FileError.CannotWrite(settings.Output, e);
        }
        finally
        {
            command._progress.End();
        }

        command.Summarize(skipped.Count, (sink as DriftSink)?.Report);
        return sink is DriftSink { Report.HasDrifted: true } ? ExitCodes.Drift
            : skipped.Count > 0 ? ExitCodes.Skipped
            : ExitCodes.Done;
    }

    // Opening may wait for the first line of standard input, which can't be interrupted: the wait is abandoned when the run is stopped.
    private static RowSource Open(ScoreSettings settings, LatentBundle bundle, CancellationToken cancellation)
    {
        var opening = Task.Factory.StartNew(
            () => Inputs.Sources.Open(settings, bundle),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );
        opening.WaitAsync(cancellation).ContinueWith(_ => { }, TaskScheduler.Default).Wait(CancellationToken.None);
        cancellation.ThrowIfCancellationRequested();
        return opening.GetAwaiter().GetResult();
    }

    public void Dispose()
    {
        _source.Dispose();
        foreach (var runner in _runners)
            runner.Dispose();
        _idle.Dispose();
    }

    private void Pump(RowSink sink, SkippedFile skipped, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var read = Channel.CreateBounded<RowBatch>(BatchesAhead);
        var scored = Channel.CreateBounded<Task<RowBatch>>(Math.Max(BatchesAhead, _runners.Count));
        var reading = Stage(() => Read(read.Writer, stop.Token), () => read.Writer.TryComplete());
        var scoring = Stage(
            () => ForEach(read.Reader, batch => Score(batch, scored.Writer, stop.Token), stop.Token),
            () =>
            {
                scored.Writer.TryComplete();
                WaitForRuns();
            }
        );
        var writing = Stage(
            () => ForEach(scored.Reader, batch => Write(batch.GetAwaiter().GetResult(), sink, skipped), stop.Token),
            () => { }
        );
        WaitFor([scoring, writing], Timeout.InfiniteTimeSpan);
        // A read of standard input can't be interrupted: when only that is left, it is abandoned.
        WaitFor([scoring, writing, reading], stop.IsCancellationRequested ? TimeSpan.FromSeconds(0.5) : Timeout.InfiniteTimeSpan);
        // Of several failed stages, the one that failed by itself is the cause; the others were canceled.
        var failures = new[] { reading, scoring, writing }
            .Where(t => t.IsFaulted)
            .Select(t => t.Exception!.InnerException!)
            .OrderBy(e => e is OperationCanceledException ? 1 : 0);
        if (failures.FirstOrDefault() is { } failure)
            ExceptionDispatchInfo.Throw(failure);

        Task Stage(Action work, Action end) =>
            Task.Factory.StartNew(
                () =>
                {
                    try
                    {
                        work();
                    }
                    catch
                    {
                        stop.Cancel();
                        throw;
                    }
                    finally
                    {
                        end();
                    }
                },
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default
            );
    }

    private static void WaitFor(Task[] tasks, TimeSpan time)
    {
        try
        {
            Task.WaitAll(tasks, time);
        }
        catch (AggregateException)
        {
            // Rethrown below, when all stages have ended.
        }
    }

    private void Read(ChannelWriter<RowBatch> next, CancellationToken stop)
    {
        var collected = 0L;
        while (true)
        {
            // Batches leave short-lived garbage; collecting it often keeps memory the same at the millionth row as at the first.
            if (GC.GetTotalAllocatedBytes() - collected > MaxGarbage)
            {
                GC.Collect(0);
                collected = GC.GetTotalAllocatedBytes();
            }

            if (!_pool.TryTake(out var batch))
            {
                batch = new RowBatch(_settings.BatchSize, _source.RowLength, _results.Numbers, _results.Texts)
                {
                    Unseen = _settings.Explain > 0 ? [] : null,
                };
            }

            batch.Clear();
            if (!_source.Read(batch, stop))
                return;
            _labels?.SkipUnknown(batch);
            next.WriteAsync(batch, stop).AsTask().GetAwaiter().GetResult();
        }
    }

    // Batches are written in the order in which they begin here, whichever run ends first.
    private void Score(RowBatch batch, ChannelWriter<Task<RowBatch>> next, CancellationToken stop)
    {
        var runner = _idle.Take(stop);
        var run = Task.Run(
            () =>
            {
                try
                {
                    return Score(batch, runner);
                }
                finally
                {
                    _idle.Add(runner, CancellationToken.None);
                }
            },
            CancellationToken.None
        );
        next.WriteAsync(run, stop).AsTask().GetAwaiter().GetResult();
    }

    private RowBatch Score(RowBatch batch, GraphRunner runner)
    {
        if (batch.Skipped.Count > 0 && !_settings.SkipErrors)
            throw new LatentException(batch.Skipped[0].Reason);
        if (batch.Count == 0)
            return batch;
        for (var row = 0; row < batch.Count; row++)
            batch.Row(row).CopyTo(runner.InputRow(row));
        if (_source is not (ImageSource or CodeSource))
            Multiply(batch.Count, runner.InputRow, _pixelScale);
        for (var row = 0; row < batch.Count && _labels is not null; row++)
            runner.InputRow(row)[^1] = _labels.Of(batch, row);
        runner.Run(batch.Count);
        for (var row = 0; row < batch.Count; row++)
            _results.Take(runner, row, batch);
        return batch;
    }

    // What runs uses the runners, which are then disposed.
    private void WaitForRuns()
    {
        foreach (var _ in _runners)
            _idle.Take(CancellationToken.None);
    }

    private void Write(RowBatch batch, RowSink sink, SkippedFile skipped)
    {
        if (sink is not ImageSink && _settings.Operation is Operation.Reconstruct or Operation.Denoise or Operation.Sample)
            Multiply(batch.Count, batch.Result, 1 / _pixelScale);
        _rows += batch.Count;
        for (var row = 0; row < batch.Count && _auroc is not null; row++)
            _auroc.Add(batch.Result(row)[0], Truth.Of(batch.Labels[row]) == true);
        if ((_results as ScoreResults)?.Rule is { } rule)
        {
            for (var row = 0; row < batch.Count; row++)
                _anomalies += rule.IsAnomaly(batch.Result(row)[0]) ? 1 : 0;
            if (_settings.OnlyAnomalies)
                batch.Keep(row => rule.IsAnomaly(batch.Result(row)[0]));
        }

        sink.Write(batch);
        skipped.Write(batch.Skipped);
        _progress.Show(_rows, _source.Progress);
        _pool.Add(batch);
    }

    // The graph's pixels are 0 to 255, as those of images are; a table of images has the units of the table the model was trained on.
    private static void Multiply(int count, Func<int, Span<float>> row, double factor)
    {
        for (var i = 0; i < count && factor != 1; i++)
        {
            foreach (ref var value in row(i))
                value = (float)(value * factor);
        }
    }

    private static void ForEach<T>(ChannelReader<T> reader, Action<T> action, CancellationToken stop)
    {
        while (reader.WaitToReadAsync(stop).AsTask().GetAwaiter().GetResult())
        {
            while (reader.TryRead(out var item))
                action(item);
        }
    }

    private void Summarize(long skipped, DriftReport? drift)
    {
        var seconds = _progress.Seconds;
        var output = _settings.Output == "-" && _settings.HasOutput ? Console.Error : Console.Out;
        if (_auroc is not null)
        {
            output.WriteLine(
                _auroc.Value() is { } value
                    ? string.Create(
                        CultureInfo.InvariantCulture,
                        $"anomaly AUROC {value:F4} ({_auroc.Anomalies} anomalies of {_auroc.Rows} rows)"
                    )
                    : $"anomaly AUROC is not defined: {_auroc.Anomalies} of {_auroc.Rows} rows are anomalies, and both kinds are needed"
            );
        }

        if (_settings.Quiet)
            return;
        drift?.Write(output, _settings.Verbose);
        var rate = ProgressText.Number(_rows / Math.Max(seconds, 1e-9));
        var line = string.Create(
            CultureInfo.InvariantCulture,
            $"{(_settings.OnlyAnomalies ? $"{ProgressText.Number(_anomalies)} of " : "")}{ProgressText.Number(_rows)} rows{(_settings.HasOutput ? $" to {_settings.Output}" : "")} in {seconds:F1} s ({rate} rows/s)"
        );
        if (skipped > 0)
        {
            line += $"; {ProgressText.Number(skipped)} skipped{(_settings.Output == "-" ? "" : $", listed in {_settings.SkippedPath}")}";
        }

        output.WriteLine(Printable.Of(line));
        if ((_results as ScoreResults)?.Rule is { } rule)
        {
            var share = string.Create(CultureInfo.InvariantCulture, $"{100.0 * _anomalies / Math.Max(1, _rows):0.##}%");
            output.WriteLine($"{ProgressText.Number(_anomalies)} rows ({share}) are anomalies: a {rule}.");
        }
    }
}
