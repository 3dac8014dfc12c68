namespace Latent.TorchOperations;

/// <summary>An operation with inputs, which of them get gradients, and arguments.</summary>
internal sealed record Case(string Op, Input[] Inputs, int[] Gradients, Arguments Arguments);
