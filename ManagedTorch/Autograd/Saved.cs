using TorchSharp.Memory;
using static TorchSharp.torch;

namespace TorchSharp.Autograd;

/// <summary>A tensor that backward needs: lives on when the user disposes the tensor, and notices when its memory is written to.</summary>
internal struct Saved
{
    private readonly long[] _shape;
    private readonly long[]? _strides;
    private readonly long _offset;
    private readonly ScalarType _dtype;
    private readonly int _version;
    private TensorStorage? _storage;

    public Saved(Tensor tensor)
    {
        _storage = tensor.Storage.Share();
        _shape = tensor.Shape;
        _strides = tensor.Strides;
        _offset = tensor.Offset;
        _dtype = tensor.dtype;
        _version = _storage.Version;
    }

    public readonly long[] Shape => _shape;

    public readonly Tensor Load(Type node)
    {
        if (_storage is null)
        {
            throw TorchErrors.Error(
                $"backward came to {Name(node)} a second time, but what it had saved was released the first time; pass "
                    + "retain_graph: true to the first backward."
            );
        }

        if (_storage.Version != _version)
        {
            throw TorchErrors.Error(
                $"A tensor of shape {TorchErrors.Text(_shape)} that {Name(node)} needs for its gradient was modified in place: "
                    + $"it is at version {_storage.Version}, version {_version} was expected."
            );
        }

        return new Tensor(_storage.Share(), _dtype, _shape, _strides, _offset);
    }

    public void Release()
    {
        _storage?.Release();
        _storage = null;
    }

    private static string Name(Type node) => node.Name.Replace("Node", "", StringComparison.Ordinal);
}
