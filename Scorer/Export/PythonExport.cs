using Latent.Contracts;
using Latent.Contracts.Files;

namespace Latent.Scorer.Export;

/// <summary>Writes a small Python program over onnxruntime that scores a table or an array.</summary>
internal static class PythonExport
{
    /// <summary>Writes score.py and the graph that it runs.</summary>
    /// <param name="bundle">The bundle.</param>
    /// <param name="folder">The folder to fill.</param>
    /// <returns>What to do with it, in one line.</returns>
    public static string Write(LatentBundle bundle, string folder)
    {
        var graph = Exports.Autoencoder(bundle);
        File.WriteAllBytes(Path.Combine(folder, "autoencoder.onnx"), graph.Bytes);
        AtomicFile.WriteText(Path.Combine(folder, "score.py"), Program(bundle, graph).ReplaceLineEndings("\n") + "\n");
        var input = bundle.Manifest.Input.Columns is null && bundle.Manifest.Input.Table is null ? "rows.npy" : "table.csv";
        return $"python FOLDER/score.py {input} > scores.csv";
    }

    private static string Program(LatentBundle bundle, ExportedGraph graph)
    {
        var input = bundle.Manifest.Input;
        var (what, file) = input.Table is null && input.Columns is null ? ("an array of rows", "rows.npy") : ("a CSV table", "table.csv");
        var body =
            input.Table is not null ? Table(bundle, graph)
            : input.Columns is { } columns ? Columns(columns)
            : Array(input.Shape);
        return $"""
            # Scores {what} with the bundle {Exports.NameOf(bundle)}: python score.py {file} > scores.csv
            # Needs Python 3.8 or newer, numpy and onnxruntime. Written by {Exports.Program}.
            # Not run: the machine that this format was written on has no onnxruntime for Python; the file was only compiled there.
            import csv, datetime, itertools, pathlib, sys
            import numpy, onnxruntime

            session = onnxruntime.InferenceSession(str(pathlib.Path(__file__).with_name("autoencoder.onnx")))
            {body}
            print("score")
            for rows in batches(sys.argv[1]):
                for value in sum(session.run({PythonText.Of(PythonText.Scores(bundle))}, feeds(rows))):
                    print(value)
            """;
    }

    private static string Table(LatentBundle bundle, ExportedGraph graph)
    {
        var table = bundle.Manifest.Input.Table!;
        List<string> feeds = [];
        if (PythonText.NumbersTensor(graph) is { } numbers)
        {
            feeds.Add(
                $"\"{numbers}\": numpy.array([[number(row[name], origin) for name, origin in NUMBERS.items()] for row in rows], numpy.float32)"
            );
        }

        if (PythonText.HasCategories(graph))
        {
            feeds.Add($"\"{TensorNames.Categories}\": numpy.array([[word(row[name]) for name in CATEGORIES] for row in rows], object)");
        }

        var feed = $"{{{string.Join(",\n        ", feeds)}}}";
        return $$"""
            NUMBERS = {{PythonText.Numbers(table)}}  # dates count days from the time that is given
            CATEGORIES = {{PythonText.Categories(table)}}
            MISSING = {"", "?", "NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "#N/A"}
            TRUTH = {"true": 1, "yes": 1, "t": 1, "y": 1, "false": 0, "no": 0, "f": 0, "n": 0}

            def word(text):
                return "" if text.strip() in MISSING else text.strip()

            def number(text, origin):
                if not word(text):
                    return numpy.nan
                if origin:
                    return (datetime.datetime.fromisoformat(word(text)) - datetime.datetime.fromisoformat(origin)).total_seconds() / 86400
                return TRUTH[word(text).lower()] if word(text).lower() in TRUTH else float(text)

            def batches(path):
                with open(path, newline="", encoding="utf-8-sig") as file:
                    reader = csv.DictReader(file)
                    yield from iter(lambda: list(itertools.islice(reader, 1024)), [])

            def feeds(rows):
                return {{feed}}

            """;
    }

    private static string Columns(IReadOnlyList<string> columns) =>
        $$"""
            COLUMNS = {{PythonText.Of(columns)}}

            def batches(path):
                with open(path, newline="", encoding="utf-8-sig") as file:
                    reader = csv.DictReader(file)
                    yield from iter(lambda: list(itertools.islice(reader, 1024)), [])

            def feeds(rows):
                return {"input": numpy.array([[float(row[name]) for name in COLUMNS] for row in rows], numpy.float32)}

            """;

    private static string Array(IReadOnlyList<int> shape) =>
        $$"""
            def batches(path):  # of pixels from 0 to 255, where the model is one of images
                rows = numpy.load(path).astype(numpy.float32).reshape(-1, {{string.Join(", ", shape)}})
                yield from (rows[i : i + 1024] for i in range(0, len(rows), 1024))

            def feeds(rows):
                return {"input": rows}

            """;
}
