using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Latent.Models.Priors;

/// <summary>
/// Holds the learned pseudo-inputs u of a variational mixture of posteriors, p(z) = 1/K Σₖ q(z|uₖ) (Tomczak and Welling 2018, eq. 9).
/// </summary>
internal sealed class VampPrior : nn.Module
{
    private readonly Parameter pseudoInputs;
    private readonly bool _isBounded;

    /// <summary>Draws pseudo-inputs.</summary>
    /// <param name="count">Number of pseudo-inputs, K.</param>
    /// <param name="row">Shape of a row.</param>
    /// <param name="isBounded">
    /// Whether rows are from 0 to 1: pseudo-inputs then are clipped to that, and drawn from N(0.05, 0.01²), as by the authors; else from
    /// N(0, 1).
    /// </param>
    public VampPrior(int count, IReadOnlyList<int> row, bool isBounded)
        : base(nameof(VampPrior))
    {
        var drawn = randn([count, .. row.Select(n => (long)n)]);
        pseudoInputs = new Parameter(isBounded ? (drawn * 0.01) + 0.05 : drawn);
        _isBounded = isBounded;
        RegisterComponents();
    }

    /// <summary>Gets the number of pseudo-inputs, K.</summary>
    public long Count => pseudoInputs.shape[0];

    /// <summary>Starts from rows.</summary>
    /// <param name="rows">Rows in model units, [K, …input shape].</param>
    public void Start(Tensor rows)
    {
        using var _ = no_grad();
        pseudoInputs.copy_(rows);
    }

    /// <summary>Gets p(z) as it is now.</summary>
    /// <param name="model">The model whose encoder makes distributions of pseudo-inputs.</param>
    public NormalMixture Now(Autoencoder model)
    {
        var rows = _isBounded ? pseudoInputs.clamp(0, 1) : pseudoInputs;
        var q = model.UpperLayer is { } upper ? upper.Of(rows) : model.Encode(rows).Normal;
        return new($"VampPrior of {pseudoInputs.shape[0]} pseudo-inputs", q.Mean, q.LogVariance, null);
    }
}
