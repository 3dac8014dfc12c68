using System.Globalization;
using Google.Protobuf;
using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Contracts.Files;
using Latent.Contracts.Recipes;
using Latent.Models.Layers;
using Latent.Models.Onnx.Proto;
using Latent.Models.Posteriors;
using Latent.Models.Priors;
using Latent.Models.Tables;
using static TorchSharp.torch;

namespace Latent.Models.Onnx;

/// <summary>Writes a model's graphs: opset 17, IR version 8, raw units in and out, a dynamic first axis, nothing random.</summary>
public static class OnnxExport
{
    private const int Opset = 17;
    private const int MlOpset = 3;
    private const int IrVersion = 8;

    /// <summary>
    /// Writes encoder.onnx, decoder.onnx, autoencoder.onnx and, where the prior is not the standard normal, prior.onnx; existing files of
    /// these names are replaced.
    /// </summary>
    /// <param name="model">The model; its running statistics are used whether it is in training mode or not.</param>
    /// <param name="manifest">The manifest that the graphs' metadata repeat.</param>
    /// <param name="folder">An existing folder.</param>
    /// <param name="score">The anomaly score of a table's rows; null for other models.</param>
    /// <exception cref="LatentException">A layer or a file can't be written.</exception>
    public static void Write(Autoencoder model, BundleManifest manifest, string folder, AnomalyScore? score = null)
    {
        Save(Encoder(model), manifest, Path.Combine(folder, BundleFile.NameOf(BundleRole.Encoder)));
        Save(Decoder(model), manifest, Path.Combine(folder, BundleFile.NameOf(BundleRole.Decoder)));
        Save(Whole(model, score), manifest, Path.Combine(folder, BundleFile.NameOf(BundleRole.Autoencoder)));
        using var scope = NewDisposeScope();
        if (model.IsVariational && model.Prior() is { Noise: not null } prior)
            Save(Prior(model, prior), manifest, Path.Combine(folder, BundleFile.NameOf(BundleRole.Prior)));
        if (model.PosteriorModule is IPosterior posterior)
            Save(Posterior(model, posterior), manifest, Path.Combine(folder, BundleFile.NameOf(BundleRole.Posterior)));
    }

    private static OnnxGraph Encoder(Autoencoder model)
    {
        var graph = new OnnxGraph("encoder", "From rows to codes.");
        var codes = Encode(graph, model, Input(graph, model));
        NameCodes(graph, model, codes.Code, codes.LogVariance);
        return graph;
    }

    private static OnnxGraph Decoder(Autoencoder model)
    {
        var graph = new OnnxGraph("decoder", "From codes to rows.");
        var latent = graph.Input(TensorNames.Latent, [model.Recipe.Latent.Dimension], "A point in latent space.");
        var raw = Decode(graph, model, latent);
        if (model.Table is { } table)
            new TableGraph(graph, table).Output(raw);
        else
            graph.Output(ToDataUnits(graph, model, raw), TensorNames.Output, model.Input.Shape, OutputDescription(model));
        return graph;
    }

    private static OnnxGraph Prior(Autoencoder model, IPrior prior)
    {
        var graph = new OnnxGraph("prior", $"From noise to codes distributed as the prior, a {prior.Description}.");
        var (normal, uniform) = (prior.Noise!.Normal, prior.Noise.Uniform);
        var columns = $"{normal} columns drawn from N(0, 1)" + (uniform > 0 ? $", then {uniform} uniform in [0, 1)." : ".");
        var noise = graph.Input(TensorNames.Noise, [normal + uniform], columns);
        graph.Output(prior.WriteAt(graph, noise), TensorNames.Latent, [model.Recipe.Latent.Dimension], "A draw of the prior.");
        return graph;
    }

