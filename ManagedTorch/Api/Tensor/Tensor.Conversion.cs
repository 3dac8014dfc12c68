using TorchSharp.Autograd;
using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>Reads the elements where they lie.</summary>
        public TensorAccessor<T> data<T>()
            where T : unmanaged
        {
            var expected = dtype switch
            {
                ScalarType.Float32 => typeof(float),
                ScalarType.Int64 => typeof(long),
                _ => typeof(bool),
            };
            if (typeof(T) != expected)
                throw new ArgumentException($"The elements of a {dtype} tensor are of type {expected.Name}, not {typeof(T).Name}.");
            return new TensorAccessor<T>(this);
        }

        /// <summary>The elements where they lie, which may be written to.</summary>
        public unsafe Span<byte> bytes =>
            IsDense
                ? new((byte*)Storage.Data + (Offset * ElementSize), checked((int)(Count * ElementSize)))
                : throw new InvalidOperationException(
                    $"A tensor of shape {TorchErrors.Text(Shape)} has its elements apart; use contiguous()."
                );

        public unsafe T item<T>()
            where T : unmanaged
        {
            if (Count != 1)
                throw new ArgumentException($"item needs a tensor of one element, not one of shape {TorchErrors.Text(Shape)}.");
            _ = data<T>();
            return ((T*)Storage.Data)[Offset];
        }

        public Tensor to(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false)
        {
            TorchErrors.CheckUnset(!disposeAfter, nameof(disposeAfter));
            if (type == dtype)
                return copy ? clone() : Alias();
            return Copies.Convert(this, type);
        }

        public Tensor to(Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false)
        {
            InitializeDevice(device);
            return to(dtype, copy, disposeAfter, non_blocking);
        }

        public Tensor cpu() => Alias();

        public Tensor copy_(Tensor source, bool nonBlocking = false)
        {
            var records = BeginWrite(source);
            using var converted = source.dtype == dtype ? null : source.to(dtype);
            Copies.Into(this, converted ?? source);
            Written();
            return records ? Continue(new CopyNode(converted ?? source)) : this;
        }

        /// <summary>Becomes a view of the other tensor, without its history; the gradient stays, and what graphs saved too.</summary>
        public Tensor set_(Tensor source)
        {
            if (BeginWrite() || source.dtype != dtype)
                throw TorchErrors.Error($"set_ needs a source of type {dtype}, and no recorded history.");
            var former = Storage;
            _storage = source.Storage.Share();
            (_shape, _strides, _offset, _count) = (source._shape, source._strides, source._offset, source._count);
            _history = int.MaxValue;
            former.Release();
            return this;
        }

        public Tensor fill_(Scalar value)
        {
            var records = BeginWrite();
            Fill(value);
            return records ? Continue(new CopyNode(null)) : this;
        }

        public Tensor zero_() => fill_(0);

        internal unsafe Tensor Fill(Scalar value)
        {
            if (!IsDense)
            {
                using var scalar = New(Shapes.Scalar, dtype).Fill(value);
                Copies.Into(this, scalar);
                Written();
                return this;
            }

            var data = Storage.Data + Offset * ElementSize;
            if (IsFloat)
                Kernels.Copy.Fill(Count, (float)value.Double, (float*)data);
            else if (dtype == ScalarType.Int64)
                new Span<long>(data, checked((int)Count)).Fill(value.Long);
            else
                new Span<bool>(data, checked((int)Count)).Fill(value.Double != 0);
            Written();
            return this;
        }
    }
}
