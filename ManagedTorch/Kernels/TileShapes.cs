namespace TorchSharp.Kernels;

/// <summary>A number that the JIT knows when it compiles a kernel.</summary>
internal interface IConstant
{
    static abstract int Value { get; }
}

/// <summary>How wide a tile is: one or two vectors, the last of them partial or whole.</summary>
internal interface IColumns
{
    static abstract int Vectors { get; }

    static abstract bool Partial { get; }
}

/// <summary>How A lies in memory: the rows of one column side by side, or the columns of one row.</summary>
internal interface ILayout
{
    static abstract bool RowsTogether { get; }

    /// <summary>Nothing lies between: a column of A after the other, and B in strips of two vectors.</summary>
    static abstract bool Packed { get; }

    /// <summary>
    /// B where A is packed, and else A, consists of stretches of k that lie anywhere, with the same distance from row to row.
    /// </summary>
    static abstract bool Stretched { get; }
}

/// <summary>Some steps of k that follow one another; none of them: the end of a list.</summary>
internal unsafe struct Stretch
{
    public float* From;
    public nint Length;
}

internal readonly struct N1 : IConstant
{
    public static int Value => 1;
}

internal readonly struct N2 : IConstant
{
    public static int Value => 2;
}

internal readonly struct N3 : IConstant
{
    public static int Value => 3;
}

internal readonly struct N4 : IConstant
{
    public static int Value => 4;
}

internal readonly struct N5 : IConstant
{
    public static int Value => 5;
}

internal readonly struct N6 : IConstant
{
    public static int Value => 6;
}

internal readonly struct N7 : IConstant
{
    public static int Value => 7;
}

internal readonly struct N8 : IConstant
{
    public static int Value => 8;
}

internal readonly struct N9 : IConstant
{
    public static int Value => 9;
}

internal readonly struct N10 : IConstant
{
    public static int Value => 10;
}

internal readonly struct N11 : IConstant
{
    public static int Value => 11;
}

internal readonly struct N12 : IConstant
{
    public static int Value => 12;
}

internal readonly struct One : IColumns
{
    public static int Vectors => 1;

    public static bool Partial => false;
}

internal readonly struct OnePartial : IColumns
{
    public static int Vectors => 1;

    public static bool Partial => true;
}

internal readonly struct Two : IColumns
{
    public static int Vectors => 2;

    public static bool Partial => false;
}

internal readonly struct TwoPartial : IColumns
{
    public static int Vectors => 2;

    public static bool Partial => true;
}

internal readonly struct Packed : ILayout
{
    static bool ILayout.RowsTogether => true;

    static bool ILayout.Packed => true;

    static bool ILayout.Stretched => false;
}

internal readonly struct RowsTogether : ILayout
{
    static bool ILayout.RowsTogether => true;

    static bool ILayout.Packed => false;

    static bool ILayout.Stretched => false;
}

internal readonly struct RowsApart : ILayout
{
    static bool ILayout.RowsTogether => false;

    static bool ILayout.Packed => false;

    static bool ILayout.Stretched => false;
}

internal readonly struct PackedStretchedB : ILayout
{
    static bool ILayout.RowsTogether => true;

    static bool ILayout.Packed => true;

    static bool ILayout.Stretched => true;
}

internal readonly struct RowsApartStretchedA : ILayout
{
    static bool ILayout.RowsTogether => false;

    static bool ILayout.Packed => false;

    static bool ILayout.Stretched => true;
}
