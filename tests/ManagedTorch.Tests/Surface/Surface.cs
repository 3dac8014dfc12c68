using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.CompilerServices;

namespace Latent.ManagedTorch.Tests.Surface;

/// <summary>What an assembly shows to programs that use it or derive from it, read from its metadata.</summary>
internal sealed class Surface
{
    private static readonly SignatureNames _names = new();
    private readonly MetadataReader _reader;

    private Surface(MetadataReader reader)
    {
        _reader = reader;
        Types = reader.TypeDefinitions.Where(IsVisible).Select(Describe).ToDictionary(t => t.Name);
    }

    public Dictionary<string, Type> Types { get; }

    public static Surface Of(string path)
    {
        using var file = new PEReader(ImmutableArray.Create(File.ReadAllBytes(path)));
        return new(file.GetMetadataReader());
    }

    /// <summary>The member, in the type or in one that it derives from.</summary>
    public Member? Find(Type type, string signature)
    {
        for (var at = type; at is not null; at = Types.GetValueOrDefault(at.Base?.Split('<')[0] ?? ""))
        {
            if (at.Members.TryGetValue(signature, out var member))
                return member;
        }

        return null;
    }

    /// <summary>Writes a method's name, types, and whether it is static or generic.</summary>
    public static string Signature(MethodSignature<string> signature, string name)
    {
        var isStatic = signature.Header.IsInstance ? "" : "static ";
        var arity = signature.GenericParameterCount > 0 ? "`" + signature.GenericParameterCount : "";
        return $"{isStatic}{signature.ReturnType} {name}{arity}({string.Join(", ", signature.ParameterTypes)})";
    }

    private bool IsVisible(TypeDefinitionHandle handle)
    {
        var type = _reader.GetTypeDefinition(handle);
        return (type.Attributes & TypeAttributes.VisibilityMask) switch
        {
            TypeAttributes.Public => true,
            TypeAttributes.NestedPublic or TypeAttributes.NestedFamily or TypeAttributes.NestedFamORAssem => IsVisible(
                type.GetDeclaringType()
            ),
            _ => false,
        };
    }

    private Type Describe(TypeDefinitionHandle handle)
    {
        var type = _reader.GetTypeDefinition(handle);
        var members = type.GetMethods()
            .Select(Method)
            .Concat(type.GetFields().Select(Field))
            .OfType<Member>()
            .ToDictionary(m => m.Signature);
        var interfaces = type.GetInterfaceImplementations().Select(i => Name(_reader.GetInterfaceImplementation(i).Interface));
        const TypeAttributes Kind = TypeAttributes.Abstract | TypeAttributes.Sealed | TypeAttributes.Interface;
        return new(
            _names.GetTypeFromDefinition(_reader, handle, 0),
            type.BaseType.IsNil ? null : Name(type.BaseType),
            type.Attributes & Kind,
            [.. interfaces],
            members
        );
    }

    private Member? Method(MethodDefinitionHandle handle)
    {
        var method = _reader.GetMethodDefinition(handle);
        if (
            (method.Attributes & MethodAttributes.MemberAccessMask)
            is not (MethodAttributes.Public or MethodAttributes.Family or MethodAttributes.FamORAssem)
        )
        {
            return null;
        }

        var signature = method.DecodeSignature(_names, null);
        var parameters = method.GetParameters().Select(_reader.GetParameter).ToList();
        var name = _reader.GetString(method.Name);
        return new(
            Signature(signature, name),
            string.Join(", ", parameters.Where(p => p.SequenceNumber > 0).Select(Parameter)),
            string.Concat(parameters.Select(TupleNames)),
            method.Attributes.HasFlag(MethodAttributes.Virtual) && !method.Attributes.HasFlag(MethodAttributes.Final)
        );
    }

    private Member? Field(FieldDefinitionHandle handle)
    {
        var field = _reader.GetFieldDefinition(handle);
        if (
            (field.Attributes & FieldAttributes.FieldAccessMask)
            is not (FieldAttributes.Public or FieldAttributes.Family or FieldAttributes.FamORAssem)
        )
        {
            return null;
        }

        var isStatic = field.Attributes.HasFlag(FieldAttributes.Static) ? "static " : "";
        var signature = $"{isStatic}{field.DecodeSignature(_names, null)} {_reader.GetString(field.Name)}";
        return new(signature, Constant(field.GetDefaultValue()), "", false);
    }

    private string Parameter(Parameter parameter)
    {
        var isParams = parameter.GetCustomAttributes().Any(a => AttributeName(a) == nameof(ParamArrayAttribute)) ? "params " : "";
        var value = parameter.Attributes.HasFlag(ParameterAttributes.HasDefault) ? " = " + Constant(parameter.GetDefaultValue()) : "";
        return isParams + _reader.GetString(parameter.Name) + value;
    }

    private string TupleNames(Parameter parameter)
    {
        foreach (var attribute in parameter.GetCustomAttributes())
        {
            if (AttributeName(attribute) != nameof(TupleElementNamesAttribute))
                continue;
            var names = _reader.GetBlobBytes(_reader.GetCustomAttribute(attribute).Value);
            return $"{parameter.SequenceNumber}:{Convert.ToHexString(names)}";
        }

        return "";
    }

    private string AttributeName(CustomAttributeHandle handle) =>
        _reader.GetCustomAttribute(handle).Constructor switch
        {
            { Kind: HandleKind.MemberReference } constructor => Name(_reader.GetMemberReference((MemberReferenceHandle)constructor).Parent)
                .Split('.')[^1],
            _ => "",
        };

    private string Constant(ConstantHandle handle)
    {
        if (handle.IsNil)
            return "";
        var constant = _reader.GetConstant(handle);
        var value = _reader.GetBlobReader(constant.Value).ReadConstant(constant.TypeCode);
        return value is null ? "null" : FormattableString.Invariant($"{value}");
    }

    private string Name(EntityHandle handle) =>
        handle.Kind switch
        {
            HandleKind.TypeDefinition => _names.GetTypeFromDefinition(_reader, (TypeDefinitionHandle)handle, 0),
            HandleKind.TypeReference => _names.GetTypeFromReference(_reader, (TypeReferenceHandle)handle, 0),
            _ => _names.GetTypeFromSpecification(_reader, null, (TypeSpecificationHandle)handle, 0),
        };

    internal sealed record Type(string Name, string? Base, TypeAttributes Kind, string[] Interfaces, Dictionary<string, Member> Members);

    internal sealed record Member(string Signature, string Parameters, string TupleNames, bool IsVirtual);
}
