namespace TorchSharp;

public static partial class torch
{
    public static (Tensor values, Tensor indices) sort(Tensor input, long dim = -1, bool descending = false, bool stable = false) =>
        input.sort(dim, descending, stable);

    public static Tensor argsort(Tensor input, long dim = -1, bool descending = false) => input.argsort(dim, descending);

    public static (Tensor values, Tensor indices) topk(Tensor tensor, int k, int dim = -1, bool largest = true, bool sorted = true) =>
        tensor.topk(k, dim, largest, sorted);

    public partial class Tensor
    {
        public (Tensor Values, Tensor Indices) sort(long dim = -1, bool descending = false, bool stable = false) =>
            Sorting.Sort(this, dim, descending);

        public Tensor argsort(long dim = -1, bool descending = false)
        {
            var (values, indices) = Sorting.Sort(this, dim, descending);
            values.Dispose();
            return indices;
        }

        public (Tensor values, Tensor indexes) topk(int k, int dim = -1, bool largest = true, bool sorted = true) =>
            Sorting.Top(this, k, dim, largest);
    }
}
