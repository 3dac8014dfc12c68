using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using Latent.Tests;

namespace Latent.ML.Tests;

/// <summary>What code above can see of the polyfill exists in the packages too, so that it compiles there.</summary>
public class SurfaceTests
{
    private static readonly string[] s_packages = ["microsoft.ml", "microsoft.ml.dataview", "microsoft.ml.onnxtransformer",
        "microsoft.ml.cpumath"];

    [Fact]
    public void Every_public_member_of_the_polyfill_is_one_of_the_packages()
    {
        Assert.SkipWhen(World.MLNetIsPackage, "There is no polyfill in this world.");
        var cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        var folders = s_packages.Select(package => Path.Combine(cache, package, "5.0.0", "lib", "netstandard2.0")).ToArray();
        Assert.SkipUnless(folders.All(Directory.Exists), $"The packages of ML.NET 5.0.0 are not in {cache}.");

        var packages = new PublicSurface();
        foreach (var file in folders.SelectMany(folder => Directory.GetFiles(folder, "*.dll")))
            packages.Read(file);
        var polyfill = new PublicSurface();
        polyfill.Read(typeof(global::Microsoft.ML.MLContext).Assembly.Location);
        var unknown = polyfill.Members.Where(member => !packages.Has(member.Type, member.Text))
            .Select(member => $"{member.Type}: {member.Text}").ToArray();

        Assert.True(polyfill.Members.Count() > 500, $"Only {polyfill.Members.Count()} members were read.");
        Assert.True(unknown.Length == 0, string.Join("\n", unknown));
    }
}

/// <summary>What is visible from outside assemblies, read from their metadata alone.</summary>
internal sealed partial class PublicSurface : ISignatureTypeProvider<string, object?>
{
    private readonly Dictionary<string, HashSet<string>> _members = [];
    private readonly Dictionary<string, (string Name, string[] Arguments)> _bases = [];
    private string[] _lastArguments = [];

    /// <summary>Types (with an empty text) and their members by signature.</summary>
    public IEnumerable<(string Type, string Text)> Members => _members.SelectMany(type => type.Value.Select(text => (type.Key, text)));

    public void Read(string file)
    {
        using var stream = File.OpenRead(file);
        using var assembly = new PEReader(stream);
        var reader = assembly.GetMetadataReader();
        foreach (var type in reader.TypeDefinitions.Select(reader.GetTypeDefinition))
        {
            var name = FullName(reader, type);
            if (!type.BaseType.IsNil)
            {
                _lastArguments = [];
                _bases[name] = (Name(reader, type.BaseType).Split('<')[0], _lastArguments);
            }

            if (IsVisible(reader, type))
                _members[name] = ["", .. MembersOf(reader, type)];
        }
    }

    /// <summary>Whether a type has a member, itself or from a base class whose type parameters it fills in.</summary>
    public bool Has(string type, string text) => All(type).Contains(text);

    private IEnumerable<string> All(string type)
    {
        var own = _members.GetValueOrDefault(type) ?? [];
        return _bases.TryGetValue(type, out var parent) && own.Count > 0
            ? own.Concat(All(parent.Name).Select(text =>
                Parameter().Replace(text, match => parent.Arguments.ElementAtOrDefault(int.Parse(match.Groups[1].Value)) ?? match.Value)))
            : own;
    }

    [GeneratedRegex(@"(?<!!)!(\d+)")]
    private static partial Regex Parameter();

    private IEnumerable<string> MembersOf(MetadataReader reader, TypeDefinition type)
    {
        foreach (var method in type.GetMethods().Select(reader.GetMethodDefinition).Where(method => IsVisible(method.Attributes)))
            yield return Text(reader, method);
        foreach (var field in type.GetFields().Select(reader.GetFieldDefinition)
            .Where(field => IsVisible((MethodAttributes)(field.Attributes & FieldAttributes.FieldAccessMask))))
            yield return $"{field.DecodeSignature(this, null)} {reader.GetString(field.Name)}";
    }

