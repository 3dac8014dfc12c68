using Latent.Contracts.Recipes;
using Latent.Models.Onnx;
using Latent.Models.Onnx.Proto;
using static TorchSharp.torch;

namespace Latent.Models.Codebooks;

/// <summary>
/// Replaces vectors by the nearest ones of a codebook e (van den Oord et al. 2017, eq. 1 and 2), which are moving averages of the vectors
/// that they replace: N ← γN + (1 - γ)n, m ← γm + (1 - γ)Σz, e = m/N (appendix A.1). In a state_dict they are vectors, sums (m) and uses
/// (N).
/// </summary>
internal sealed class Codebook : nn.Module
{
    private readonly Tensor vectors;
    private readonly Tensor sums;
    private readonly Tensor uses;
    private readonly CodebookRecipe _recipe;
    private readonly long[] _byVector;
    private readonly long[] _byChannel;

    /// <summary>Makes a codebook none of whose vectors has been used, so that the first step replaces most of them.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="length">Number of values that are divided into vectors.</param>
    public Codebook(CodebookRecipe recipe, int length)
        : base(nameof(Codebook))
    {
        _recipe = recipe;
        Count = length / recipe.Width;
        long count = Count;
        _byVector = [.. Enumerable.Range(0, length).Select(i => (i % recipe.Width * count) + (i / recipe.Width))];
        _byChannel = [.. Enumerable.Range(0, length).Select(i => (i % count * recipe.Width) + (i / count))];
        long[] shape = [recipe.Size, recipe.Width];
        vectors = randn(shape);
        sums = zeros(shape);
        uses = zeros(shape[..1]);
        RegisterComponents();
    }

    /// <summary>Gets the number of vectors of a row.</summary>
    public int Count { get; }

    /// <summary>Finds the nearest vectors.</summary>
    /// <param name="values">The encoder's output, [batch, length].</param>
    /// <returns>Their places in the codebook, [batch · count], of type Int64.</returns>
    public Tensor Nearest(Tensor values)
    {
        using var _ = no_grad();
        return Distances(Rows(values)).argmin(1);
    }

    /// <summary>Gets the values of vectors of the codebook, in the order of the encoder's output.</summary>
    /// <param name="places">Places in the codebook, [batch · count], of type Int64.</param>
    /// <returns>[batch, length].</returns>
    public Tensor At(Tensor places) =>
        vectors.index_select(0, places).reshape(-1, _byVector.Length).index_select(1, tensor(_byChannel, device: vectors.device));

    /// <summary>Gets the values of vectors whose places are numbers, which are rounded and brought into the codebook.</summary>
    /// <param name="code">[batch, count].</param>
    /// <returns>[batch, length].</returns>
    public Tensor Of(Tensor code) => At(code.reshape(-1).clamp(0, _recipe.Size - 1).round().to(ScalarType.Int64));

    /// <summary>
    /// Moves the codebook by a minibatch, and replaces vectors that are used too rarely by vectors of the minibatch, drawn at random.
    /// </summary>
    /// <param name="values">The encoder's output, [batch, length].</param>
    /// <param name="places">The places of its nearest vectors, [batch · count].</param>
    /// <param name="generator">Source of the draws; null for the global one.</param>
    public void Learn(Tensor values, Tensor places, Generator? generator)
    {
        using var _ = no_grad();
        var rows = Rows(values);
        var isChosen = IsChosen(places);
        var keep = _recipe.Decay;
        uses.mul_(keep).add_(isChosen.sum(dim: 0) * (1 - keep));
        sums.mul_(keep).add_(isChosen.t().mm(rows) * (1 - keep));
        var at = (rand([_recipe.Size], device: rows.device, generator: generator) * (double)rows.shape[0])
            .floor()
            .clamp_max(rows.shape[0] - 1);
        var drawn = rows.index_select(0, at.to(ScalarType.Int64));
        var isLive = (uses >= _recipe.Revive).to(uses.dtype);
        // One that is replaced counts as used once, which gives it time until it must be used.
        uses.copy_((uses * isLive) + (1 - isLive));
        var live = isLive.unsqueeze(1);
        sums.copy_((sums * live) + (drawn * (1 - live)));
        vectors.copy_(sums / (uses.clamp_min(1e-10)).unsqueeze(1));
    }

