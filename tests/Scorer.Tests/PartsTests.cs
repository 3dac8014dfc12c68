using System.Text.Json;
using Latent.Contracts.Bundles;
using Latent.Data.Files;

namespace Latent.Tests;

/// <summary>Outputs in parts: what is written, what is left alone, and what the joined parts are.</summary>
public sealed class PartsTests : IDisposable
{
    private static readonly string[] s_variables =
    [
        "SLURM_ARRAY_TASK_ID",
        "SLURM_ARRAY_TASK_MIN",
        "SLURM_ARRAY_TASK_MAX",
        "SLURM_ARRAY_TASK_STEP",
        "SLURM_ARRAY_TASK_COUNT",
        "JOB_COMPLETION_INDEX",
    ];

    private readonly Folder _folder = new();

    public PartsTests()
    {
        foreach (var name in s_variables)
            Environment.SetEnvironmentVariable(name, null);
    }

    public void Dispose()
    {
        foreach (var name in s_variables)
            Environment.SetEnvironmentVariable(name, null);
        _folder.Dispose();
    }

    private string[] Score(string output, params string[] more) =>
        [
            "score",
            "--model",
            MixedTable.Bundle,
            "--input",
            _folder["in.csv"],
            "--keep",
            "name",
            "--batch-size",
            "64",
            "--output",
            _folder[output],
            .. more,
        ];

    private ScorerRun Part(int part, int parts, params string[] more) =>
        ScorerRun.Of(Score("parts", ["--shard", $"{part}/{parts}", .. more]));

    private ScorerRun Merge(params string[] more) => ScorerRun.Of(["merge", _folder["parts"], .. more]);

    private void Write(int rows, int seed = 5) => _folder.Write("in.csv", MixedTable.Csv(MixedTable.Rows(rows, seed)));

    private byte[] Bytes(string name) => File.ReadAllBytes(_folder[name]);

    private string[] Parts() => [.. _folder.Files().Where(file => file.StartsWith("parts")).Select(file => file[6..])];

    // A columnar file's groups have 65,536 rows, so that the joined ones lie across the parts'.
    [Theory]
    [InlineData("csv", 1000)]
    [InlineData("csv.gz", 1000)]
    [InlineData("csv.zst", 1000)]
    [InlineData("parquet", 70_000)]
    [InlineData("arrow", 70_000)]
    public void The_joined_parts_have_the_bytes_of_one_run(string format, int rows)
    {
        Write(rows);
        foreach (
            var more in (string[][])
                [
                    ["--explain", "2"],
                    ["--only-anomalies", "--no-row-number"],
                ]
        )
        {
            Assert.Equal(0, ScorerRun.Of(Score($"whole.{format}", more)).Code);
            for (var part = 3; part >= 1; part--)
                Assert.Equal(0, Part(part, 3, ["--format", format, .. more]).Code);
            var merge = Merge("--output", _folder[$"merged.{format}"]);
            Assert.Equal((0, ""), (merge.Code, merge.Error));
            Assert.Equal(Whole($"whole.{format}"), Whole($"merged.{format}"));
        }

        // What gzip makes of a text depends on the lengths in which it gets it.
        byte[] Whole(string name)
        {
            if (!name.EndsWith(".gz"))
                return Bytes(name);
            using var stream = InputFile.Unpack(_folder[name], out _);
            using var memory = new MemoryStream();
            stream.CopyTo(memory);
            return memory.ToArray();
        }

        Assert.Equal(
            [
                "_part-00001-of-00003.json",
                "_part-00002-of-00003.json",
                "_part-00003-of-00003.json",
                $"part-00001-of-00003.{format}",
                $"part-00002-of-00003.{format}",
                $"part-00003-of-00003.{format}",
            ],
            Parts()
        );
    }