    private static OnnxGraph Posterior(Autoencoder model, IPosterior posterior)
    {
        var graph = new OnnxGraph("posterior", "From rows and noise to codes distributed as q(z|x).");
        IReadOnlyList<int> code = [model.Recipe.Latent.Dimension];
        var codes = Encode(graph, model, Input(graph, model));
        var noise = graph.Input(TensorNames.Noise, code, "Draws from N(0, 1).");
        var half = graph.Add("Mul", "draw.half", [codes.LogVariance!, graph.Constant("one_half", 0.5f)]);
        var spread = graph.Add("Mul", "draw.spread", [graph.Add("Exp", "draw.deviation", [half]), noise]);
        var drawn = graph.Add("Add", "draw.code", [codes.Mean, spread]);
        var (z, _) = posterior.Write(graph, "posterior.draw", codes.Hidden, drawn);
        graph.Output(z, TensorNames.Latent, code, "A draw of q(z|x).");
        return graph;
    }

    private static OnnxGraph Whole(Autoencoder model, AnomalyScore? score)
    {
        if (model.Table is not null)
            return WholeTable(model, score ?? throw new ArgumentNullException(nameof(score)));
        var graph = new OnnxGraph("autoencoder", "From rows to codes, reconstructions at the mean code, and their errors.");
        var codes = Encode(graph, model, Input(graph, model));
        var raw = Decode(graph, model, codes.Code);
        var error = ReconstructionError(graph, model, raw, codes.Units);
        var kl = codes.LogVariance is null ? null : Divergence(graph, model, codes);
        var output = ToDataUnits(graph, model, raw);
        NameCodes(graph, model, codes.Code, codes.LogVariance);
        graph.Output(output, TensorNames.Output, model.Input.Shape, OutputDescription(model));
        var reduction = model.Recipe.Objective.Reduction == ReductionKind.Sum ? "summed" : "averaged";
        graph.Output(error, TensorNames.ReconstructionError, [], $"{model.Term.Measure}, {reduction} over a row's values.");
        if (kl is not null)
            graph.Output(kl, TensorNames.Kl, [], KlDescription(model));
        return graph;
    }

    private static OnnxGraph WholeTable(Autoencoder model, AnomalyScore score)
    {
        var graph = new OnnxGraph(
            "autoencoder",
            "From rows to codes, reconstructions at the mean code, their errors, and an anomaly score."
        );
        var table = new TableGraph(graph, model.Table!);
        var (units, present) = table.Input();
        var codes = Encode(graph, model, units);
        var (mean, logVariance) = (codes.Code, codes.LogVariance);
        var raw = Decode(graph, model, mean);
        float[] variances = model.ColumnLogVariance is { } learned ? learned.detach().cpu().data<float>().ToArray() : [];
        var errors = table.Errors(raw, units, present, variances, withEntropy: false, "errors");
        var terms = variances.Length == 0 ? errors : table.Errors(raw, units, present, variances, withEntropy: true, "terms");
        var error = Reduce(graph, model, "error", terms);
        var kl = logVariance is null ? null : Kl(graph, mean, logVariance);
        var (relative, total) = score.Write(graph, errors, present, units, mean);
        NameCodes(graph, model, mean, logVariance);
        table.Output(raw);
        var reduction = model.Recipe.Objective.Reduction == ReductionKind.Sum ? "summed" : "averaged";
        graph.Output(error, TensorNames.ReconstructionError, [], $"Negative log-likelihoods of the columns, weighted and {reduction}.");
        if (kl is not null)
            graph.Output(kl, TensorNames.Kl, [], "KL divergence of q(z|x) from N(0, I) in nats.");
        IReadOnlyList<int> columns = [model.Table!.Columns];
        graph.Output(relative, TensorNames.FeatureErrors, columns, "Error of each column as a multiple of its mean over held-out rows.");
        graph.Output(total, TensorNames.Score, [], "The anomaly score.");
        return graph;
    }

    private static void NameCodes(OnnxGraph graph, Autoencoder model, string mean, string? logVariance)
    {
        IReadOnlyList<int> code = [model.Recipe.Latent.Dimension];
        var isFlow = model.PosteriorModule is not null;
        var what =
            isFlow ? "The code: the mean of the normal distribution, transformed by the posterior's flow."
            : model.IsVariational ? "Mean of q(z|x)."
            : "The code.";
        graph.Output(mean, TensorNames.LatentMean, code, what);
        var of = isFlow ? "the normal distribution that the posterior's flow transforms" : "q(z|x)";
        if (logVariance is not null)
            graph.Output(logVariance, TensorNames.LatentLogVariance, code, $"ln of the variance of {of}, from -30 to 20.");
    }