    /// <summary>Computes how many vectors a minibatch uses: exp of the entropy of their frequencies.</summary>
    /// <param name="places">Places in the codebook, [batch · count].</param>
    public Tensor Perplexity(Tensor places)
    {
        using var _ = no_grad();
        var share = IsChosen(places).mean([0]);
        return (-(share * (share + 1e-10).log()).sum()).exp();
    }

    /// <summary>Tells of each row, as 1 or 0, whether a nearest vector is so by less than rounding may change.</summary>
    /// <param name="values">The encoder's output, [batch, length].</param>
    /// <returns>[batch].</returns>
    public Tensor IsDoubtful(Tensor values)
    {
        using var _ = no_grad();
        var rows = Rows(values);
        var distances = Distances(rows);
        var nearest = distances.argmin(1);
        var first = distances.gather(1, nearest.unsqueeze(1));
        var others = distances + (IsChosen(nearest) * 1e30);
        var second = others.gather(1, others.argmin(1).unsqueeze(1));
        var scale = rows.square().sum(1, keepdim: true) + vectors.square().sum(1).mean() + 1e-6;
        return (((second - first) <= scale * 1e-4).to(rows.dtype).reshape(-1, Count).sum(1) >= 1).to(rows.dtype);
    }

    /// <summary>Writes the places of the nearest vectors of [batch, length] as numbers [batch, count].</summary>
    public string WriteNearest(OnnxGraph graph, string values)
    {
        using var scope = NewDisposeScope();
        var channels = graph.Add(
            "Reshape",
            "codebook.channels",
            [values, graph.Integers("codebook.by_channel", [0, _recipe.Width, Count])]
        );
        var rows = graph.Add("Transpose", "codebook.rows", [channels], ("perm", new long[] { 0, 2, 1 }));
        var product = graph.Add("MatMul", "codebook.product", [rows, graph.Weight("codebook.twice", vectors.t() * 2)]);
        var distance = graph.Add("Sub", "codebook.distance", [graph.Weight("codebook.squares", vectors.square().sum(1)), product]);
        var nearest = graph.Add("ArgMin", "codebook.nearest", [distance], ("axis", 2), ("keepdims", 0));
        return graph.ToFloat("codebook.code", nearest);
    }

    /// <summary>Writes the values of vectors, [batch, length], whose places [batch, count] are numbers.</summary>
    public string WriteOf(OnnxGraph graph, string code)
    {
        var bounded = graph.Add(
            "Clip",
            "codebook.bounded",
            [code, graph.Constant("codebook.first", 0), graph.Constant("codebook.last", _recipe.Size - 1)]
        );
        var rounded = graph.Add("Round", "codebook.rounded", [bounded]);
        var places = graph.Add("Cast", "codebook.places", [rounded], ("to", (int)TensorProto.Types.DataType.Int64));
        var rows = graph.Add("Gather", "codebook.vector", [graph.Weight("codebook.vectors", vectors), places]);
        var channels = graph.Add("Transpose", "codebook.channels_of_vectors", [rows], ("perm", new long[] { 0, 2, 1 }));
        return graph.Add("Reshape", "codebook.values", [channels, graph.Integers("codebook.flat", [0, -1])]);
    }

    private Tensor Rows(Tensor values) => values.index_select(1, tensor(_byVector, device: values.device)).reshape(-1, _recipe.Width);

    // Without the squares of the rows, which are the same for each vector.
    private Tensor Distances(Tensor rows) => vectors.square().sum(1) - (rows.mm(vectors.t()) * 2);

    /// <summary>Tells, as 1 or 0, which vector each place is, [batch · count, size].</summary>
    private Tensor IsChosen(Tensor places)
    {
        var all = arange(_recipe.Size, float32, places.device);
        var given = all.unsqueeze(1);
        var identity = (given >= all).to(float32) * (given <= all).to(float32);
        return identity.index_select(0, places);
    }
}
