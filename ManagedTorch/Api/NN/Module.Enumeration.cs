using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            public virtual IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true)
            {
                var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
                foreach (var (name, parameter) in _parameters)
                {
                    if (seen.Add(parameter))
                        yield return (name, parameter);
                }

                if (!recurse)
                    yield break;
                foreach (var (child, module) in _submodules)
                {
                    foreach (var (name, parameter) in module.named_parameters())
                    {
                        if (seen.Add(parameter))
                            yield return ($"{child}.{name}", parameter);
                    }
                }
            }

            public virtual IEnumerable<Parameter> parameters(bool recurse = true) => named_parameters(recurse).Select(p => p.parameter);

            /// <summary>All buffers are persistent.</summary>
            public virtual IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_nonpersistent = true)
            {
                var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
                foreach (var (name, buffer) in _buffers)
                {
                    if (seen.Add(buffer))
                        yield return (name, buffer);
                }

                if (!recurse)
                    yield break;
                foreach (var (child, module) in _submodules)
                {
                    foreach (var (name, buffer) in module.named_buffers(true, include_nonpersistent))
                    {
                        if (seen.Add(buffer))
                            yield return ($"{child}.{name}", buffer);
                    }
                }
            }

            public virtual IEnumerable<Module> children() => _submodules.Select(m => m.Module);

            public virtual Dictionary<string, Tensor> state_dict(Dictionary<string, Tensor>? destination = null, string? prefix = null)
            {
                destination ??= [];
                foreach (var (name, parameter) in named_parameters())
                    destination.TryAdd(Key(name), parameter);
                foreach (var (name, buffer) in named_buffers(include_nonpersistent: false))
                    destination.TryAdd(Key(name), buffer);
                foreach (var (name, module) in _submodules)
                    module.state_dict(destination, Key(name));
                return destination;

                string Key(string name) => string.IsNullOrEmpty(prefix) ? name : $"{prefix}.{name}";
            }
        }
    }
}
