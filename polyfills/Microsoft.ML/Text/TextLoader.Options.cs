using System.Reflection;

namespace Microsoft.ML.Data;

public sealed partial class TextLoader
{
    public class Options
    {
        public Options()
        {
        }

        public bool AllowQuoting;

        public bool AllowSparse;

        public int? InputSize;

        public char[] Separators = ['\t'];

        public char DecimalMarker = '.';

        public Column[] Columns = null!;

        public bool TrimWhitespace;

        public bool HasHeader;

        public bool UseThreads = true;

        public bool ReadMultilines;

        public string? HeaderFile;

        public long? MaxRows;

        public char EscapeChar = '"';

        public bool MissingRealsAsNaNs;

        /// <summary>A header in a file of its own is no line of the data.</summary>
        internal bool StartsWithHeader => HasHeader && string.IsNullOrWhiteSpace(HeaderFile);

        /// <summary>Whether nothing is set that a file could say of itself.</summary>
        internal bool LeaveAllToTheFile => Columns is not { Length: > 0 } && !AllowQuoting && !AllowSparse && InputSize is null
            && Separators is ['\t'] && DecimalMarker == '.' && !TrimWhitespace && !HasHeader && !ReadMultilines && EscapeChar == '"'
            && !MissingRealsAsNaNs;

        internal Options With(Column[] columns)
        {
            var copy = (Options)MemberwiseClone();
            copy.Columns = columns;
            return copy;
        }
    }

    public sealed class Column
    {
        public Column()
        {
        }

        public Column(string name, DataKind dataKind, int index)
            : this(name, dataKind, [new(index)])
        {
        }

        public Column(string name, DataKind dataKind, int minIndex, int maxIndex)
            : this(name, dataKind, [new(minIndex, maxIndex)])
        {
        }

        public Column(string name, DataKind dataKind, Range[] source, KeyCount? keyCount = null)
        {
            ArgumentNullException.ThrowIfNull(name);
            ArgumentNullException.ThrowIfNull(source);
            Name = name;
            DataKind = dataKind;
            Source = source;
            KeyCount = keyCount;
        }

        public string Name = null!;

        public Range[] Source = null!;

        public KeyCount? KeyCount;

        public DataKind DataKind { get; set; } = DataKind.Single;
    }

    public sealed class Range
    {
        public Range()
        {
        }

        public Range(int index)
            : this(index, index)
        {
        }

        public Range(int min, int? max)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(min);
            if (max < min)
                throw new ArgumentOutOfRangeException(nameof(max), $"A range from {min} can't end at {max}.");
            Min = min;
            Max = max;
            AutoEnd = max is null;
        }

        public int Min;

        public int? Max;

        public bool AutoEnd;

        /// <summary>Whether the range goes to the end of each line, wherever that is; <see cref="Max"/> and <see cref="AutoEnd"/> come first.</summary>
        public bool VariableEnd;

        public bool ForceVector;
    }

    /// <summary>The columns that the members of a class ask for by <see cref="LoadColumnAttribute"/>.</summary>
    internal static Column[] ColumnsOf(Type type)
    {
        var columns = new List<Column>();
        var definition = SchemaDefinition.Create(type, SchemaDefinition.Direction.Write);
        foreach (var target in definition)
        {
            var member = type.GetMember(target.MemberName)[0];
            var load = member.GetCustomAttribute<LoadColumnAttribute>()
                ?? throw new InvalidOperationException($"Member '{member.Name}' of {type} has no LoadColumn attribute to say which field it is.");
            var item = target.ColumnType.ItemType();
            var kind = KnownTypes.KindOf(item.RawType)
                ?? throw new InvalidOperationException($"Member '{target.MemberName}' of type {target.ColumnType} can't be loaded from text.");
            columns.Add(new Column(target.ColumnName, kind,
                [.. load.Sources.Select(range => new Range(range.Min, range.Max) { ForceVector = target.ColumnType is VectorDataViewType })],
                item is KeyDataViewType key ? new KeyCount(key.Count) : null));
        }

        return columns.Count > 0
            ? [.. columns]
            : throw new ArgumentOutOfRangeException(nameof(type), $"{type} has no public member to load.");
    }
}
