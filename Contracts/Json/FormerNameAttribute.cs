namespace Latent.Contracts.Json;

/// <summary>States the former name of a key or of an enumeration's value; files that still use it are read as before.</summary>
/// <param name="name">The former name, as it stands in files.</param>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field, AllowMultiple = true)]
internal sealed class FormerNameAttribute(string name) : Attribute
{
    /// <summary>Gets the former name.</summary>
    public string Name { get; } = name;

    /// <summary>Gets the kind that the object's key "type" must name, where one former key has become several; null for any.</summary>
    public object? OfType { get; init; }
}
