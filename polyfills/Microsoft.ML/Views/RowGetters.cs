using System.Linq.Expressions;
using System.Reflection;

namespace Microsoft.ML.Data;

/// <summary>What rows and cursors share: checked getters, and calls whose type is only known at run time.</summary>
internal static class RowGetters
{
    public static ValueGetter<T> Cast<T>(Delegate? getter, DataViewSchema.Column column) => getter switch
    {
        ValueGetter<T> typed => typed,
        null => throw new ArgumentOutOfRangeException(nameof(column),
            $"Column '{column.Name}' is not active in this row, so it has no getter."),
        _ => throw new InvalidOperationException($"Column '{column.Name}' is of type {column.Type}; a getter of {typeof(T)} was asked for."),
    };

    public static InvalidOperationException NoRow() => new("Values can be read only after MoveNext has returned true.");

    public static bool[] Active(IEnumerable<DataViewSchema.Column> columns, int count)
    {
        ArgumentNullException.ThrowIfNull(columns);
        var active = new bool[count];
        foreach (var column in columns)
        {
            if (column.Index < count)
                active[column.Index] = true;
        }

        return active;
    }

    /// <summary>The getter of a column, of whatever type it is.</summary>
    public static Delegate Untyped(DataViewRow row, DataViewSchema.Column column) =>
        (Delegate)Invoke(UntypedOf<int>, column.Type.RawType, row, column);

    /// <summary>Calls the generic method that <paramref name="method"/> is an instance of for another type.</summary>
    public static object Invoke(Delegate method, Type type, params object?[] arguments)
    {
        try
        {
            return method.Method.GetGenericMethodDefinition().MakeGenericMethod(type).Invoke(method.Target, arguments)!;
        }
        catch (TargetInvocationException e) when (e.InnerException is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(e.InnerException);
            throw;
        }
    }

    /// <summary>Func&lt;TRow, TMember&gt; of a field or property.</summary>
    public static Delegate Peek(Type rowType, MemberInfo member)
    {
        var row = Expression.Parameter(rowType);
        return Expression.Lambda(Expression.MakeMemberAccess(row, member), row).Compile();
    }

    /// <summary>Action&lt;TRow, TMember&gt; of a field or property.</summary>
    public static Delegate Poke(Type rowType, MemberInfo member)
    {
        var row = Expression.Parameter(rowType);
        var access = Expression.MakeMemberAccess(row, member);
        var value = Expression.Parameter(access.Type);
        return Expression.Lambda(Expression.GetActionType(rowType, access.Type), Expression.Assign(access, value), row, value).Compile();
    }

    private static Delegate UntypedOf<T>(DataViewRow row, DataViewSchema.Column column) => row.GetGetter<T>(column);
}
