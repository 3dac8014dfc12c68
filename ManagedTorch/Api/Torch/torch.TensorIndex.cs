namespace TorchSharp;

public static partial class torch
{
    public struct TensorIndex
    {
        internal Kind kind;
        internal long? start;
        internal long? stop;
        internal long? step;
        internal Tensor? tensor;

        public static TensorIndex Colon = Slice();
        public static TensorIndex Ellipsis = new() { kind = Kind.Ellipsis };
        public static TensorIndex None = new() { kind = Kind.None };
        public static TensorIndex Null = new() { kind = Kind.None };

        internal enum Kind
        {
            None,
            Single,
            Ellipsis,
            Bool,
            Tensor,
            Slice,
        }

        public static implicit operator TensorIndex(long value) => Single(value);

        public static implicit operator TensorIndex((int? start, int? end) range) => Slice(range);

        public static implicit operator TensorIndex(Range range) => Slice(range);

        public static implicit operator TensorIndex(Index index) => Single(index.IsFromEnd ? -index.Value : index.Value);

        public static TensorIndex Slice(long? start = null, long? stop = null, long? step = null) =>
            new() { kind = Kind.Slice, start = start, stop = stop, step = step };

        public static TensorIndex Slice((int? start, int? end) range) => Slice(range.start, range.end, null);

        public static TensorIndex Slice(Range range)
        {
            long? stop = range.End.IsFromEnd ? (range.End.Value == 0 ? null : -range.End.Value) : range.End.Value;
            return Slice(range.Start.IsFromEnd ? -range.Start.Value : range.Start.Value, stop, null);
        }

        public static TensorIndex Bool(bool value) => new() { kind = Kind.Bool, start = value ? 1 : 0 };

        public static TensorIndex Single(long? index) => new() { kind = Kind.Single, start = index };

        public static TensorIndex Tensor(Tensor tensor) => new() { kind = Kind.Tensor, tensor = tensor };
    }
}
