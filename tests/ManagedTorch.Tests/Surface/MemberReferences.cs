using System.Collections.Immutable;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Latent.ManagedTorch.Tests.Surface;

/// <summary>What a program was compiled against in TorchSharp: every type and member that its assembly refers to.</summary>
internal sealed class MemberReferences
{
    private static readonly SignatureNames _names = new();
    private readonly MetadataReader _reader;
    private readonly HashSet<string> _types;

    private MemberReferences(string assembly, MetadataReader reader)
    {
        (Assembly, _reader) = (assembly, reader);
        _types = [.. reader.TypeReferences.Where(IsOfTorchSharp).Select(t => _names.GetTypeFromReference(reader, t, 0))];
        All = [.. _types.Select(type => new Reference(type, "", false)), .. reader.MemberReferences.Select(Describe).OfType<Reference>()];
    }

    public string Assembly { get; }

    public IReadOnlyList<Reference> All { get; }

    public static MemberReferences Of(string path)
    {
        using var file = new PEReader(ImmutableArray.Create(File.ReadAllBytes(path)));
        return new(Path.GetFileName(path), file.GetMetadataReader());
    }

    /// <summary>Gets a sentence for each reference that an assembly does not fulfil as TorchSharp's own does.</summary>
    public IEnumerable<string> MissingFrom(Surface actual, Surface package) =>
        from reference in All
        where !IsFound(reference, actual, package)
        select reference.Member.Length == 0
            ? $"{Assembly} refers to the type {reference.Type}, which is missing."
            : $"{Assembly} refers to {reference.Member} of {reference.Type}, which is missing.";

    private static bool IsFound(Reference reference, Surface actual, Surface package)
    {
        if (!actual.Types.TryGetValue(reference.Type, out var type))
            return false;
        if (reference.Member.Length == 0)
            return true;
        if (!reference.IsField)
            return actual.Find(type, reference.Member) is not null;
        // A reference to a field does not say whether it is static, and the bases of the type are not searched for it.
        var isStatic = package.Types[reference.Type].Members.ContainsKey("static " + reference.Member);
        return type.Members.ContainsKey(isStatic ? "static " + reference.Member : reference.Member);
    }

    private Reference? Describe(MemberReferenceHandle handle)
    {
        var member = _reader.GetMemberReference(handle);
        var type = member.Parent.Kind switch
        {
            HandleKind.TypeReference => _names.GetTypeFromReference(_reader, (TypeReferenceHandle)member.Parent, 0),
            HandleKind.TypeSpecification => _names
                .GetTypeFromSpecification(_reader, null, (TypeSpecificationHandle)member.Parent, 0)
                .Split('<')[0],
            _ => "",
        };
        if (!_types.Contains(type))
            return null;
        var name = _reader.GetString(member.Name);
        return member.GetKind() == MemberReferenceKind.Field
            ? new(type, $"{member.DecodeFieldSignature(_names, null)} {name}", true)
            : new(type, Surface.Signature(member.DecodeMethodSignature(_names, null), name), false);
    }

    private bool IsOfTorchSharp(TypeReferenceHandle handle)
    {
        var scope = _reader.GetTypeReference(handle).ResolutionScope;
        return scope.Kind switch
        {
            HandleKind.TypeReference => IsOfTorchSharp((TypeReferenceHandle)scope),
            HandleKind.AssemblyReference => _reader.GetString(_reader.GetAssemblyReference((AssemblyReferenceHandle)scope).Name)
                == "TorchSharp",
            _ => false,
        };
    }

    /// <summary>A type, or a member of it by its signature.</summary>
    internal sealed record Reference(string Type, string Member, bool IsField);
}