    [Fact]
    public void Parts_of_arrays_of_images_and_of_samples_are_joined_too()
    {
        foreach (var i in Enumerable.Range(0, 20))
            _folder.Write($"in/{i:00}.pgm", $"P2\n8 8\n255\n{string.Join(' ', Enumerable.Range(i, 64))}\n");
        string[] encode = ["encode", "--model", TestBundles.Pixels, "--input", _folder["in"], "--batch-size", "4", "--output"];
        string[] sample = ["sample", "--model", TestBundles.Pixels, "--count", "100", "--batch-size", "8", "--output"];
        foreach (var (name, command) in new[] { ("codes", encode), ("samples", sample) })
        {
            Assert.Equal(0, ScorerRun.Of([.. command, _folder[$"{name}.npy"]]).Code);
            for (var part = 1; part <= 3; part++)
                Assert.Equal(0, ScorerRun.Of([.. command, _folder[name], "--shard", $"{part}/3", "--format", "npy"]).Code);
            Assert.Equal(0, ScorerRun.Of("merge", _folder[name], "--output", _folder["merged.npy"]).Code);
            Assert.Equal(Bytes($"{name}.npy"), Bytes("merged.npy"));
        }
    }

    [Fact]
    public void Every_part_is_a_table_of_its_own_even_one_without_rows()
    {
        Write(100);
        Assert.Equal(0, ScorerRun.Of(Score("whole.csv")).Code);
        var whole = File.ReadAllLines(_folder["whole.csv"]);
        for (var part = 1; part <= 5; part++)
        {
            Assert.Equal(0, Part(part, 5).Code);
            Assert.Equal(whole[0], File.ReadLines(_folder[$"parts/part-{part:D5}-of-00005.csv"]).First());
        }

        Assert.Equal(0, Merge("--output", _folder["merged.csv"], "--quiet").Code);
        Assert.Equal(whole, File.ReadAllLines(_folder["merged.csv"]));
    }

    [Fact]
    public void Several_tables_are_divided_by_files_and_keep_their_order()
    {
        for (var i = 0; i < 5; i++)
            _folder.Write($"days/{i}.csv", Table.Csv(Table.Rows(50 + i)));
        string[] command = ["encode", "--model", TestBundles.Table, "--input", _folder["days"], "--output"];
        Assert.Equal(0, ScorerRun.Of([.. command, _folder["whole.csv"]]).Code);
        for (var part = 1; part <= 3; part++)
            Assert.Equal(0, ScorerRun.Of([.. command, _folder["parts"], "--shard", $"{part}/3"]).Code);
        Assert.Equal(0, Merge("--output", _folder["merged.csv"]).Code);
        Assert.Equal(Bytes("whole.csv"), Bytes("merged.csv"));
    }

    [Fact]
    public void Skipped_rows_are_listed_once_and_the_exit_code_says_so_every_time()
    {
        var rows = MixedTable.Rows(300);
        foreach (var bad in (int[])[3, 70, 290])
            rows[bad][2] = "much";
        _folder.Write("in.csv", MixedTable.Csv(rows));
        Assert.Equal(3, ScorerRun.Of(Score("whole.csv", "--on-error", "skip")).Code);
        Assert.Equal((int[])[3, 0, 0, 3], Codes());
        Assert.Equal((int[])[3, 0, 0, 3], Codes());
        var merge = Merge("--output", _folder["merged.csv"]);
        Assert.Equal(3, merge.Code);
        Assert.Contains("; 3 skipped, listed in", merge.Output);
        Assert.Equal(Bytes("whole.csv"), Bytes("merged.csv"));
        Assert.Equal(Bytes("whole.csv.skipped.csv"), Bytes("merged.csv.skipped.csv"));
        Assert.DoesNotContain(Parts(), name => name.StartsWith("part-") && name.Contains("skipped"));

        // The parts begin with the batches of rows 0, 128, 192 and 256.
        int[] Codes() => [.. Enumerable.Range(1, 4).Select(part => Part(part, 4, "--on-error", "skip").Code)];
    }

