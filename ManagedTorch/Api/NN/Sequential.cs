using System.Globalization;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        public class Sequential : nn.Module<Tensor, Tensor>
        {
            private readonly List<nn.Module<Tensor, Tensor>> _modules = [];

            internal Sequential(IEnumerable<nn.Module<Tensor, Tensor>> modules)
                : base(nameof(Sequential))
            {
                foreach (var module in modules)
                {
                    RegisterModule(_modules.Count.ToString(CultureInfo.InvariantCulture), module);
                    _modules.Add(module);
                }
            }

            public int Count => _modules.Count;

            /// <summary>Passes the input through the modules; what lies between two of them is disposed at once.</summary>
            public override Tensor forward(Tensor tensor)
            {
                if (_modules.Count == 0)
                    return tensor.alias();
                var current = _modules[0].call(tensor);
                for (var i = 1; i < _modules.Count; i++)
                {
                    var next = _modules[i].call(current);
                    current.Dispose();
                    current = next;
                }

                return current;
            }
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Sequential Sequential(params Module<Tensor, Tensor>[] modules) => new(modules);

            public static Sequential Sequential(IEnumerable<Module<Tensor, Tensor>> modules) => new(modules);
        }
    }
}