    private static string Input(OnnxGraph graph, Autoencoder model)
    {
        if (model.Table is { } table)
            return new TableGraph(graph, table).Input().Units;
        var input = graph.Input(
            TensorNames.Input,
            model.Input.Shape,
            $"Rows in the data's own units ({RecipeNames.Of(model.Input.Unit)})."
        );
        return ToModelUnits(graph, model, input);
    }

    private static WrittenCodes Encode(OnnxGraph graph, Autoencoder model, string units)
    {
        var hidden = LayerKind.WriteStack(
            graph,
            "encoder",
            model.Recipe.Encoder,
            model.Encoder,
            model.Shapes.Input,
            model.Shapes.Encoder,
            units
        );
        var mean = model.MeanHead is { } head ? LinearLayer.Write(graph, "mean", head, hidden) : hidden;
        if (model.VarianceHead is null)
            return new(units, hidden, mean, Activate(graph, model, mean), null, null);
        var spread = LinearLayer.Write(graph, "spread", model.VarianceHead, hidden);
        var raw = model.Recipe.Latent.Head switch
        {
            VarianceParameterization.LogVariance => spread,
            VarianceParameterization.LogSigma => graph.Add("Mul", "spread.twice", [spread, graph.Constant("spread.two", 2)]),
            _ => Softplus(spread),
        };
        var min = graph.Constant("spread.least", (float)model.Recipe.Latent.MinLogVariance);
        var max = graph.Constant("spread.greatest", (float)model.Recipe.Latent.MaxLogVariance);
        var logVariance = graph.Add("Clip", "spread.clamp", [raw, min, max]);
        if (model.PosteriorModule is not IPosterior posterior)
            return new(units, hidden, mean, mean, logVariance, null);
        var (code, volume) = posterior.Write(graph, "posterior.code", hidden, mean);
        return new(units, hidden, mean, code, logVariance, volume);

        string Softplus(string h)
        {
            var offset = graph.Constant("spread.least_sigma", (float)Autoencoder.MinSigma);
            var sigma = graph.Add("Add", "spread.sigma", [Activations.WriteSoftplus(graph, "spread.softplus", h), offset]);
            return graph.Add("Mul", "spread.twice", [graph.Add("Log", "spread.log_sigma", [sigma]), graph.Constant("spread.two", 2)]);
        }
    }

    private static string Activate(OnnxGraph graph, Autoencoder model, string code)
    {
        if (model.CodeActivation is not { } module)
            return code;
        var layer = new LayerRecipe { Type = model.Recipe.Latent.Activation!.Value };
        IReadOnlyList<int> shape = [model.Recipe.Latent.Dimension];
        return LayerKind.Of(layer.Type).Write(new LayerWriting(graph, "mean", layer, module, code, shape, shape));
    }

    private static string Decode(OnnxGraph graph, Autoencoder model, string latent) =>
        LayerKind.WriteStack(
            graph,
            "decoder",
            model.Recipe.Decoder,
            model.Decoder,
            [model.Recipe.Latent.Dimension],
            model.Shapes.Decoder,
            latent
        );

    /// <summary>Tells from the buffers whether the model scales, since they may have been loaded after the model was made.</summary>
    private static bool IsScaled(Autoencoder model)
    {
        using var scope = NewDisposeScope();
        return model.Offset.cpu().data<float>().Any(v => v != 0) || model.Factor.cpu().data<float>().Any(v => v != 1);
    }

