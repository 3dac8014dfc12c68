using System.Globalization;
using Latent.Data.Rows;

namespace Latent.CommandLine;

/// <summary>
/// Reads the value of --shard: a part such as 3/16, or auto for the part of this task of a Slurm array or a Kubernetes job.
/// </summary>
internal static class ArrayTask
{
    /// <summary>What --shard must be, for messages.</summary>
    public const string Expected = "I/N with I from 1 to N, or auto";

    private const string Auto = "auto";
    private const string Slurm = "SLURM_ARRAY_TASK_";
    private const string Kubernetes = "JOB_COMPLETION_INDEX";

    /// <summary>Tells whether a text is a value of --shard.</summary>
    public static bool IsValue(string text, out string? value)
    {
        value = text;
        return text == Auto || Shard.Parse(text) is not null;
    }

    /// <summary>Gets the part that a value of --shard means in this process.</summary>
    /// <param name="value">A value of --shard; null if it was not given.</param>
    /// <param name="count">The value of --shards, the number of parts for auto; null if it was not given.</param>
    /// <returns>The part; null if --shard was not given.</returns>
    /// <exception cref="UsageException">Auto is asked for, and the environment doesn't say which part this is.</exception>
    public static Shard? Of(string? value, long? count)
    {
        if (value == Auto)
            return OfEnvironment(count);
        return count is null
            ? value is null
                ? null
                : Shard.Parse(value)
            : throw new UsageException("--shards is the number of parts for --shard auto; --shard I/N says it itself.");
    }

    /// <summary>Tells whether a value of --shard is auto.</summary>
    public static bool IsAuto(string? value) => value == Auto;

    private static Shard OfEnvironment(long? count)
    {
        if (Variable(Slurm + "ID") is { } task)
        {
            var numbers = (First: Variable(Slurm + "MIN") ?? 0, Step: Math.Max(1, Variable(Slurm + "STEP") ?? 1));
            // With --shards, a part of the tasks may be submitted again, so that their least number says nothing.
            if (count is not null)
                return Task(task, count.Value, $"{Slurm}ID is {task}");
            var tasks =
                Variable(Slurm + "COUNT")
                ?? throw new UsageException(
                    $"--shard auto finds {Slurm}ID but no {Slurm}COUNT; --shards N says how many parts there are, of which task 0 makes the first."
                );
            if (Variable(Slurm + "MAX") is { } last && (last - numbers.First) / numbers.Step + 1 != tasks)
            {
                throw new UsageException(
                    $"--shard auto finds an array of {tasks} tasks numbered from {numbers.First} to {last} with gaps; --shards N says how many parts there are, of which task 0 makes the first."
                );
            }

            return Task((task - numbers.First) / numbers.Step, tasks, $"{Slurm}ID is {task} and {Slurm}MIN is {numbers.First}");
        }

        if (Variable(Kubernetes) is { } index)
        {
            return count is not null
                ? Task(index, count.Value, $"{Kubernetes} is {index}")
                : throw new UsageException($"--shard auto finds {Kubernetes} but not the number of parts; --shards N says it.");
        }

        throw new UsageException(
            $"--shard auto finds neither {Slurm}ID nor {Kubernetes}; it must run as a task of a Slurm array or of an indexed Kubernetes job, or be I/N."
        );
    }

    private static Shard Task(long index, long count, string found) =>
        index >= 0 && index < count && count <= int.MaxValue
            ? new Shard((int)index + 1, (int)count)
            : throw new UsageException($"--shard auto: {found}, which is none of {count} parts.");

    private static long? Variable(string name)
    {
        var text = Environment.GetEnvironmentVariable(name);
        return string.IsNullOrEmpty(text) ? null
            : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
            : throw new UsageException($"{name} is '{text}'; it must be a whole number from 0.");
    }
}
