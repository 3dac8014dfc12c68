using System.Runtime.CompilerServices;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        [IndexerName("TensorItems")]
        public Tensor this[long i1] => select(0, i1);

        public Tensor index_select(long dim, Tensor index) => Indexing.IndexSelect(this, dim, index);

        public Tensor gather(long dim, Tensor index) => Indexing.Gather(this, dim, index);
    }
}
