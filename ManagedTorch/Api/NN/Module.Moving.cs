namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            public Module _to(Tensor other, bool non_blocking)
            {
                _to(other.dtype, non_blocking);
                return _to(other.device_type, other.device_index, non_blocking);
            }

            protected internal virtual Module _to(Device device, ScalarType dtype, bool non_blocking)
            {
                _to(dtype, non_blocking);
                return _to(device.type, device.index, non_blocking);
            }

            protected internal virtual Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking)
            {
                if (deviceType == DeviceType.CUDA) throw new InvalidOperationException("CUDA is not available.");
                InitializeDeviceType(deviceType);
                return this;
            }

            /// <summary>Modules compute in float32 here; another floating-point type throws.</summary>
            protected internal virtual Module _to(ScalarType dtype, bool non_blocking)
            {
                if (!is_floating_point(dtype))
                    throw new ArgumentException(
                        $"nn.Module.to only accepts floating point or complex types, but got desired dtype={dtype}");
                return dtype == ScalarType.Float32 ? this : throw TorchErrors.Dtype("nn.Module.to", dtype);
            }
        }
    }
}
