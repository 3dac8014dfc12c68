using TorchSharp.Kernels;

namespace Latent.Tests.Kernels;

public sealed unsafe class OptimizerKernelTests
{
    private const int N = 5003;

    [Theory]
    [InlineData(0f, false)]
    [InlineData(0.1f, false)]
    [InlineData(0.1f, true)]
    public void Adam_follows_its_equations(float decay, bool decoupled) =>
        KernelRun.Everywhere(() =>
        {
            var random = new Random(5);
            using Guarded p = new(N, random),
                m = new(N),
                v = new(N),
                g = new(N);
            m.Span.Clear();
            v.Span.Clear();
            double[] q = [.. p.Span.ToArray()],
                a = new double[N],
                b = new double[N];
            for (var step = 1; step <= 4; step++)
            {
                foreach (ref var x in g.Span)
                    x = (random.NextSingle() - 0.5f) * step;
                Adam.Step(N, p, g, m, v, new AdamStep(0.01f, 0.9f, 0.999f, 1e-8f, decay, decoupled, step));
                for (var i = 0; i < N; i++)
                {
                    var gradient = g[i] + (decoupled ? 0 : decay * q[i]);
                    if (decoupled)
                        q[i] *= 1 - (0.01 * decay);
                    a[i] = (0.9f * a[i]) + ((1 - 0.9f) * gradient);
                    b[i] = (0.999f * b[i]) + ((1 - 0.999f) * gradient * gradient);
                    q[i] -= 0.01 / (1 - Math.Pow(0.9f, step)) * a[i] / (Math.Sqrt(b[i] / (1 - Math.Pow(0.999f, step))) + 1e-8);
                }
            }

            KernelRun.Same(q, p.Span, 2e-6, "Adam");
        });

    [Theory]
    [InlineData(0f, 0f)]
    [InlineData(0.9f, 0.1f)]
    public void Gradient_descent_follows_its_equations(float momentum, float decay) =>
        KernelRun.Everywhere(() =>
        {
            var random = new Random(6);
            using Guarded p = new(N, random),
                buffer = new(N),
                g = new(N);
            double[] q = [.. p.Span.ToArray()],
                moving = new double[N];
            for (var step = 1; step <= 3; step++)
            {
                foreach (ref var x in g.Span)
                    x = random.NextSingle() - 0.5f;
                Sgd.Step(N, p, g, buffer, new SgdStep(0.1f, momentum, decay, step == 1));
                for (var i = 0; i < N; i++)
                {
                    var gradient = g[i] + (decay * q[i]);
                    moving[i] = step == 1 ? gradient : (momentum * moving[i]) + gradient;
                    q[i] -= 0.1f * (momentum == 0 ? gradient : moving[i]);
                }
            }

            KernelRun.Same(q, p.Span, 2e-6, "SGD");
        });

    [Theory]
    [InlineData(0f, 0f)]
    [InlineData(0.9f, 0.1f)]
    public void RmsProp_follows_its_equations(float momentum, float decay) =>
        KernelRun.Everywhere(() =>
        {
            var random = new Random(7);
            using Guarded p = new(N, random),
                square = new(N),
                buffer = new(N),
                g = new(N);
            square.Span.Clear();
            buffer.Span.Clear();
            double[] q = [.. p.Span.ToArray()],
                s = new double[N],
                moving = new double[N];
            for (var step = 1; step <= 3; step++)
            {
                foreach (ref var x in g.Span)
                    x = random.NextSingle() + 0.1f;
                RmsProp.Step(N, p, g, square, buffer, new RmsPropStep(0.01f, 0.9f, 1e-8f, decay, momentum));
                for (var i = 0; i < N; i++)
                {
                    var gradient = g[i] + (decay * q[i]);
                    s[i] = (0.9f * s[i]) + ((1 - 0.9f) * gradient * gradient);
                    var change = gradient / (Math.Sqrt(s[i]) + 1e-8);
                    moving[i] = (momentum * moving[i]) + change;
                    q[i] -= 0.01f * (momentum == 0 ? change : moving[i]);
                }
            }

            KernelRun.Same(q, p.Span, 1e-5, "RMSprop");
        });
}