    [Theory]
    [InlineData("SLURM_ARRAY_TASK_ID=2 SLURM_ARRAY_TASK_MIN=0 SLURM_ARRAY_TASK_COUNT=4", "", 3, 4)]
    [InlineData("SLURM_ARRAY_TASK_ID=2 SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_MAX=4 SLURM_ARRAY_TASK_COUNT=4", "", 2, 4)]
    [InlineData(
        "SLURM_ARRAY_TASK_ID=14 SLURM_ARRAY_TASK_MIN=10 SLURM_ARRAY_TASK_MAX=16 SLURM_ARRAY_TASK_STEP=2 SLURM_ARRAY_TASK_COUNT=4",
        "",
        3,
        4
    )]
    // Only tasks 3 and 7 of sixteen are submitted again.
    [InlineData("SLURM_ARRAY_TASK_ID=7 SLURM_ARRAY_TASK_MIN=3 SLURM_ARRAY_TASK_MAX=7 SLURM_ARRAY_TASK_COUNT=2", "--shards 16", 8, 16)]
    [InlineData("JOB_COMPLETION_INDEX=0", "--shards 4", 1, 4)]
    [InlineData("JOB_COMPLETION_INDEX=3", "--shards 4", 4, 4)]
    public void Auto_takes_the_part_from_the_environment(string variables, string more, int part, int parts)
    {
        Write(300);
        Set(variables);
        string[] options = more.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(0, ScorerRun.Of(Score("auto", ["--shard", "auto", .. options])).Code);
        Assert.Equal(0, Part(part, parts).Code);
        var name = $"part-{part:D5}-of-{parts:D5}.csv";
        Assert.Equal(Bytes($"parts/{name}"), Bytes($"auto/{name}"));
        Assert.Equal(Bytes($"parts/_{name[..^4]}.json"), Bytes($"auto/_{name[..^4]}.json"));
    }

    [Theory]
    [InlineData("", "", "--shard auto finds neither SLURM_ARRAY_TASK_ID nor JOB_COMPLETION_INDEX")]
    [InlineData("JOB_COMPLETION_INDEX=1", "", "finds JOB_COMPLETION_INDEX but not the number of parts; --shards N says it.")]
    [InlineData("JOB_COMPLETION_INDEX=4", "--shards 4", "JOB_COMPLETION_INDEX is 4, which is none of 4 parts.")]
    [InlineData("JOB_COMPLETION_INDEX=-1", "--shards 4", "JOB_COMPLETION_INDEX is '-1'; it must be a whole number from 0.")]
    [InlineData("SLURM_ARRAY_TASK_ID=2", "", "finds SLURM_ARRAY_TASK_ID but no SLURM_ARRAY_TASK_COUNT")]
    [InlineData(
        "SLURM_ARRAY_TASK_ID=3 SLURM_ARRAY_TASK_MIN=3 SLURM_ARRAY_TASK_MAX=7 SLURM_ARRAY_TASK_COUNT=2",
        "",
        "an array of 2 tasks numbered from 3 to 7 with gaps; --shards N says how many parts there are"
    )]
    public void Auto_without_a_part_is_a_usage_error(string variables, string more, string reason)
    {
        Write(10);
        Set(variables);
        string[] options = more.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var run = ScorerRun.Of(Score("parts", ["--shard", "auto", .. options]));
        Assert.Equal(2, run.Code);
        Assert.Contains(reason, run.Sentence());
        Assert.Equal(["in.csv"], _folder.Files());
    }

