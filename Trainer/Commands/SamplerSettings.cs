namespace Latent.Trainer.Commands;

/// <summary>Represents what the command line says of fitting a sampler.</summary>
internal sealed record SamplerSettings
{
    public required string Bundle { get; init; }

    /// <summary>Gets the name of a <see cref="Contracts.Recipes.SamplerKind"/>.</summary>
    public required string Kind { get; init; }

    public string? Data { get; init; }

    /// <summary>Gets keys of the sampler with their values, such as "sampler.components=50".</summary>
    public IReadOnlyList<string> Assignments { get; init; } = [];

    public int? Threads { get; init; }

    public bool Quiet { get; init; }
}
