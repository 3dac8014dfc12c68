using System.Reflection;

namespace Microsoft.ML.Data;

/// <summary>A column that a member of a user's class stands for.</summary>
internal sealed record MemberColumn(string Name, DataViewType Type, MemberInfo Member, DataViewSchema.Annotations Annotations)
{
    public static MemberColumn[] Of(Type userType, SchemaDefinition? definition, SchemaDefinition.Direction direction)
    {
        definition ??= SchemaDefinition.Create(userType, direction);
        return [.. definition.Select(column => Bind(userType, column))];
    }

    public static DataViewSchema Schema(IEnumerable<MemberColumn> columns)
    {
        var builder = new DataViewSchema.Builder();
        foreach (var column in columns)
            builder.AddColumn(column.Name, column.Type, column.Annotations);
        return builder.ToSchema();
    }

    private static MemberColumn Bind(Type userType, SchemaDefinition.Column column)
    {
        var member = (MemberInfo?)userType.GetField(column.MemberName) ?? userType.GetProperty(column.MemberName)
            ?? throw new ArgumentOutOfRangeException("userSchemaDefinition", $"{userType} has no field or property {column.MemberName}.");
        var name = string.IsNullOrEmpty(column.ColumnName) ? column.MemberName : column.ColumnName;
        var (item, isVector) = SchemaDefinition.ItemTypeOf(member);
        if (isVector != column.ColumnType is VectorDataViewType || column.ColumnType.ItemType().RawType != item)
        {
            throw new ArgumentOutOfRangeException("userSchemaDefinition",
                $"Column '{name}' of type {column.ColumnType} can't be member {column.MemberName} of type {SchemaDefinition.MemberType(member)}.");
        }

        return new(name, column.ColumnType, member, column.Annotations);
    }
}