    [Theory]
    [InlineData("out.csv", "--shard auto", "--shard auto is for parts in a folder, so")]
    [InlineData("out.csv", "--shard 1/2 --format csv", "--format is for the parts' format in a folder")]
    [InlineData("parts", "--format csv", "--format is for the parts' format in a folder")]
    [InlineData("parts", "--shard 1/2 --shards 2", "--shards is the number of parts for --shard auto")]
    [InlineData("parts", "--shard 1/2 --format xls", "--format is 'xls'; it must be csv, csv.gz")]
    [InlineData("parts", "--shard 1/2 --format npy --explain 1", "holds only numbers")]
    public void What_cannot_be_parts_is_a_usage_error(string output, string more, string reason)
    {
        Write(10);
        Set("JOB_COMPLETION_INDEX=0 SLURM_ARRAY_TASK_ID=0 SLURM_ARRAY_TASK_COUNT=2");
        var run = ScorerRun.Of(Score(output, more.Split(' ')));
        Assert.Equal(2, run.Code);
        Assert.Contains(reason, run.Sentence());
        Assert.Empty(Parts());
    }

    [Fact]
    public void A_complete_part_is_left_alone_and_any_other_is_made_again()
    {
        Write(300);
        Assert.Equal(0, Part(2, 3).Code);
        var (part, record) = (_folder["parts/part-00002-of-00003.csv"], _folder["parts/_part-00002-of-00003.json"]);
        var (bytes, recorded) = (File.ReadAllBytes(part), File.ReadAllText(record));
        Assert.False(IsMade());

        foreach (
            var damage in (Action[])
                [
                    () => File.Delete(part),
                    () => File.Delete(record),
                    () => File.WriteAllBytes(part, bytes[..^1]),
                    () => File.WriteAllBytes(part, [.. bytes[..^2], (byte)'7', (byte)'\n']),
                    () => File.WriteAllText(record, recorded[..^20]),
                    () => File.WriteAllText(record, ""),
                    () => File.WriteAllText(record, recorded.Replace("\"rows\"", "\"lines\"")),
                    () => File.WriteAllText(record, recorded.Replace("\"part\": 2", "\"part\": 1")),
                ]
        )
        {
            damage();
            Assert.True(IsMade());
            Assert.Equal(bytes, File.ReadAllBytes(part));
            Assert.Equal(recorded, File.ReadAllText(record));
            Assert.False(IsMade());
        }

        Assert.True(IsMade("--alarm-rate", "0.1"));
        Assert.True(IsMade());
        // Options that change nothing of the output.
        Assert.False(IsMade("--threads", "1"));
        Assert.False(IsMade("--quiet"));
        // Another input, of the same length even.
        var text = File.ReadAllText(_folder["in.csv"]);
        File.WriteAllText(_folder["in.csv"], text.Replace("passenger 0,", "passengex 0,"));
        Assert.True(IsMade());
        Assert.False(IsMade());

        bool IsMade(params string[] more)
        {
            var then = new DateTime(2020, 1, 2, 3, 4, 5, DateTimeKind.Utc);
            if (File.Exists(part))
                File.SetLastWriteTimeUtc(part, then);
            var run = Part(2, 3, more);
            Assert.Equal((0, ""), (run.Code, run.Error));
            var made = File.GetLastWriteTimeUtc(part) != then;
            Assert.Equal(!made && !more.Contains("--quiet"), run.Output.Contains("is complete with 128 rows; nothing is left to do."));
            return made;
        }
    }

    [Fact]
    public void A_part_of_another_model_is_made_again()
    {
        Write(100);
        var other = MixedTable.Write(_folder["other"], manifest => manifest with { Description = "Another one." });
        Assert.Equal(0, Part(1, 2).Code);
        var command = Score("parts", "--shard", "1/2");
        command[2] = other;
        Assert.DoesNotContain("nothing is left", ScorerRun.Of(command).Output);
        Assert.Contains("nothing is left", ScorerRun.Of(command).Output);
        Assert.Equal(0, Part(2, 2).Code);
        Assert.Matches(
            @"^part-00002-of-00002\.csv in \S+ was made by another model \(\S+, SHA-256 [0-9a-f]{12}…\) than part-00001-of-00002\.csv \(",
            Merge().Sentence()
        );
    }

