using System.Globalization;
using Google.Protobuf;
using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Contracts.Files;
using Latent.Contracts.Recipes;
using Latent.Models.Distributions;
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
    /// Writes encoder.onnx, decoder.onnx, autoencoder.onnx and, where the prior is not the standard normal, prior.onnx; of a denoiser
    /// autoencoder.onnx alone. Existing files of these names are replaced.
    /// </summary>
    /// <param name="model">The model; its running statistics are used whether it is in training mode or not.</param>
    /// <param name="manifest">The manifest that the graphs' metadata repeat.</param>
    /// <param name="folder">An existing folder.</param>
    /// <param name="score">The anomaly score of a table's rows; null for other models.</param>
    /// <exception cref="LatentException">A layer or a file can't be written.</exception>
    public static void Write(Autoencoder model, BundleManifest manifest, string folder, AnomalyScore? score = null)
    {
        if (model.IsDenoiser)
        {
            Save(Denoiser(model), manifest, Path.Combine(folder, BundleFile.NameOf(BundleRole.Autoencoder)));
            return;
        }

        Save(Encoder(model), manifest, Path.Combine(folder, BundleFile.NameOf(BundleRole.Encoder)));
        Save(Decoder(model), manifest, Path.Combine(folder, BundleFile.NameOf(BundleRole.Decoder)));
        Save(Whole(model, score), manifest, Path.Combine(folder, BundleFile.NameOf(BundleRole.Autoencoder)));
        WriteSampler(model, manifest, folder);
        if (model.PosteriorModule is not null)
            Save(Posterior(model), manifest, Path.Combine(folder, BundleFile.NameOf(BundleRole.Posterior)));
    }

    /// <summary>Writes prior.onnx, unless codes are drawn from the standard normal; an existing file of this name is replaced.</summary>
    /// <param name="model">The model.</param>
    /// <param name="manifest">The manifest that the graph's metadata repeat.</param>
    /// <param name="folder">An existing folder.</param>
    /// <exception cref="LatentException">The file can't be written.</exception>
    public static void WriteSampler(Autoencoder model, BundleManifest manifest, string folder)
    {
        using var scope = NewDisposeScope();
        if (model.Sampler() is { Noise: not null } sampler)
            Save(Prior(model, sampler), manifest, Path.Combine(folder, BundleFile.NameOf(BundleRole.Prior)));
    }

    private static OnnxGraph Encoder(Autoencoder model)
    {
        var graph = new OnnxGraph("encoder", "From rows to codes.");
        var table = model.Table is null ? null : new TableInputGraph(graph, model.Table).Write();
        var units = table?.Units ?? Input(graph, model);
        var label = ConditionGraph.Write(graph, model);
        NameCodes(graph, model, graph.ForEach(model.Members, member => Encode(graph, member, table, units, label)));
        return graph;
    }

    private static OnnxGraph Decoder(Autoencoder model)
    {
        var graph = new OnnxGraph("decoder", "From codes to rows.");
        var (count, length) = (model.Members.Count, model.Recipe.CodeLength() / model.Members.Count);
        var latent = graph.Input(
            TensorNames.Latent,
            [count * length],
            count == 1 ? "A point in latent space." : "A point in the latent space of each member, one after the other."
        );
        IReadOnlyList<string> codes =
            count == 1 ? [latent] : [.. model.Members.Select((_, i) => graph.Slice($"latent{i}", latent, i * length, length))];
        var label = ConditionGraph.Write(graph, model);
        var raws = graph.ForEach([.. model.Members.Zip(codes)], pair => Decode(graph, pair.First, pair.Second, label));
        if (model.Table is { } table)
        {
            new TableOutputGraph(graph, table).Write(raws);
            return graph;
        }

        var mean = graph.Mean("output.mean", graph.ForEach(raws, raw => Mean(graph, model, raw)));
        graph.Output(ToDataUnits(graph, model, mean), TensorNames.Output, model.Input.Shape, OutputDescription(model));
        return graph;
    }

    private static OnnxGraph Prior(Autoencoder model, ISampler prior)
    {
        var graph = new OnnxGraph("prior", $"From noise to codes distributed as p(z), a {prior.Description}.");
        var (normal, uniform) = (prior.Noise!.Normal, prior.Noise.Uniform);
        var columns = $"{normal} columns drawn from N(0, 1)" + (uniform > 0 ? $", then {uniform} uniform in [0, 1)." : ".");
        var noise = graph.Input(TensorNames.Noise, [normal + uniform], columns);
        graph.Output(prior.WriteAt(graph, noise), TensorNames.Latent, [model.Recipe.CodeLength()], "A draw of p(z).");
        return graph;
    }

    private static OnnxGraph Posterior(Autoencoder model)
    {
        var graph = new OnnxGraph("posterior", "From rows and noise to codes distributed as q(z|x).");
        IReadOnlyList<int> code = [model.Recipe.CodeLength()];
        var units = Input(graph, model);
        var label = ConditionGraph.Write(graph, model);
        var noise = graph.Input(TensorNames.Noise, code, "Draws from N(0, 1).");
        graph.Output(Encode(graph, model, null, units, label, noise).Code, TensorNames.Latent, code, "A draw of q(z|x).");
        return graph;
    }

    /// <summary>Writes μ + σ·ε; without noise it is μ.</summary>
    private static string Draw(OnnxGraph graph, string name, string mean, string logVariance, string? noise)
    {
        if (noise is null)
            return mean;
        var half = graph.Add("Mul", $"{name}.half", [logVariance, graph.Constant("one_half", 0.5f)]);
        var moved = graph.Add("Mul", $"{name}.spread", [graph.Add("Exp", $"{name}.deviation", [half]), noise]);
        return graph.Add("Add", $"{name}.code", [mean, moved]);
    }

    private static OnnxGraph Whole(Autoencoder model, AnomalyScore? score)
    {
        if (model.Table is not null)
            return WholeTable(model, score ?? throw new ArgumentNullException(nameof(score)));
        var graph = new OnnxGraph("autoencoder", "From rows to codes, reconstructions at the mean code, and their errors.");
        var scaled = Input(graph, model);
        var label = ConditionGraph.Write(graph, model);
        var parts = graph.ForEach(
            model.Members,
            member =>
            {
                var codes = Encode(graph, member, null, scaled, label);
                var raw = Decode(graph, member, codes.Code, label);
                var error = ReconstructionError(graph, member, raw, scaled);
                return (Codes: codes, Error: error, Kl: Divergence(graph, member, codes), Output: Mean(graph, member, raw));
            }
        );
        var error = graph.Mean("mean_error", [.. parts.Select(part => part.Error)]);
        var output = ToDataUnits(graph, model, graph.Mean("output.mean", [.. parts.Select(part => part.Output)]));
        NameCodes(graph, model, [.. parts.Select(part => part.Codes)]);
        graph.Output(output, TensorNames.Output, model.Input.Shape, OutputDescription(model));
        var reduction = model.Recipe.Objective.Reduction == ReductionKind.Sum ? "summed" : "averaged";
        graph.Output(error, TensorNames.ReconstructionError, [], $"{model.Term.Measure}, {reduction} over a row's values.");
        NameKl(graph, model, [.. parts.Select(part => part.Kl)]);
        return graph;
    }

    private static OnnxGraph Denoiser(Autoencoder model)
    {
        var graph = new OnnxGraph("autoencoder", "From noisy images to images without the noise.");
        var scaled = Input(graph, model);
        var made = Features(graph, model, scaled);
        var denoised = model.Recipe.Noise.Predict == NoisePrediction.Noise ? graph.Add("Sub", "denoised", [scaled, made]) : made;
        var error = ReconstructionError(graph, model, denoised, scaled);
        graph.Output(
            ToDataUnits(graph, model, denoised),
            TensorNames.Output,
            model.Input.Shape,
            "The denoised image, in the data's own units."
        );
        var reduction = model.Recipe.Objective.Reduction == ReductionKind.Sum ? "summed" : "averaged";
        graph.Output(
            error,
            TensorNames.ReconstructionError,
            [],
            $"{model.Term.Measure} of the output from the input, {reduction} over a row's values."
        );
        return graph;
    }

    private static OnnxGraph WholeTable(Autoencoder model, AnomalyScore score)
    {
        var graph = new OnnxGraph(
            "autoencoder",
            "From rows to codes, reconstructions at the mean code, their errors, and an anomaly score."
        );
        var table = new TableInputGraph(graph, model.Table!).Write();
        var columnErrors = new ColumnErrorsGraph(graph, model.Table!, table);
        var parts = graph.ForEach(
            model.Members,
            member =>
            {
                var codes = Encode(graph, member, table, table.Units, null);
                var raw = Decode(graph, member, codes.Code, null);
                float[] variances = member.ColumnLogVariance is { } learned ? learned.detach().cpu().data<float>().ToArray() : [];
                var errors = columnErrors.Write(raw, variances, withEntropy: false, "errors");
                var terms = variances.Length == 0 ? errors : columnErrors.Write(raw, variances, withEntropy: true, "terms");
                return (
                    Codes: codes,
                    Raw: raw,
                    Errors: errors,
                    Error: Reduce(graph, member, "error", terms),
                    Kl: Divergence(graph, member, codes)
                );
            }
        );
        var errors = graph.Mean("mean_errors", [.. parts.Select(part => part.Errors)]);
        var error = graph.Mean("mean_error", [.. parts.Select(part => part.Error)]);
        var code = NameCodes(graph, model, [.. parts.Select(part => part.Codes)]);
        var (relative, total) = score.Write(graph, errors, table.Present, table.Units, code);
        new TableOutputGraph(graph, model.Table!).Write([.. parts.Select(part => part.Raw)]);
        var reduction = model.Recipe.Objective.Reduction == ReductionKind.Sum ? "summed" : "averaged";
        graph.Output(error, TensorNames.ReconstructionError, [], $"Negative log-likelihoods of the columns, weighted and {reduction}.");
        NameKl(graph, model, [.. parts.Select(part => part.Kl)]);
        IReadOnlyList<int> columns = [model.Table!.Columns];
        graph.Output(relative, TensorNames.FeatureErrors, columns, "Error of each column as a multiple of its mean over held-out rows.");
        graph.Output(total, TensorNames.Score, [], "The anomaly score.");
        return graph;
    }

    /// <summary>Names the codes of all members, one after the other.</summary>
    /// <returns>The name of their means.</returns>
    private static string NameCodes(OnnxGraph graph, Autoencoder model, IReadOnlyList<WrittenCodes> codes)
    {
        IReadOnlyList<int> length = [model.Recipe.CodeLength()];
        var each = codes.Count == 1 ? "" : " of each member, one after the other";
        var isFlow = model.PosteriorModule is not null;
        var what =
            model.UpperLayer is not null ? "The code: the means of both stochastic layers, the lower one first."
            : isFlow ? "The code: the mean of the normal distribution, transformed by the posterior's flow."
            : model.Codebook is not null ? "The code: places in the codebook, counted from 0."
            : model.IsVariational ? $"Mean of q(z|x){each}."
            : $"The code{each}.";
        var code = graph.Output(graph.Concat("codes", [.. codes.Select(c => c.Code)]), TensorNames.LatentMean, length, what);
        if (!model.IsVariational)
            return code;
        var of =
            model.UpperLayer is not null ? "q of the stochastic layer that is inferred first; 0 for the other"
            : isFlow ? "the normal distribution that the posterior's flow transforms"
            : "q(z|x)";
        graph.Output(
            graph.Concat("log_variances", [.. codes.Select(c => c.LogVariance!)]),
            TensorNames.LatentLogVariance,
            length,
            $"ln of the variance of {of}, from -30 to 20{each}."
        );
        return code;
    }

    private static void NameKl(OnnxGraph graph, Autoencoder model, IReadOnlyList<string?> members)
    {
        if (members[0] is null)
            return;
        var mean = members.Count == 1 ? "" : ", averaged over the members";
        graph.Output(graph.Mean("mean_kl", members!), TensorNames.Kl, [], $"{KlDescription(model)} in nats{mean}.");
    }

    private static string Input(OnnxGraph graph, Autoencoder model)
    {
        var input = graph.Input(
            TensorNames.Input,
            model.Input.Shape,
            $"Rows in the data's own units ({RecipeNames.Of(model.Input.Unit)})."
        );
        return ToModelUnits(graph, model, input);
    }

    /// <summary>Writes an encoder.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="model">The model.</param>
    /// <param name="table">Its table, if rows are of one with columns of several kinds.</param>
    /// <param name="units">Name of the rows in model units.</param>
    /// <param name="label">Name of the units of the labels that rows are conditioned on; null without a condition.</param>
    /// <param name="noise">Name of draws from N(0, 1), which codes are made of; null for the codes of the mean.</param>
    private static WrittenCodes Encode(
        OnnxGraph graph,
        Autoencoder model,
        TableUnits? table,
        string units,
        string? label,
        string? noise = null
    )
    {
        if (model.UpperLayer is { } upper)
            return EncodeTwoLayers(graph, model, upper, units, noise);
        var hidden = Features(
            graph,
            model,
            label is not null ? ConditionGraph.Join(graph, "encoder.input", units, label, model.Input.Shape)
                : table is null ? units
                : new TableInputGraph(graph, model.Table!).EncoderInput(table, model.Embeddings)
        );
        var mean = model.MeanHead is { } head ? LinearLayer.Write(graph, "mean", head, hidden) : hidden;
        if (model.VarianceHead is null)
        {
            var values = Activate(graph, model, mean);
            return new(mean, model.Codebook is null ? values : model.Codebook.WriteNearest(graph, values), null, null);
        }

        var spread = LinearLayer.Write(graph, "spread", model.VarianceHead, hidden);
        var logVariance = model.VarianceOf.Write(graph, "spread", spread);
        if (model.PosteriorModule is not IPosterior posterior)
            return new(mean, mean, logVariance, null);
        var (code, volume) = posterior.Write(graph, "posterior.code", hidden, Draw(graph, "draw", mean, logVariance, noise));
        return new(mean, code, logVariance, volume);
    }

    /// <summary>Writes the encoders of both stochastic layers, the one that is inferred first before the other.</summary>
    private static WrittenCodes EncodeTwoLayers(OnnxGraph graph, Autoencoder model, ConditionalNormal upper, string units, string? noise)
    {
        var (length, upperLength) = (model.Recipe.Latent.Dimension, model.Recipe.Latent.Upper!.Dimension);
        var (firstNoise, secondNoise) = noise is null
            ? (null, null)
            : (graph.Slice("draw.first", noise, 0, length), graph.Slice("draw.second", noise, length, upperLength));
        (string Mean, string LogVariance) first,
            second;
        string z1,
            z2;
        if (model.IsTopDown)
        {
            second = upper.Write(graph, "posterior", units);
            z2 = Draw(graph, "draw.second", second.Mean, second.LogVariance, secondNoise);
            first = Lower(graph.Add("Concat", "encoder.input", [units, z2], ("axis", 1)));
            z1 = Draw(graph, "draw.first", first.Mean, first.LogVariance, firstNoise);
        }
        else
        {
            first = Lower(units);
            z1 = Draw(graph, "draw.first", first.Mean, first.LogVariance, firstNoise);
            second = upper.Write(graph, "posterior", z1);
            z2 = Draw(graph, "draw.second", second.Mean, second.LogVariance, secondNoise);
        }

        // As in torch, the layer that is inferred last is a transformation of N(0, I).
        var last = model.IsTopDown ? first.LogVariance : second.LogVariance;
        var none = graph.Add("Sub", "posterior.none", [last, last]);
        string[] logVariances = model.IsTopDown ? [none, second.LogVariance] : [first.LogVariance, none];
        var half = graph.Add("Mul", "posterior.log_deviation", [last, graph.Constant("one_half", 0.5f)]);
        var volume = graph.Add("ReduceSum", "posterior.volume", [half, graph.Integers("posterior.axes", [1])], ("keepdims", 0));
        var code = graph.Add("Concat", "posterior.code", [z1, z2], ("axis", 1));
        return new(code, code, graph.Add("Concat", "posterior.log_variances", logVariances, ("axis", 1)), volume);

        (string Mean, string LogVariance) Lower(string input)
        {
            var hidden = Features(graph, model, input);
            var raw = LinearLayer.Write(graph, "spread", model.VarianceHead!, hidden);
            return (LinearLayer.Write(graph, "mean", model.MeanHead!, hidden), model.VarianceOf.Write(graph, "spread", raw));
        }
    }

    private static string Features(OnnxGraph graph, Autoencoder model, string input) =>
        LayerKind.WriteStack(graph, "encoder", model.Recipe.Encoder, model.Encoder, model.Shapes.EncoderInput, model.Shapes.Encoder, input);

    private static string Activate(OnnxGraph graph, Autoencoder model, string code)
    {
        if (model.CodeActivation is not { } module)
            return code;
        var layer = new LayerRecipe { Type = model.Recipe.Latent.Activation!.Value };
        IReadOnlyList<int> shape = [model.Recipe.Latent.Dimension];
        return LayerKind.Of(layer.Type).Write(new LayerWriting(graph, "mean", layer, module, code, shape, shape));
    }

    private static string Decode(OnnxGraph graph, Autoencoder model, string latent, string? label) =>
        LayerKind.WriteStack(
            graph,
            "decoder",
            model.Recipe.Decoder,
            model.Decoder,
            model.Shapes.DecoderInput,
            model.Shapes.Decoder,
            label is not null ? ConditionGraph.Join(graph, "decoder.input", latent, label, [model.Recipe.Latent.Dimension])
                : model.Codebook is { } codebook ? codebook.WriteOf(graph, latent)
                : model.UpperLayer is null || model.IsTopDown ? latent
                : graph.Slice("decoder.input", latent, 0, model.Recipe.Latent.Dimension)
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
        return graph.ToFloat("binarization", isOne);
    }

    private static string Mean(OnnxGraph graph, Autoencoder model, string raw) => model.Term.WriteMean(graph, raw);

    private static string ToDataUnits(OnnxGraph graph, Autoencoder model, string mean)
    {
        if (!IsScaled(model))
            return mean;
        var divided = graph.Add("Div", "output.divide", [mean, graph.Weight("scaling.factor", model.Factor)]);
        return graph.Add("Add", "output.add", [divided, graph.Weight("scaling.offset", model.Offset)]);
    }

    private static string ReconstructionError(OnnxGraph graph, Autoencoder model, string raw, string target)
    {
        using var scope = NewDisposeScope();
        var logSpread = model.LogSpread is { } spread ? graph.Weight("likelihood.log_spread", spread) : "";
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
    private static string? Divergence(OnnxGraph graph, Autoencoder model, WrittenCodes codes)
    {
        if (codes.LogVariance is not { } logVariance)
            return null;
        using var scope = NewDisposeScope();
        var prior = model.Prior();
        if (prior is StandardNormal && codes.Volume is null)
            return Kl(graph, codes.Mean, logVariance);
        var terms = graph.Add("Add", "kl.terms", [logVariance, graph.Constant("ln_two_pi", (float)Math.Log(2 * Math.PI))]);
        var sum = graph.Add("ReduceSum", "kl.sum", [terms, graph.Integers("kl.axes", [1])], ("keepdims", 0));
        var density = graph.Add("Mul", "kl.log_density", [sum, graph.Constant("minus_half", -0.5f)]);
        if (codes.Volume is not null)
            density = graph.Add("Sub", "kl.transformed", [density, codes.Volume]);
        return graph.Add("Sub", "kl.ratio", [density, prior.WriteLogProb(graph, codes.Code)]);
    }

    private static string KlDescription(Autoencoder model) =>
        model.Recipe.Prior.Kind == PriorKind.StandardNormal && model.PosteriorModule is null
            ? "KL divergence of q(z|x) from N(0, I)"
            : "ln q(z|x) - ln p(z) at the mean code";

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
    /// <param name="Mean">The mean of the normal distribution, or the code before its activation.</param>
    /// <param name="Code">What is decoded: the same, activated or transformed by a flow.</param>
    /// <param name="LogVariance">ln of the variance; null for a plain autoencoder.</param>
    /// <param name="Volume">ln |det| of the flow at the mean; null without one.</param>
    private sealed record WrittenCodes(string Mean, string Code, string? LogVariance, string? Volume);
}