    // The names and defaults of parameters count, since callers use them.
    private string Text(MetadataReader reader, MethodDefinition method)
    {
        var signature = method.DecodeSignature(this, null);
        var names = method.GetParameters().Select(reader.GetParameter).Where(parameter => parameter.SequenceNumber > 0)
            .ToDictionary(parameter => parameter.SequenceNumber - 1, parameter =>
                reader.GetString(parameter.Name) + Default(reader, parameter));
        var parameters = signature.ParameterTypes.Select((type, i) => $"{type} {names.GetValueOrDefault(i)}");
        var isStatic = method.Attributes.HasFlag(MethodAttributes.Static) ? "static " : "";
        return $"{isStatic}{signature.ReturnType} {reader.GetString(method.Name)}`{signature.GenericParameterCount}({string.Join(", ", parameters)})";
    }

    private static string Default(MetadataReader reader, Parameter parameter)
    {
        if (parameter.GetDefaultValue().IsNil)
            return "";
        var constant = reader.GetConstant(parameter.GetDefaultValue());
        return $" = {reader.GetBlobReader(constant.Value).ReadConstant(constant.TypeCode) ?? "null"}";
    }

    private static bool IsVisible(MethodAttributes attributes) =>
        (attributes & MethodAttributes.MemberAccessMask) is MethodAttributes.Public or MethodAttributes.Family or MethodAttributes.FamORAssem;

    private static bool IsVisible(MetadataReader reader, TypeDefinition type) => (type.Attributes & TypeAttributes.VisibilityMask) switch
    {
        TypeAttributes.Public => true,
        TypeAttributes.NestedPublic => IsVisible(reader, reader.GetTypeDefinition(type.GetDeclaringType())),
        _ => false,
    };

    private string FullName(MetadataReader reader, TypeDefinition type)
    {
        var declaring = type.GetDeclaringType();
        return declaring.IsNil
            ? $"{reader.GetString(type.Namespace)}.{reader.GetString(type.Name)}"
            : $"{FullName(reader, reader.GetTypeDefinition(declaring))}/{reader.GetString(type.Name)}";
    }

    private string Name(MetadataReader reader, EntityHandle handle) => handle.Kind switch
    {
        HandleKind.TypeDefinition => GetTypeFromDefinition(reader, (TypeDefinitionHandle)handle, 0),
        HandleKind.TypeReference => GetTypeFromReference(reader, (TypeReferenceHandle)handle, 0),
        _ => reader.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(this, null),
    };

    public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) =>
        FullName(reader, reader.GetTypeDefinition(handle));

    public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind)
    {
        var type = reader.GetTypeReference(handle);
        return type.ResolutionScope.Kind == HandleKind.TypeReference
            ? $"{GetTypeFromReference(reader, (TypeReferenceHandle)type.ResolutionScope, 0)}/{reader.GetString(type.Name)}"
            : $"{reader.GetString(type.Namespace)}.{reader.GetString(type.Name)}";
    }

    public string GetTypeFromSpecification(MetadataReader reader, object? context, TypeSpecificationHandle handle, byte rawTypeKind) =>
        reader.GetTypeSpecification(handle).DecodeSignature(this, context);

    public string GetPrimitiveType(PrimitiveTypeCode code) => code.ToString();

    public string GetArrayType(string elementType, ArrayShape shape) => $"{elementType}[{new string(',', shape.Rank - 1)}]";

    public string GetSZArrayType(string elementType) => $"{elementType}[]";

    public string GetByReferenceType(string elementType) => $"{elementType}&";

    public string GetPointerType(string elementType) => $"{elementType}*";

    public string GetPinnedType(string elementType) => elementType;

    public string GetModifiedType(string modifier, string unmodifiedType, bool isRequired) => unmodifiedType;

    public string GetGenericInstantiation(string genericType, ImmutableArray<string> arguments)
    {
        // The outermost instantiation is decoded last.
        _lastArguments = [.. arguments];
        return $"{genericType}<{string.Join(", ", arguments)}>";
    }

    public string GetGenericMethodParameter(object? context, int index) => $"!!{index}";

    public string GetGenericTypeParameter(object? context, int index) => $"!{index}";

    public string GetFunctionPointerType(MethodSignature<string> signature) => "*";
}
