using System.Globalization;
using System.Runtime.CompilerServices;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        public class Sequential : nn.Module<Tensor, Tensor>
        {
            private readonly List<(string Name, nn.IModule<Tensor, Tensor> Module)> _modules = [];

            internal Sequential() : base(nameof(Sequential))
            {
            }

            protected Sequential(params (string name, nn.Module<Tensor, Tensor> submodule)[] modules) : this()
            {
                foreach (var (name, module) in modules) append(name, module);
            }

            protected Sequential(params nn.Module<Tensor, Tensor>[] modules) : this()
            {
                foreach (var module in modules) append(module);
            }

            public int Count => _modules.Count;

            [IndexerName("SequentialItems")]
            public nn.IModule<Tensor, Tensor> this[int index] => _modules[index].Module;

            [IndexerName("SequentialItems")]
            public Sequential this[(int? start, int? end) index] => Slice(index.start ?? 0, index.end ?? Count);

            [IndexerName("SequentialItems")]
            public Sequential this[Range index] => Slice(index.Start.GetOffset(Count), index.End.GetOffset(Count));

            public Sequential append(string name, nn.IModule<Tensor, Tensor> module)
            {
                _modules.Add((name, module));
                return this;
            }

            public Sequential append(nn.IModule<Tensor, Tensor> module) =>
                append(_modules.Count.ToString(CultureInfo.InvariantCulture), module);

            /// <summary>Passes the input through the modules; what lies between two of them is disposed at once.</summary>
            public override Tensor forward(Tensor tensor)
            {
                if (_modules.Count == 0) return tensor.alias();
                var current = _modules[0].Module.call(tensor);
                for (var i = 1; i < _modules.Count; i++)
                {
                    var next = _modules[i].Module.call(current);
                    current.Dispose();
                    current = next;
                }
                return current;
            }

            public override IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true)
            {
                if (!recurse) yield break;
                var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
                foreach (var (child, module) in named_children())
                {
                    foreach (var (name, parameter) in module.named_parameters())
                        if (seen.Add(parameter)) yield return ($"{child}.{name}", parameter);
                }
            }

            public override IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_persistent = true)
            {
                if (!recurse) yield break;
                var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
                foreach (var (child, module) in named_children())
                {
                    foreach (var (name, buffer) in module.named_buffers(true, include_persistent))
                        if (seen.Add(buffer)) yield return ($"{child}.{name}", buffer);
                }
            }

            public override IEnumerable<(string name, nn.Module module)> named_children() =>
                _modules.Select(m => (m.Name, (nn.Module)m.Module));

            public override nn.Module apply(Action<nn.Module> fn)
            {
                foreach (var (_, module) in named_children()) module.apply(fn);
                fn(this);
                return this;
            }

            protected internal override nn.Module _to(ScalarType dtype, bool non_blocking)
            {
                foreach (var (_, module) in named_children()) module._to(dtype, non_blocking);
                return this;
            }

            private Sequential Slice(int start, int end)
            {
                if (start < 0 || start > Count) throw new IndexOutOfRangeException($"{start} is not a valid index.");
                if (end < 0 || end > Count) throw new IndexOutOfRangeException($"{end} is not a valid index.");
                var result = new Sequential();
                for (var i = start; i < end; i++) result.append(_modules[i].Name, _modules[i].Module);
                return result;
            }
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Sequential Sequential() => new();

            public static Sequential Sequential(params (string name, Module<Tensor, Tensor> submodule)[] modules) =>
                Sequential((IEnumerable<(string, Module<Tensor, Tensor>)>)modules);

            public static Sequential Sequential(params Module<Tensor, Tensor>[] modules) =>
                Sequential((IEnumerable<Module<Tensor, Tensor>>)modules);

            public static Sequential Sequential(params Tuple<string, Module<Tensor, Tensor>>[] modules) =>
                Sequential((IEnumerable<Tuple<string, Module<Tensor, Tensor>>>)modules);

            public static Sequential Sequential(IEnumerable<(string name, Module<Tensor, Tensor> submodule)> modules)
            {
                var result = Sequential();
                foreach (var (name, module) in modules) result.append(name, module);
                return result;
            }

            public static Sequential Sequential(IEnumerable<Tuple<string, Module<Tensor, Tensor>>> modules)
            {
                var result = Sequential();
                foreach (var (name, module) in modules) result.append(name, module);
                return result;
            }

            public static Sequential Sequential(IEnumerable<Module<Tensor, Tensor>> modules)
            {
                var result = Sequential();
                foreach (var module in modules) result.append(module);
                return result;
            }
        }
    }
}
