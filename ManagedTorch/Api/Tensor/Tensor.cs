using System.Runtime.CompilerServices;
using TorchSharp.Autograd;
using TorchSharp.Memory;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>
    /// A handle on shared memory seen through a shape and strides. Disposing gives up the handle's share of the memory; what the graph
    /// saved keeps its own.
    /// </summary>
    public partial class Tensor : IDisposable
    {
        private readonly ScalarType _dtype;
        private TensorStorage? _storage;
        private long[] _shape;
        private long[]? _strides;
        private long _offset;
        private long _count;
        private Node? _node;
        private int _history;
        private bool _isView;

        /// <summary>Takes over one share of the storage. Strides are null for rows one after the other in memory.</summary>
        internal Tensor(TensorStorage storage, ScalarType dtype, long[] shape, long[]? strides, long offset)
        {
            _storage = storage;
            _dtype = dtype;
            _shape = shape;
            _strides = strides;
            _offset = offset;
            _count = Shapes.Count(shape);
            _history = storage.History;
            DisposeScopeManager.OfThisThread.Current?.Add(this);
        }

        /// <summary>Becomes what the other tensor was, in its dispose scope too; the other is left empty.</summary>
        internal Tensor(Tensor emptied)
        {
            _storage = emptied.Storage;
            _dtype = emptied._dtype;
            _shape = emptied._shape;
            _strides = emptied._strides;
            _offset = emptied._offset;
            _count = emptied._count;
            _node = emptied._node;
            _history = emptied._history;
            _isView = emptied._isView;
            if (emptied.OwningScope is { } scope)
            {
                scope.Remove(emptied);
                scope.Add(this);
            }

            emptied._storage = null;
            emptied._node = null;
        }

        public ScalarType dtype
        {
            get
            {
                CheckAlive();
                return _dtype;
            }
        }

        public long[] shape => (long[])Shape.Clone();

        public long ndim => Shape.Length;

        public long ElementSize => Dtypes.Size(dtype);

        public Device device
        {
            get
            {
                CheckAlive();
                return CPU;
            }
        }

        internal DisposeScope? OwningScope { get; set; }

        internal int PlaceInScope { get; set; }

        internal TensorStorage Storage => _storage ?? throw Disposed();

        /// <summary>Shared by tensors and never written to.</summary>
        internal long[] Shape
        {
            get
            {
                CheckAlive();
                return _shape;
            }
        }

        /// <summary>Null when the elements lie row by row without gaps.</summary>
        internal long[]? Strides => _strides;

        internal long Offset => _offset;

        internal long Count
        {
            get
            {
                CheckAlive();
                return _count;
            }
        }

        internal bool IsDense => _strides is null;

        /// <summary>There is only one element in memory, whatever the shape.</summary>
        internal bool IsUniform
        {
            get
            {
                if (_strides is null)
                    return _count == 1;
                for (var i = 0; i < _strides.Length; i++)
                {
                    if (_strides[i] != 0 && _shape[i] != 1)
                        return false;
                }

                return true;
            }
        }

        internal bool IsFloat => _dtype == ScalarType.Float32;

        /// <summary>The first element of a float32 tensor.</summary>
        internal unsafe float* Float => (float*)Storage.Data + _offset;

        public long numel() => Count;

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        public Tensor MoveToOuterDisposeScope()
        {
            OwningScope?.MoveToOuter(this);
            return this;
        }

        public Tensor DetachFromDisposeScope()
        {
            OwningScope?.Remove(this);
            return this;
        }

        /// <summary>A tensor of which no element is set yet.</summary>
        internal static Tensor New(long[] shape, ScalarType dtype = ScalarType.Float32) =>
            new(TensorStorage.Rent(Shapes.Count(shape) * Dtypes.Size(dtype)), dtype, shape, null, 0);

        /// <summary>The same elements through another shape; no history.</summary>
        internal Tensor ViewOf(long[] shape, long[]? strides, long offset)
        {
            var view = new Tensor(Storage.Share(), _dtype, shape, Shapes.IsDense(shape, strides) ? null : strides, offset);
            view._isView = true;
            return view;
        }

        /// <summary>Another handle on the very same tensor, history and gradient included.</summary>
        internal Tensor Alias()
        {
            var alias = new Tensor(Storage.Share(), _dtype, _shape, _strides, _offset) { _isView = _isView, _history = _history };
            alias._node = _node;
            _node?.AddReference();
            return alias;
        }

        /// <summary>The same elements without their history.</summary>
        internal Tensor Detached() => new(Storage.Share(), _dtype, _shape, _strides, _offset) { _history = int.MaxValue };

        internal long[] FullStrides() => Strides ?? Shapes.DenseStrides(Shape);

        /// <summary>
        /// This tensor, or a copy of it, with the elements row by row. Dispose what is returned: a copy goes, this stays.
        /// </summary>
        internal Dense Dense() => new(this);

        protected virtual void Dispose(bool disposing)
        {
            if (_storage is not { } storage)
                return;
            OwningScope?.Remove(this);
            _storage = null;
            _node?.RemoveReference();
            _node = null;
            storage.Release();
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void CheckAlive()
        {
            if (_storage is null)
                throw Disposed();
        }

        private static InvalidOperationException Disposed() => new("The tensor is used after it was disposed.");
    }
}
