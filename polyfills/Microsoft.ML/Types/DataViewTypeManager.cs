using System.Collections.Concurrent;
using System.Reflection;

namespace Microsoft.ML.Data;

/// <summary>Which data view type stands for a .NET type that ML.NET itself doesn't know, such as an image.</summary>
public static class DataViewTypeManager
{
    private static readonly ConcurrentDictionary<(Type Type, DataViewTypeAttribute? Attribute), DataViewType> s_types = new();
    private static readonly Lock s_lock = new();

    public static void Register(DataViewType dataViewType, Type type, DataViewTypeAttribute? typeAttribute = null)
    {
        if (KnownTypes.Find(type) is not null || type == typeof(VBuffer<>) || type == typeof(Nullable<>))
            throw new ArgumentOutOfRangeException(nameof(type), $"{type} is one of ML.NET's own types and can't be registered again.");
        lock (s_lock)
        {
            foreach (var (key, registered) in s_types)
            {
                var same = key.Equals((type, typeAttribute));
                if (same && registered.Equals(dataViewType))
                    return;
                if (same || registered.Equals(dataViewType))
                    throw new ArgumentOutOfRangeException(same ? nameof(type)
                        : nameof(dataViewType), $"{key.Type} is registered as {registered} already, so {type} can't be {dataViewType}.");
            }

            s_types[(type, typeAttribute)] = dataViewType;
        }
    }

    /// <summary>The type of a member that carries a <see cref="DataViewTypeAttribute"/> or whose type is registered without one.</summary>
    internal static DataViewType? Find(Type type, MemberInfo? member)
    {
        var attributes = member?.GetCustomAttributes<DataViewTypeAttribute>().ToArray() ?? [];
        if (attributes.Length > 1)
            throw new ArgumentOutOfRangeException(nameof(type),
                $"Member {member!.Name} has {attributes.Length} data view type attributes and may have one.");
        var attribute = attributes.FirstOrDefault();
        attribute?.Register();
        return s_types.GetValueOrDefault((type, attribute));
    }

    internal static bool Knows(DataViewType type) => s_types.Values.Any(t => t.Equals(type));
}
