using Latent.Contracts.Recipes;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Latent.Trainer.Training;

/// <summary>Makes optimizers, and names their state: optimizer.PARAMETER.exp_avg and so on, alike in every engine.</summary>
internal static class OptimizerMoments
{
    private const string Prefix = "optimizer.";
    private const string Step = "step";

    public static OptimizerHelper Create(OptimizerRecipe recipe, IReadOnlyList<(string name, Parameter parameter)> parameters)
    {
        var all = parameters.Select(p => p.parameter).ToArray();
        return recipe.Kind switch
        {
            OptimizerKind.Adam => optim.Adam(all, recipe.LearningRate, recipe.Beta1, recipe.Beta2, recipe.Epsilon, recipe.WeightDecay),
            OptimizerKind.AdamW => optim.AdamW(all, recipe.LearningRate, recipe.Beta1, recipe.Beta2, recipe.Epsilon, recipe.WeightDecay),
            OptimizerKind.RmsProp => optim.RMSProp(
                all,
                recipe.LearningRate,
                recipe.Alpha,
                recipe.Epsilon,
                recipe.WeightDecay,
                recipe.Momentum
            ),
            _ => optim.SGD(all, recipe.LearningRate, recipe.Momentum, weight_decay: recipe.WeightDecay),
        };
    }

    /// <summary>Reads the optimizer's state of each parameter.</summary>
    public static Dictionary<string, Tensor> Read(OptimizerHelper optimizer, IReadOnlyList<(string name, Parameter parameter)> parameters)
    {
        var moments = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var ((name, _), state) in parameters.Zip(optimizer.state_dict().State))
        {
            var (step, tensors) = Named(state);
            if (step is { } steps)
                moments[$"{Prefix}{name}.{Step}"] = tensor(new[] { steps });
            foreach (var (moment, value) in tensors)
            {
                if (value is not null)
                    moments[$"{Prefix}{name}.{moment}"] = value;
            }
        }

        return moments;
    }

    /// <summary>Restores the result of <see cref="Read"/>.</summary>
    /// <exception cref="KeyNotFoundException">A moment is missing.</exception>
    public static void Write(
        OptimizerHelper optimizer,
        IReadOnlyList<(string name, Parameter parameter)> parameters,
        IReadOnlyDictionary<string, Tensor> moments
    )
    {
        using var _ = no_grad();
        foreach (var ((name, parameter), state) in parameters.Zip(optimizer.state_dict().State))
        {
            var (step, tensors) = Named(state);
            if (step is not null)
                SetStep(state, moments[$"{Prefix}{name}.{Step}"].data<long>()[0]);
            foreach (var (moment, value) in tensors)
            {
                var key = $"{Prefix}{name}.{moment}";
                // SGD has it from its first step on.
                if (state is SGD.State && !moments.ContainsKey(key))
                    continue;
                if (value is not null)
                    value.copy_(moments[key]);
                else if (state is SGD.State sgd)
                    sgd.momentum_buffer = moments[key].to(parameter.device, copy: true).DetachFromDisposeScope();
            }
        }
    }

    /// <summary>Gets what an optimizer remembers of each parameter, including what would come with the first step.</summary>
    public static Tensor[][] All(OptimizerHelper optimizer, OptimizerRecipe recipe, IEnumerable<Parameter> parameters)
    {
        return [.. optimizer.state_dict().State.Zip(parameters, Of)];

        Tensor[] Of(OptimizerState state, Parameter parameter)
        {
            if (state is SGD.State { momentum_buffer: null } sgd && recipe.Momentum > 0)
                sgd.momentum_buffer = zeros(parameter.shape, device: parameter.device).DetachFromDisposeScope();
            return [.. Named(state).Tensors.Select(tensor => tensor.Value).OfType<Tensor>()];
        }
    }

    /// <summary>Gives the number of steps that an optimizer made to another one, all of whose parameters take part in each.</summary>
    public static void CopySteps(OptimizerHelper from, OptimizerHelper to)
    {
        if (Named(from.state_dict().State.First()).Step is not { } step)
            return;
        foreach (var state in to.state_dict().State)
            SetStep(state, step);
    }

    private static (long? Step, (string Name, Tensor? Value)[] Tensors) Named(OptimizerState state) =>
        state switch
        {
            Adam.State s => (s.step, [("exp_avg", s.exp_avg), ("exp_avg_sq", s.exp_avg_sq)]),
            AdamW.State s => (s.step, [("exp_avg", s.exp_avg), ("exp_avg_sq", s.exp_avg_sq)]),
            RMSProp.State s => (s.step, [("square_avg", s.square_avg), ("momentum_buffer", s.momentum_buffer)]),
            SGD.State s => (null, [("momentum_buffer", s.momentum_buffer)]),
            _ => throw new NotSupportedException($"{state.GetType()} has no names for checkpoints."),
        };

    private static void SetStep(OptimizerState state, long step)
    {
        if (state is Adam.State adam)
            adam.step = step;
        else if (state is AdamW.State adamW)
            adamW.step = step;
        else if (state is RMSProp.State rmsProp)
            rmsProp.step = step;
    }
}
