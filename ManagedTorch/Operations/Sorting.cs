using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Orders along a dimension; equal elements keep theirs, and NaN counts as the largest.</summary>
internal static unsafe class Sorting
{
    private static readonly Comparer<(double Key, long Place)> Rising =
        Comparer<(double Key, long Place)>.Create((a, b) => Compare(a.Key, b.Key, a.Place, b.Place));

    private static readonly Comparer<(double Key, long Place)> Falling =
        Comparer<(double Key, long Place)>.Create((a, b) => Compare(b.Key, a.Key, a.Place, b.Place));

    public static (Tensor Values, Tensor Indices) Sort(Tensor x, long dim, bool descending)
    {
        if (x.Shape.Length == 0)
            return (x.clone(), Tensor.New(Shapes.Scalar, ScalarType.Int64).Fill(0));
        var at = Shapes.Dim(dim, x.Shape.Length);
        var index = Order(x, at, descending);
        return (x.gather(at, index), index);
    }

    public static (Tensor Values, Tensor Indices) Top(Tensor x, long k, long dim, bool largest)
    {
        var at = Shapes.Dim(dim, x.Shape.Length);
        var size = x.Shape.Length == 0 ? 1 : x.Shape[at];
        if (k < 0 || k > size)
            TorchErrors.Throw($"topk can't take {k} elements along dimension {dim} of {TorchErrors.Text(x.Shape)}.");
        if (x.Shape.Length == 0)
            return Sort(x, dim, largest);
        using var order = Order(x, at, largest);
        using var first = order.narrow(at, 0, k);
        var index = first.clone();
        return (x.gather(at, index), index);
    }

    private static Tensor Order(Tensor x, int dim, bool descending)
    {
        var index = Tensor.New(x.Shape, ScalarType.Int64);
        using var numbers = Copies.Convert(x, ScalarType.Float64);
        var (outer, n, inner) = Statistics.Around(x.Shape, dim);
        var keys = (double*)numbers.Storage.Data;
        var result = (long*)index.Storage.Data;
        var line = new (double Key, long Place)[n];
        for (long i = 0; i < outer * inner; i++)
        {
            var start = i / inner * n * inner + i % inner;
            for (long j = 0; j < n; j++)
                line[j] = (keys[start + j * inner], j);
            Array.Sort(line, descending ? Falling : Rising);
            for (long j = 0; j < n; j++)
                result[start + j * inner] = line[j].Place;
        }

        return index;
    }

    private static int Compare(double a, double b, long placeA, long placeB)
    {
        var order = double.IsNaN(a) ? (double.IsNaN(b) ? 0 : 1) : double.IsNaN(b) ? -1 : a.CompareTo(b);
        return order != 0 ? order : placeA.CompareTo(placeB);
    }
}