    [Fact]
    public void The_record_says_what_was_read_and_written()
    {
        Write(300);
        Assert.Equal(0, Part(2, 2, "--only-anomalies", "--alarm-rate", "0.5").Code);
        var record = JsonDocument.Parse(File.ReadAllText(_folder["parts/_part-00002-of-00002.json"])).RootElement;
        Assert.Equal(2, record.GetProperty("part").GetInt32());
        Assert.Equal(2, record.GetProperty("parts").GetInt32());
        Assert.Equal(300 - 192, record.GetProperty("rows").GetInt32());
        var lines = File.ReadAllLines(_folder["parts/part-00002-of-00002.csv"]).Length;
        Assert.Equal(lines - 1, record.GetProperty("written").GetInt32());
        Assert.InRange(lines, 2, 108);
        var (input, file) = (record.GetProperty("input"), record.GetProperty("file"));
        Assert.Equal(_folder["in.csv"], input.GetProperty("paths")[0].GetString());
        Assert.Equal(new FileInfo(_folder["in.csv"]).Length, input.GetProperty("bytes").GetInt64());
        Assert.Equal("part-00002-of-00002.csv", file.GetProperty("name").GetString());
        Assert.Equal(
            Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Bytes("parts/part-00002-of-00002.csv"))),
            file.GetProperty("sha256").GetString()
        );
        Assert.Equal("0.5", record.GetProperty("options").GetProperty("--alarm-rate").GetString());
        Assert.Equal(
            Convert.ToHexStringLower(
                System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(Path.Combine(MixedTable.Bundle, ManifestFile.Name)))
            ),
            record.GetProperty("model").GetProperty("sha256").GetString()
        );
    }

    [Fact]
    public void Merge_says_in_one_sentence_what_is_wrong()
    {
        Assert.Contains("There is no folder", Fails());
        Directory.CreateDirectory(_folder["parts"]);
        Assert.Contains("has no part that is complete", Fails());
        Write(300);
        Assert.Equal(0, Part(2, 4).Code);
        Assert.EndsWith("lacks parts 1, 3, 4 of 4: they are not complete and must be run again.", Fails());
        foreach (var part in (int[])[1, 4])
            Assert.Equal(0, Part(part, 4).Code);
        Assert.EndsWith("lacks part 3 of 4: it is not complete and must be run again.", Fails());
        Assert.Equal(0, Part(3, 4, "--alarm-rate", "0.1").Code);
        Assert.EndsWith(
            "was made with --alarm-rate 0.1, but part-00001-of-00004.csv with none; all parts must be made in the same way.",
            Fails()
        );
        var text = File.ReadAllText(_folder["in.csv"]);
        Write(301);
        Assert.Equal(0, Part(3, 4).Code);
        Assert.Contains("part-00003-of-00004.csv in ", Fails());
        Assert.Contains("was made from another input (", Fails());
        File.WriteAllText(_folder["in.csv"], text);
        Assert.Equal(0, Part(3, 4).Code);
        Assert.Equal(0, Merge().Code);

        var path = _folder["parts/part-00003-of-00004.csv"];
        var bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, bytes[..^1]);
        Assert.EndsWith($"has {bytes.Length - 1} bytes instead of {bytes.Length}; part 3 must be run again.", Fails());
        File.WriteAllBytes(path, [.. bytes[..^2], (byte)'~', (byte)'\n']);
        Assert.EndsWith("is not the file that was completed (its SHA-256 differs); part 3 must be run again.", Fails());
        File.Delete(path);
        Assert.EndsWith("is missing; part 3 must be run again.", Fails());
        File.WriteAllBytes(path, bytes);

        Assert.Contains("it must end in .csv, .csv.gz or .csv.zst, or be -", Fails(2, "--output", _folder["all.parquet"]));
        Assert.Contains("which lies in the folder of the parts", Fails(2, "--output", _folder["parts/all.csv"]));
        Assert.Equal(0, Part(1, 2).Code);
        Assert.Contains("has parts of several runs, such as part-00001-of-00002 and part-00001-of-00004", Fails());
        Assert.DoesNotContain("all.csv", _folder.Files());

        string Fails(int code = 1, params string[] more)
        {
            var run = Merge(more.Length == 0 ? ["--output", _folder["all.csv"]] : more);
            Assert.Equal(code, run.Code);
            return run.Sentence();
        }
    }

    [Fact]
    public void An_index_names_the_parts_in_order()
    {
        Write(300);
        for (var part = 1; part <= 2; part++)
            Assert.Equal(0, Part(part, 2, "--format", "parquet").Code);
        Assert.Equal(0, Merge("--index").Code);
        var index = JsonDocument.Parse(File.ReadAllText(_folder["parts/_index.json"])).RootElement;
        Assert.Equal(("parquet", 300), (index.GetProperty("format").GetString(), index.GetProperty("rows").GetInt32()));
        Assert.Equal(
            ["part-00001-of-00002.parquet", "part-00002-of-00002.parquet"],
            index.GetProperty("files").EnumerateArray().Select(file => file.GetProperty("name").GetString())
        );
        // It is no part, and does not stand in the way of one.
        Assert.Equal(0, Merge().Code);
    }

    [Fact]
    public async Task Parts_killed_at_any_moment_and_run_again_are_the_whole()
    {
        const int Count = 4;
        Write(60_000);
        Assert.Equal(0, ScorerRun.Of(Score("whole.csv")).Code);
        for (var part = 1; part <= Count; part++)
            Assert.Equal(0, ScorerRun.Of(Score("expected", "--shard", $"{part}/{Count}")).Code);
        var (random, kills, underway) = (new Random(7), 0, 0);
        for (var part = 1; part <= Count; part++)
        {
            var name = $"part-{part:D5}-of-{Count:D5}.csv";
            for (var attempt = 0; ; attempt++)
            {
                using var process = ScorerRun.Start(Score("parts", "--shard", $"{part}/{Count}", "--quiet"));
                // The first two runs of a part are killed once it is being written, some of the later ones at any time.
                if (attempt < 2)
                {
                    while (!process.HasExited && !IsUnderway(name))
                        await Task.Delay(1, TestContext.Current.CancellationToken);
                    await Task.Delay(random.Next(40), TestContext.Current.CancellationToken);
                }

                if (attempt < 3)
                {
                    if (attempt == 2)
                        await Task.Delay(random.Next(1500), TestContext.Current.CancellationToken);
                    underway += IsUnderway(name) ? 1 : 0;
                    process.Kill();
                    kills++;
                }

                await process.WaitForExitAsync(TestContext.Current.CancellationToken);
                if (File.Exists(_folder[$"parts/{name}"]))
                    Assert.Equal(Bytes($"expected/{name}"), Bytes($"parts/{name}"));
                if (attempt >= 3)
                {
                    Assert.Equal(0, process.ExitCode);
                    break;
                }
            }
        }

        Assert.Equal(3 * Count, kills);
        Assert.True(underway > 0, "No part was being written when its run was killed.");
        Assert.Equal(0, Merge("--output", _folder["merged.csv"]).Code);
        Assert.Equal(Bytes("whole.csv"), Bytes("merged.csv"));
        Assert.DoesNotContain(Parts(), file => file.EndsWith(".tmp"));

        bool IsUnderway(string name) =>
            Directory.Exists(_folder["parts"]) && Directory.EnumerateFiles(_folder["parts"], $".{name}.*.tmp").Any();
    }

    private static void Set(string variables)
    {
        foreach (var pair in variables.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            Environment.SetEnvironmentVariable(pair.Split('=')[0], pair.Split('=')[1]);
    }
}