    private static string ToModelUnits(OnnxGraph graph, Autoencoder model, string input)
    {
        var scaled = input;
        if (IsScaled(model))
        {
            var shifted = graph.Add("Sub", "scaling.subtract", [input, graph.Weight("scaling.offset", model.Offset)]);
            scaled = graph.Add("Mul", "scaling.multiply", [shifted, graph.Weight("scaling.factor", model.Factor)]);
        }

        if (!model.Binarizes)
            return scaled;
        var isOne = graph.Add("GreaterOrEqual", "binarization.threshold", [scaled, graph.Constant("binarization.half", 0.5f)]);
        return graph.Add("Cast", "binarization", [isOne], ("to", (int)TensorProto.Types.DataType.Float));
    }

    private static string ToDataUnits(OnnxGraph graph, Autoencoder model, string raw)
    {
        var mean = model.Term.WriteMean(graph, raw);
        if (!IsScaled(model))
            return mean;
        var divided = graph.Add("Div", "output.divide", [mean, graph.Weight("scaling.factor", model.Factor)]);
        return graph.Add("Add", "output.add", [divided, graph.Weight("scaling.offset", model.Offset)]);
    }

    private static string ReconstructionError(OnnxGraph graph, Autoencoder model, string raw, string target)
    {
        using var scope = NewDisposeScope();
        var hasSpread = model.Recipe.Objective is { Reconstruction: not ReconstructionKind.Bernoulli } objective && objective.IsInNats();
        var logSpread = hasSpread ? graph.Weight("likelihood.log_spread", model.LogSpread) : "";
        var each = model.Term.WriteErrors(graph, raw, target, logSpread);
        return Reduce(graph, model, "error", graph.Add("Reshape", "error.flatten", [each, graph.Integers("error.shape", [0, -1])]));
    }

    /// <summary>Writes x² where |x| is at most 1, and 2|x| - 1 beyond.</summary>
    internal static string Huber(OnnxGraph graph, string name, string difference)
    {
        var size = graph.Add("Abs", $"{name}.size", [difference]);
        var inner = graph.Add("Min", $"{name}.inner", [size, graph.Constant("one", 1)]);
        var outer = graph.Add("Mul", $"{name}.outer", [graph.Add("Sub", $"{name}.beyond", [size, inner]), graph.Constant("two", 2)]);
        return graph.Add("Add", $"{name}.each", [graph.Add("Mul", $"{name}.square", [inner, inner]), outer]);
    }

    private static string Reduce(OnnxGraph graph, Autoencoder model, string name, string values) =>
        model.Recipe.Objective.Reduction == ReductionKind.Sum
            ? graph.Add("ReduceSum", name, [values, graph.Integers($"{name}.axes", [1])], ("keepdims", 0))
            : graph.Add("ReduceMean", name, [values], ("axes", new long[] { 1 }), ("keepdims", 0));

    /// <summary>Writes the KL in closed form where there is one, else ln q(z|x) - ln p(z) at the mean code.</summary>
    private static string Divergence(OnnxGraph graph, Autoencoder model, WrittenCodes codes)
    {
        using var scope = NewDisposeScope();
        var prior = model.Prior();
        if (prior is StandardNormal && codes.Volume is null)
            return Kl(graph, codes.Mean, codes.LogVariance!);
        var terms = graph.Add("Add", "kl.terms", [codes.LogVariance!, graph.Constant("ln_two_pi", (float)Math.Log(2 * Math.PI))]);
        var sum = graph.Add("ReduceSum", "kl.sum", [terms, graph.Integers("kl.axes", [1])], ("keepdims", 0));
        var density = graph.Add("Mul", "kl.log_density", [sum, graph.Constant("minus_half", -0.5f)]);
        if (codes.Volume is not null)
            density = graph.Add("Sub", "kl.transformed", [density, codes.Volume]);
        return graph.Add("Sub", "kl.ratio", [density, prior.WriteLogProb(graph, codes.Code)]);
    }

    private static string KlDescription(Autoencoder model) =>
        model.Recipe.Prior.Kind == PriorKind.StandardNormal && model.PosteriorModule is null
            ? "KL divergence of q(z|x) from N(0, I) in nats."
            : "ln q(z|x) - ln p(z) at the mean code in nats.";

