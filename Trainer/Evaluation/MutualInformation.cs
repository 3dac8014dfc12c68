namespace Latent.Trainer.Evaluation;

/// <summary>
/// Estimates the mutual information of rows and codes under q, and the rest of the KL (Hoffman and Johnson 2016): with one draw z of
/// q(z|x) for each of M rows, I(x; z) is the mean of ln q(z|x) - ln q(z), and KL(q(z) || p) that of ln q(z) - ln p(z), where q(z) is the
/// mean of the posteriors of the M rows. As a row's own posterior is one of them, the estimate is at most ln M.
/// </summary>
/// <param name="Nats">The mutual information, in nats.</param>
/// <param name="MarginalKl">The divergence of q(z) from the prior, in nats.</param>
internal sealed record MutualInformation(double Nats, double MarginalKl)
{
    private static readonly double s_logTwoPi = Math.Log(2 * Math.PI);

    /// <summary>Estimates both of diagonal normal posteriors. The time grows with the square of the number of rows.</summary>
    /// <param name="means">Mean of each row's posterior, [M, z].</param>
    /// <param name="logVariances">ln of its variance, [M, z].</param>
    /// <param name="draws">A draw of each row's posterior, [M, z].</param>
    /// <param name="logPrior">ln p(z) of each draw, [M].</param>
    /// <param name="stop">Cancels it.</param>
    public static MutualInformation Of(
        float[] means,
        float[] logVariances,
        float[] draws,
        float[] logPrior,
        CancellationToken stop = default
    )
    {
        var rows = logPrior.Length;
        var latent = means.Length / rows;
        var precisions = Array.ConvertAll(logVariances, v => Math.Exp(-v));
        var constants = new double[rows];
        for (var i = 0; i < means.Length; i++)
            constants[i / latent] += s_logTwoPi + logVariances[i];
        var (own, all) = (new double[rows], new double[rows]);
        Parallel.For(
            0,
            rows,
            new ParallelOptions { CancellationToken = stop },
            () => new double[rows],
            (row, _, densities) =>
            {
                for (var other = 0; other < rows; other++)
                {
                    var sum = constants[other];
                    for (var d = 0; d < latent; d++)
                    {
                        var difference = (double)draws[(row * latent) + d] - means[(other * latent) + d];
                        sum += difference * difference * precisions[(other * latent) + d];
                    }

                    densities[other] = -0.5 * sum;
                }

                var most = densities.Max();
                own[row] = densities[row];
                all[row] = most + Math.Log(densities.Sum(density => Math.Exp(density - most)) / rows);
                return densities;
            },
            _ => { }
        );
        return new(
            Enumerable.Range(0, rows).Average(row => own[row] - all[row]),
            Enumerable.Range(0, rows).Average(row => all[row] - logPrior[row])
        );
    }
}
