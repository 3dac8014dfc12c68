using TorchSharp.Autograd;
using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The elements' bytes, row by row.</summary>
        public unsafe Span<byte> bytes
        {
            get
            {
                CheckDense("bytes");
                return new Span<byte>(Storage.Data + Offset * ElementSize, checked((int)(Count * ElementSize)));
            }

            set
            {
                CheckDense("bytes");
                if (value.Length != Count * ElementSize)
                {
                    throw new ArgumentException(
                        $"{value.Length} bytes were given for the {Count * ElementSize} of a {dtype} tensor of shape " +
                        $"{TorchErrors.Text(Shape)}.");
                }

                value.CopyTo(bytes);
                Written();
            }
        }

        // That a Scalar converts to a tensor makes a number choose the Scalar overload where there are both.
        public static implicit operator Tensor(Scalar scalar) =>
            throw new InvalidOperationException("A Scalar never becomes a tensor by itself.");

        public static implicit operator Tensor(byte value) => tensor(value);

        public static implicit operator Tensor(int value) => tensor(value);

        public static implicit operator Tensor(long value) => tensor(value);

        public static implicit operator Tensor(float value) => tensor(value);

        public static implicit operator Tensor(double value) => tensor(value);

        public static implicit operator Tensor(bool value) => tensor(value);

        public static implicit operator Tensor(float[] value) => tensor(value);

        public static implicit operator Tensor(long[] value) => tensor(value);

        public static implicit operator Tensor(int[] value) => tensor(value);

        public static implicit operator Tensor(double[] value) => tensor(value);

        public static implicit operator Tensor(bool[] value) => tensor(value);

        public static implicit operator Tensor(byte[] value) => tensor(value);

        public static explicit operator float(Tensor value) => value.ToSingle();

        public static explicit operator double(Tensor value) => value.ToDouble();

        public static explicit operator int(Tensor value) => value.ToInt32();

        public static explicit operator long(Tensor value) => value.ToInt64();

        public static explicit operator byte(Tensor value) => value.ToByte();

        public static explicit operator bool(Tensor value) => value.ToBoolean();

        /// <summary>Reads and writes the elements where they lie.</summary>
        public TensorAccessor<T> data<T>()
            where T : unmanaged
        {
            var expected = dtype switch
            {
                ScalarType.Float32 => typeof(float),
                ScalarType.Float64 => typeof(double),
                ScalarType.Int64 => typeof(long),
                ScalarType.Int32 => typeof(int),
                ScalarType.Bool => typeof(bool),
                _ => typeof(byte),
            };
            if (typeof(T) != expected)
                throw new ArgumentException($"The elements of a {dtype} tensor are of type {expected.Name}, not {typeof(T).Name}.");
            return new TensorAccessor<T>(this);
        }

        public unsafe T item<T>()
            where T : unmanaged
        {
            if (Count != 1)
                throw new ArgumentException($"item needs a tensor of one element, not one of shape {TorchErrors.Text(Shape)}.");
            _ = data<T>();
            return ((T*)Storage.Data)[Offset];
        }

        public Scalar ToScalar() => dtype switch
        {
            ScalarType.Bool => this.ToBoolean(),
            ScalarType.Float32 or ScalarType.Float64 => this.ToDouble(),
            _ => this.ToInt64(),
        };

        public Tensor to_type(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false)
        {
            Tensor result;
            if (type == dtype)
            {
                result = copy ? clone() : Alias();
            }
            else
            {
                result = Copies.Convert(this, type);
                if (GradMode.Records(this) && torch.is_floating_point(type))
                    result.From(new ConvertNode(this));
            }

            if (disposeAfter)
                Dispose();
            return result;
        }

        public Tensor type_as(Tensor tensor) => to_type(tensor.dtype);

        public Tensor type(ScalarType dtype) => to_type(dtype);

        public Tensor to(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            to_type(type, copy, disposeAfter, non_blocking);

        public Tensor to(ScalarType type, Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false)
        {
            InitializeDevice(device);
            return to_type(type, copy, disposeAfter, non_blocking);
        }

        public Tensor to(
            DeviceType deviceType, int deviceIndex = -1, bool copy = false, bool disposeAfter = false, bool non_blocking = false)
        {
            InitializeDeviceType(deviceType);
            return to_type(dtype, copy, disposeAfter, non_blocking);
        }

        public Tensor to(Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            to(device.type, device.index, copy, disposeAfter, non_blocking);

        public Tensor to(string device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            to(new Device(device), copy, disposeAfter, non_blocking);

        public Tensor to(Tensor other, bool non_blocking = false) => to_type(other.dtype);

        public Tensor cpu() => Alias();

        public Tensor cuda(Device? device = null, bool non_blocking = false) => to(device ?? new Device(DeviceType.CUDA));

        public Tensor @float() => to_type(ScalarType.Float32);

        public Tensor @double() => to_type(ScalarType.Float64);

        public Tensor @long() => to_type(ScalarType.Int64);

        public Tensor @int() => to_type(ScalarType.Int32);

        public Tensor @byte() => to_type(ScalarType.Byte);

        public Tensor @bool() => to_type(ScalarType.Bool);

        public Tensor copy_(Tensor source, bool nonBlocking = false)
        {
            var records = BeginWrite(source);
            using var converted = source.dtype == dtype ? null : source.to_type(dtype);
            Copies.Into(this, converted ?? source);
            Written();
            return records ? Continue(new CopyNode(converted ?? source)) : this;
        }

        public Tensor fill_(Scalar value)
        {
            var records = BeginWrite();
            Fill(value);
            return records ? Continue(new CopyNode(null)) : this;
        }

        public Tensor zero_() => fill_(0);

        public bool is_nonzero()
        {
            if (Count != 1)
                throw new InvalidOperationException($"is_nonzero needs a tensor of one element, not one of shape {TorchErrors.Text(Shape)}.");
            return this.ToBoolean();
        }

        public unsafe void WriteBytesToStream(Stream stream, int bufferSize = 1024)
        {
            using var dense = Dense();
            var total = Count * ElementSize;
            for (long at = 0; at < total; at += 1 << 20)
                stream.Write(new ReadOnlySpan<byte>(dense.Data + at, (int)Math.Min(total - at, 1 << 20)));
        }

        public unsafe void ReadBytesFromStream(Stream stream, int bufferSize = 1024)
        {
            CheckDense("ReadBytesFromStream");
            var to = Storage.Data + Offset * ElementSize;
            var left = Count * ElementSize;
            while (left > 0)
            {
                var part = (int)Math.Min(left, 1 << 20);
                stream.ReadExactly(new Span<byte>(to, part));
                to += part;
                left -= part;
            }

            Written();
        }

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
            switch (dtype)
            {
                case ScalarType.Float32:
                    Kernels.Copy.Fill(Count, (float)value.Double, (float*)data);
                    break;
                case ScalarType.Float64:
                    Fill((double*)data, value.Double);
                    break;
                case ScalarType.Int64:
                    Fill((long*)data, value.Long);
                    break;
                case ScalarType.Int32:
                    Fill((int*)data, checked((int)value.Long));
                    break;
                case ScalarType.Byte:
                    Fill(data, unchecked((byte)value.Long));
                    break;
                default:
                    Fill(data, value.Double != 0 ? (byte)1 : (byte)0);
                    break;
            }

            Written();
            return this;
        }

        private unsafe void Fill<T>(T* data, T value)
            where T : unmanaged
        {
            for (long i = 0; i < Count; i++)
                data[i] = value;
        }

        private void CheckDense(string name)
        {
            if (!IsDense)
            {
                throw new InvalidOperationException(
                    $"{name} needs the elements row by row, and strides {TorchErrors.Text(FullStrides())} don't say that; call " +
                    "contiguous() first.");
            }
        }
    }
}
