namespace Latent.Data.Columns;

/// <summary>
/// Walks through a structure in Thrift's compact protocol, as Parquet.Net will, and refuses it if that would read past its end, wait for
/// one, or make an impossible list: the package doesn't check lengths, and its numbers don't stop where the bytes do.
/// </summary>
internal ref struct ThriftWalk(ReadOnlySpan<byte> bytes, Span<long> values)
{
    private const int Deepest = 16;

    // What Parquet.Net makes of each field: a whole number, bytes, a double, a truth, one byte (y), a list, a structure, or nothing (!).
    private static readonly Dictionary<string, Dictionary<int, string>> s_structures = new()
    {
        [""] = [],
        ["File"] = Parse("1i 2[Element 3i 4[Group 5[Pair 6b 7[Order 8! 9!"),
        ["Element"] = Parse("1i 2i 3i 4b 5i 6i 7i 8i 9i 10{Logical"),
        ["Logical"] = Parse("1{ 2{ 3{ 4{ 5{Decimal 6{ 7{Time 8{Time 10{Integer 11{ 12{ 13{ 14{ 15{ 16{Version 17{Place 18{Place"),
        ["Decimal"] = Parse("1i 2i"),
        ["Time"] = Parse("1t 2{Unit"),
        ["Unit"] = Parse("1{ 2{ 3{"),
        ["Integer"] = Parse("1y 2t"),
        ["Version"] = Parse("1y"),
        ["Place"] = Parse("1b 2i"),
        ["Group"] = Parse("1[Chunk 2i 3i 4[Sorting 5i 6i 7i"),
        ["Sorting"] = Parse("1i 2t 3t"),
        ["Chunk"] = Parse("1! 2i 3{Column 4i 5i 6i 7i 8! 9!"),
        ["Column"] = Parse("1i 2[i 3[b 4i 5i 6i 7i 8[Pair 9i 10i 11i 12{Statistics 13[Encodings 14i 15i 16{Sizes 17{Places"),
        ["Pair"] = Parse("1b 2b"),
        ["Statistics"] = Parse("1b 2b 3i 4i 5b 6b 7t 8t"),
        ["Encodings"] = Parse("1i 2i 3i"),
        ["Sizes"] = Parse("1i 2[i 3[i"),
        ["Places"] = Parse("1{Box 2[i"),
        ["Box"] = Parse("1d 2d 3d 4d 5d 6d 7d 8d"),
        ["Order"] = Parse("1{"),
        ["Page"] = Parse("1i 2i 3i 4i 5{Data 6{ 7{Dictionary 8{Data2"),
        ["Data"] = Parse("1i 2i 3i 4i 5{Statistics"),
        ["Dictionary"] = Parse("1i 2i 3t"),
        ["Data2"] = Parse("1i 2i 3i 4i 5i 6i 7t 8{Statistics"),
    };

    private readonly ReadOnlySpan<byte> _bytes = bytes;

    // Whole numbers, and truths, of the structure and of those in it: field f in field g is number 16 g + f.
    private readonly Span<long> _values = values;
    private readonly List<long> _children = [];

    /// <summary>Gets the number of bytes that were walked through.</summary>
    public int Used { get; private set; }

    /// <summary>Walks through a footer.</summary>
    /// <exception cref="InvalidDataException">The structure can't be read.</exception>
    public void File()
    {
        Structure("File", 0, 0);
        // The package follows the tree of columns by calling itself.
        var open = new Stack<long>();
        foreach (var count in _children)
        {
            while (open.TryPeek(out var left) && left == 0)
                open.Pop();
            if (open.TryPop(out var rest))
                open.Push(rest - 1);
            if (count > 0)
                open.Push(count);
            if (open.Count > Deepest)
                throw new InvalidDataException($"its columns are nested more than {Deepest} deep");
        }
    }

    /// <summary>Walks through the header of a page.</summary>
    /// <exception cref="InvalidDataException">The structure can't be read.</exception>
    public void Page() => Structure("Page", 0, 0);

    private void Structure(string name, int path, int depth)
    {
        if (depth > Deepest)
            throw Damage();
        var (fields, field, children) = (s_structures[name], (short)0, 0L);
        for (var head = Byte(); head != 0; head = Byte())
        {
            field = head >> 4 == 0 ? (short)Number() : (short)(field + (head >> 4));
            var kind = fields.GetValueOrDefault(field, "?");
            var number = Value(kind, head & 15, path * 16 + field, depth);
            if (field == 5)
                children = number;
        }

        if (name == "Element")
            _children.Add(children);
    }

    private long Value(string kind, int type, int path, int depth)
    {
        var isExpected = kind[0] switch
        {
            't' => type is 1 or 2,
            'y' => type == 3,
            'i' => type is >= 4 and <= 6,
            'd' => type == 7,
            'b' => type == 8,
            '[' => type == 9,
            '{' => type == 12,
            _ => true,
        };
        if (kind[0] == '!')
            throw new InvalidDataException("it is encrypted, or its columns lie in other files");
        if (!isExpected)
            throw Damage();
        var number = 0L;
        switch (type)
        {
            case 1 or 2:
                number = 2 - type;
                break;
            case 3:
                Skip(1);
                break;
            case >= 4 and <= 6:
                number = Number();
                break;
            case 7:
                Skip(sizeof(double));
                break;
            case 8:
                Skip(Varint());
                break;
            case 9:
                List(kind is ['[', .. var item] ? item : "?", depth);
                break;
            // A structure that it doesn't know is skipped by the package only where it is empty.
            case 12 when kind != "?":
                Structure(kind[1..], path, depth + 1);
                break;
            case 12 when Byte() == 0:
                break;
            default:
                throw Damage();
        }

        if (type <= 6 && path >= 0 && path < _values.Length)
            _values[path] = number;
        return number;
    }

    private void List(string item, int depth)
    {
        var head = Byte();
        var count = head >> 4 == 15 ? Varint() : (ulong)(head >> 4);
        if (count > (ulong)(_bytes.Length - Used) || (item == "?" && (head & 15) < 3))
            throw Damage();
        var kind = item is "i" or "b" or "?" ? item : "{" + item;
        for (var i = 0UL; i < count; i++)
            Value(kind, head & 15, -1, depth);
    }

    private long Number() => Varint() is var bits ? (long)(bits >> 1) ^ -(long)(bits & 1) : 0;

    private ulong Varint()
    {
        var bits = 0UL;
        for (var shift = 0; shift < 70; shift += 7)
        {
            var next = Byte();
            bits |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return bits;
        }

        throw Damage();
    }

    private int Byte() => Used < _bytes.Length ? _bytes[Used++] : throw Damage();

    private void Skip(ulong count)
    {
        if (count > (ulong)(_bytes.Length - Used))
            throw Damage();
        Used += (int)count;
    }

    private static InvalidDataException Damage() => new("its footer, or the head of a page, is no Parquet that is known here");

    private static Dictionary<int, string> Parse(string fields) =>
        fields
            .Split(' ')
            .ToDictionary(
                field => int.Parse(string.Concat(field.TakeWhile(char.IsAsciiDigit)), System.Globalization.CultureInfo.InvariantCulture),
                field => string.Concat(field.SkipWhile(char.IsAsciiDigit))
            );
}
