using System.Collections;

namespace TorchSharp;

public static partial class torch
{
    public readonly struct Size : IEnumerable<long>
    {
        public static Size Empty = new(Array.Empty<long>());

        private readonly long[] _shape;

        public Size(long[] shape) => _shape = (long[])shape.Clone();

        public Size(IEnumerable<long> shape) => _shape = shape.ToArray();

        public Size(int[] shape) => _shape = Array.ConvertAll(shape, s => (long)s);

        public Size(long size) => _shape = [size];

        public Size((long, long) size) => _shape = [size.Item1, size.Item2];

        public Size((long, long, long) size) => _shape = [size.Item1, size.Item2, size.Item3];

        public Size((long, long, long, long) size) => _shape = [size.Item1, size.Item2, size.Item3, size.Item4];

        public Size(int size) => _shape = [size];

        public Size((int, int) size) => _shape = [size.Item1, size.Item2];

        public Size((int, int, int) size) => _shape = [size.Item1, size.Item2, size.Item3];

        public Size((int, int, int, int) size) => _shape = [size.Item1, size.Item2, size.Item3, size.Item4];

        public bool IsEmpty => _shape.Length == 0;

        public bool IsScalar => IsEmpty;

        public int Length => _shape.Length;

        public long[] Shape => _shape;

        public long this[int idx] => _shape[idx];

        public long this[long idx] => _shape[idx];

        public static implicit operator Size(long size) => new(size);

        public static implicit operator Size((long, long) size) => new(size);

        public static implicit operator Size((long, long, long) size) => new(size);

        public static implicit operator Size((long, long, long, long) size) => new(size);

        public static implicit operator Size(long[] size) => new(size);

        public static Size operator +(Size left, Size right) => new((long[])[.. left._shape, .. right._shape]);

        public static Size operator +(Size left, IEnumerable<long> right) => new((long[])[.. left._shape, .. right]);

        public long numel() => Shapes.Count(_shape);

        public IEnumerator<long> GetEnumerator() => ((IEnumerable<long>)_shape).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