    private static string Kl(OnnxGraph graph, string mean, string logVariance)
    {
        var square = graph.Add("Mul", "kl.mean_square", [mean, mean]);
        var sum = graph.Add("Add", "kl.second_moment", [graph.Add("Exp", "kl.variance", [logVariance]), square]);
        var less = graph.Add("Sub", "kl.less_entropy", [sum, logVariance]);
        var twice = graph.Add("Sub", "kl.twice", [less, graph.Constant("kl.one", 1)]);
        var total = graph.Add("ReduceSum", "kl.sum", [twice, graph.Integers("kl.axes", [1])], ("keepdims", 0));
        return graph.Add("Mul", "kl.half", [total, graph.Constant("kl.one_half", 0.5f)]);
    }

    private static string OutputDescription(Autoencoder model) =>
        model.IsBernoulli ? "The reconstruction's mean, in the data's own units." : "The reconstruction, in the data's own units.";

    private static void Save(OnnxGraph graph, BundleManifest manifest, string path)
    {
        var model = new ModelProto
        {
            IrVersion = IrVersion,
            ProducerName = "Latent",
            ProducerVersion = typeof(OnnxExport).Assembly.GetName().Version!.ToString(3),
            DocString = manifest.Description,
            Graph = graph.Proto,
            OpsetImport =
            {
                new OperatorSetIdProto { Domain = "", Version = Opset },
            },
        };
        if (graph.Proto.Node.Any(node => node.Domain == OnnxGraph.MlDomain))
            model.OpsetImport.Add(new OperatorSetIdProto { Domain = OnnxGraph.MlDomain, Version = MlOpset });
        foreach (var (key, value) in Metadata(manifest))
            model.MetadataProps.Add(new StringStringEntryProto { Key = key, Value = value });
        try
        {
            using var stream = File.Create(path);
            model.WriteTo(stream);
        }
        catch (Exception e) when (FileError.Is(e))
        {
            throw FileError.CannotWrite(path, e);
        }
    }

    private static IEnumerable<(string Key, string Value)> Metadata(BundleManifest manifest)
    {
        yield return ("latent.schema_version", manifest.SchemaVersion.ToString(CultureInfo.InvariantCulture));
        yield return ("latent.name", manifest.Name);
        yield return ("latent.kind", RecipeNames.Of(manifest.Kind));
        yield return ("latent.dimension", manifest.LatentDimension.ToString(CultureInfo.InvariantCulture));
        yield return ("latent.input_shape", LayerShapes.Text(manifest.Input.Shape));
        yield return ("latent.input_unit", RecipeNames.Of(manifest.Input.Unit));
        if (manifest.Input.Columns is { } columns)
            yield return ("latent.input_columns", string.Join(", ", columns));
        if (manifest.Input.Image is { } image)
            yield return ("latent.image", LayerShapes.Text([image.Channels, image.Height, image.Width]));
        yield return ("latent.likelihood", RecipeNames.Of(manifest.Reconstruction.Likelihood));
        yield return ("latent.reduction", RecipeNames.Of(manifest.Reconstruction.Reduction));
        if (manifest.Prior is { } prior)
            yield return ("latent.prior", prior);
        yield return ("latent.seed", manifest.Seed.ToString(CultureInfo.InvariantCulture));
        yield return ("latent.engine", manifest.Engine);
        yield return ("latent.data_fingerprint", manifest.DataFingerprint);
    }

    /// <summary>Names of an encoder's tensors.</summary>
    /// <param name="Units">The rows in model units.</param>
    /// <param name="Hidden">The encoder's last layer.</param>
    /// <param name="Mean">The mean of the normal distribution, or the code before its activation.</param>
    /// <param name="Code">What is decoded: the same, activated or transformed by a flow.</param>
    /// <param name="LogVariance">ln of the variance; null for a plain autoencoder.</param>
    /// <param name="Volume">ln |det| of the flow at the mean; null without one.</param>
    private sealed record WrittenCodes(string Units, string Hidden, string Mean, string Code, string? LogVariance, string? Volume);
}
