namespace Latent.Contracts.Json;

/// <summary>Says what a key was called before; files that still call it so are read as before.</summary>
/// <param name="name">The former key.</param>
[AttributeUsage(AttributeTargets.Property, AllowMultiple = true)]
internal sealed class FormerKeyAttribute(string name) : Attribute
{
    /// <summary>Gets the former key.</summary>
    public string Name { get; } = name;

    /// <summary>Gets the kind that the object's key "type" must name, where one former key has become several; null: any.</summary>
    public object? OfType { get; init; }
}
