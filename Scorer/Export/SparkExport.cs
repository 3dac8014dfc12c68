using Latent.Contracts;
using Latent.Contracts.Files;

namespace Latent.Scorer.Export;

/// <summary>Writes a pandas UDF for Spark, and what SynapseML's ONNXModel needs.</summary>
internal static class SparkExport
{
    /// <summary>Writes latent_score.py and the graph that it runs.</summary>
    /// <param name="bundle">The bundle.</param>
    /// <param name="folder">The folder to fill.</param>
    /// <returns>What to do with it, in one line.</returns>
    public static string Write(LatentBundle bundle, string folder)
    {
        var graph = Exports.Autoencoder(bundle);
        File.WriteAllBytes(Path.Combine(folder, "autoencoder.onnx"), graph.Bytes);
        AtomicFile.WriteText(Path.Combine(folder, "latent_score.py"), Program(bundle, graph).ReplaceLineEndings("\n") + "\n");
        return "spark-submit --files FOLDER/autoencoder.onnx --py-files FOLDER/latent_score.py job.py";
    }

    private static string Program(LatentBundle bundle, ExportedGraph graph)
    {
        var input = bundle.Manifest.Input;
        var (columns, feeds) =
            input.Table is not null ? Table(bundle, graph)
            : input.Columns is { } names ? ($"COLUMNS = {PythonText.Of(names)}", "{\"input\": table[COLUMNS].to_numpy(numpy.float32)}")
            : (
                "COLUMNS = [\"features\"]  # arrays of floats; pixels from 0 to 255, where the model is one of images",
                $"{{\"input\": numpy.stack(table[\"features\"]).astype(numpy.float32).reshape(-1, {string.Join(", ", input.Shape)})}}"
            );
        var fed = string.Join(", ", graph.Inputs.Select(tensor => $"{PythonText.Of(tensor.Name)}: {PythonText.Of(tensor.Name)}"));
        return $$"""
            # The bundle {{Exports.NameOf(bundle)}} as a pandas UDF for Spark 3.4 or newer; written by {{Exports.Program}}.
            #
            #   from latent_score import COLUMNS, score
            #   table.withColumn("score", score(functions.struct(*COLUMNS))).write.parquet("scores")
            #
            # Needs numpy, pandas, pyarrow and onnxruntime on the workers, and autoencoder.onnx by --files or addFile.
            # Not run: the machine that this format was written on has neither Spark nor onnxruntime for Python; the file was only compiled.
            #
            # SynapseML's ONNXModel needs no Python on the workers. Its columns are arrays, in the order of COLUMNS:
            #   ONNXModel().setModelLocation("autoencoder.onnx").setFeedDict({ {{fed}} })
            #     .setFetchDict({ {{string.Join(
                ", ",
                PythonText.Scores(bundle).Select(name => $"\"{name}\": \"{name}\"")
            )}} }).setMiniBatchSize(1024)
            import functools

            import numpy
            import onnxruntime
            import pandas
            from pyspark import SparkFiles
            from pyspark.sql.functions import pandas_udf

            {{columns}}


            @functools.lru_cache
            def session():
                options = onnxruntime.SessionOptions()
                options.intra_op_num_threads = 1  # Spark runs a task on every core
                return onnxruntime.InferenceSession(SparkFiles.get("autoencoder.onnx"), options)


            @pandas_udf("float")
            def score(table: pandas.DataFrame) -> pandas.Series:
                return pandas.Series(sum(session().run({{PythonText.Of(PythonText.Scores(bundle))}}, feeds(table))))


            def feeds(table):
                return {{feeds}}
            """;
    }

    private static (string Columns, string Feeds) Table(LatentBundle bundle, ExportedGraph graph)
    {
        var table = bundle.Manifest.Input.Table!;
        List<string> feeds = [];
        if (PythonText.NumbersTensor(graph) is { } numbers)
        {
            feeds.Add(
                $"\"{numbers}\": numpy.stack([number(table[name], origin) for name, origin in NUMBERS.items()], 1).astype(numpy.float32)"
            );
        }

        if (PythonText.HasCategories(graph))
            feeds.Add($"\"{TensorNames.Categories}\": table[CATEGORIES].fillna(\"\").astype(str).to_numpy(object)");
        var columns = $$"""
            NUMBERS = {{PythonText.Numbers(table)}}  # dates count days from the time that is given
            CATEGORIES = {{PythonText.Categories(table)}}
            COLUMNS = [*NUMBERS, *CATEGORIES]


            def number(column, origin):  # null is NaN, which is missing
                if origin is None:
                    return pandas.to_numeric(column).to_numpy(float)
                return ((pandas.to_datetime(column) - pandas.Timestamp(origin)) / pandas.Timedelta(days=1)).to_numpy(float)
            """;
        return (columns, $"{{{string.Join(", ", feeds)}}}");
    }
}
