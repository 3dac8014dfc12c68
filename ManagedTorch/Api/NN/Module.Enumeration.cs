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
                    if (seen.Add(parameter)) yield return (name, parameter);
                if (!recurse) yield break;
                foreach (var (child, module) in _submodules)
                {
                    foreach (var (name, parameter) in module.named_parameters())
                        if (seen.Add(parameter)) yield return ($"{child}.{name}", parameter);
                }
            }

            public virtual IEnumerable<Parameter> parameters(bool recurse = true) => named_parameters(recurse).Select(p => p.parameter);

            /// <summary>
            /// Buffers that are not persistent are left out, whatever <paramref name="include_nonpersistent"/> says, as in TorchSharp.
            /// </summary>
            public virtual IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_nonpersistent = true)
            {
                var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
                foreach (var (name, (buffer, persistent)) in _buffers)
                    if (persistent && seen.Add(buffer)) yield return (name, buffer);
                if (!recurse) yield break;
                foreach (var (child, module) in _submodules)
                {
                    foreach (var (name, buffer) in module.named_buffers(true, include_nonpersistent))
                        if (seen.Add(buffer)) yield return ($"{child}.{name}", buffer);
                }
            }

            public virtual IEnumerable<Tensor> buffers(bool recurse = true, bool include_nonpersistent = true) =>
                named_buffers(recurse, include_nonpersistent).Select(b => b.buffer);

            public virtual IEnumerable<(string name, Module module)> named_children() => _submodules.Select(m => (m.Key, m.Value));

            public virtual IEnumerable<Module> children() => named_children().Select(m => m.module);

            /// <summary>All modules below this one: its children first, then theirs.</summary>
            public virtual IEnumerable<(string name, Module module)> named_modules()
            {
                foreach (var child in named_children()) yield return child;
                foreach (var (child, module) in named_children())
                {
                    foreach (var (name, descendant) in module.named_modules()) yield return ($"{child}.{name}", descendant);
                }
            }

            public virtual IEnumerable<Module> modules() => named_modules().Select(m => m.module);

            public virtual bool has_buffer(string target) => get_buffer(target) is not null;

            public virtual bool has_parameter(string target) => get_parameter(target) is not null;

            public virtual Tensor? get_buffer(string target)
            {
                var index = Find(_buffers, target);
                return index >= 0 ? _buffers[index].Value.Tensor : InChild(target, (child, rest) => child.get_buffer(rest));
            }

            public virtual Parameter? get_parameter(string target)
            {
                var index = Find(_parameters, target);
                return index >= 0 ? _parameters[index].Value : InChild(target, (child, rest) => child.get_parameter(rest));
            }

            public virtual Dictionary<string, Tensor> state_dict(Dictionary<string, Tensor>? destination = null, string? prefix = null)
            {
                destination ??= [];
                foreach (var (name, parameter) in named_parameters()) destination.TryAdd(Key(name), parameter);
                foreach (var (name, buffer) in named_buffers(include_nonpersistent: false)) destination.TryAdd(Key(name), buffer);
                foreach (var (name, module) in _submodules) module.state_dict(destination, Key(name));
                return destination;

                string Key(string name) => string.IsNullOrEmpty(prefix) ? name : $"{prefix}.{name}";
            }

            public virtual (IList<string> missing_keys, IList<string> unexpected_keyes) load_state_dict(
                Dictionary<string, Tensor> source, bool strict = true, IList<string>? skip = null)
            {
                var destination = state_dict();
                var missing = destination.Keys.Where(key => skip?.Contains(key) != true && !source.ContainsKey(key)).ToList();
                var unexpected = source.Keys.Where(key => skip?.Contains(key) != true && !destination.ContainsKey(key)).ToList();
                if (strict && (missing.Count > 0 || unexpected.Count > 0))
                    throw new InvalidOperationException("The loaded state_dict is not identical to the target dictionary.");
                using var _ = no_grad();
                foreach (var (key, value) in source)
                {
                    if (skip?.Contains(key) != true && destination.TryGetValue(key, out var target)) target.copy_(value);
                }
                return (missing, unexpected);
            }

            private T? InChild<T>(string target, Func<Module, string, T?> get) where T : class
            {
                var dot = target.IndexOf('.');
                if (dot < 0) return null;
                var child = named_children().FirstOrDefault(c => c.name == target[..dot]).module;
                return child is null ? null : get(child, target[(dot + 1)..]);
            }
        }
    }
}
