using System.Reflection;
using TorchSharp.Modules;
using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module : IDisposable
        {
            private readonly List<KeyValuePair<string, Parameter>> _parameters = [];
            private readonly List<KeyValuePair<string, (Tensor Tensor, bool Persistent)>> _buffers = [];
            private readonly List<KeyValuePair<string, Module>> _submodules = [];
            private readonly string _name;
            private bool _componentsRegistered;
            private bool _training = true;
            private bool _disposed;

            protected Module(string name) => _name = name;

            public virtual bool training => _training;

            public virtual string GetName() => string.IsNullOrEmpty(_name) ? GetType().Name : _name;

            public virtual void train(bool train = true)
            {
                _training = train;
                foreach (var (_, child) in named_children()) child.train(train);
            }

            public virtual void eval() => train(false);

            public virtual Module apply(Action<Module> fn)
            {
                foreach (var (_, child) in _submodules) child.apply(fn);
                fn(this);
                return this;
            }

            public virtual void zero_grad(bool set_to_none = true)
            {
                foreach (var (_, parameter) in named_parameters())
                {
                    if (set_to_none) parameter.grad = null;
                    else parameter.grad?.zero_();
                }
            }

            /// <summary>
            /// Registers the fields that hold modules, parameters and tensors, under the fields' names. Derived fields come first, as in
            /// TorchSharp, and what is registered already stays.
            /// </summary>
            protected virtual void RegisterComponents()
            {
                if (_componentsRegistered) return;
                foreach (var field in Fields())
                {
                    var name = field.GetCustomAttribute<ComponentNameAttribute>()?.Name ?? field.Name;
                    if (IsRegistered(name)) continue;
                    switch (field.GetValue(this))
                    {
                        case Module module: register_module(name, module); break;
                        case Parameter parameter: register_parameter(name, parameter); break;
                        case Tensor tensor: register_buffer(name, tensor); break;
                    }
                }
                _componentsRegistered = true;
            }

            public virtual void register_buffer(string name, Tensor tensor, bool persistent = true)
            {
                if (tensor is null || tensor.IsInvalid)
                    throw new ArgumentNullException(nameof(tensor), "A null tensor cannot be registered as a buffer.");
                if (Find(_buffers, name) >= 0) throw new InvalidOperationException($"Tensor {name} is already registered.");
                _buffers.Add(new(name, (tensor, persistent)));
            }

            public virtual void register_parameter(string name, Parameter param)
            {
                if (param is null || param.IsInvalid)
                    throw new ArgumentNullException(nameof(param), "A null tensor cannot be registered as a parameter.");
                if (Find(_parameters, name) >= 0) throw new InvalidOperationException($"Parameter {name} is already registered.");
                _parameters.Add(new(name, param));
            }

            public void add_module(string name, Module module) => register_module(name, module);

            public virtual void register_module(string name, Module submodule)
            {
                if (submodule is null || submodule._disposed)
                {
                    Replace(_submodules, name, null);
                    return;
                }
                if (name.Contains('.')) throw new ArgumentException($"module name can't contain \".\", got: {name}");
                if (name.Length == 0) throw new ArgumentException("module name can't be empty string \"\"");
                if (Find(_submodules, name) >= 0) throw new InvalidOperationException($"Sub-module {name} is already registered.");
                submodule.RegisterComponents();
                _submodules.Add(new(name, submodule));
            }

            protected void ConditionallyRegisterParameter(string name, Tensor value) =>
                ConditionallyRegisterParameter(name, value as Parameter);

            protected void ConditionallyRegisterParameter(string name, Parameter? value) => Replace(_parameters, name, value);

            protected void ConditionallyRegisterBuffer(string name, Tensor? value, bool persistent = true)
            {
                var index = Find(_buffers, name);
                if (value is null)
                {
                    if (index >= 0) _buffers.RemoveAt(index);
                }
                else if (index >= 0)
                {
                    _buffers[index] = new(name, (value, persistent));
                }
                else
                {
                    _buffers.Add(new(name, (value, persistent)));
                }
            }

            protected void ClearModules() => _submodules.Clear();

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool disposing)
            {
                if (!disposing || _disposed) return;
                _disposed = true;
                foreach (var (_, buffer) in _buffers) buffer.Tensor.DetachFromDisposeScope().Dispose();
                foreach (var (_, parameter) in _parameters) parameter.DetachFromDisposeScope().Dispose();
                foreach (var (_, child) in named_children()) child.Dispose();
            }

            /// <summary>Puts a parameter into its field and into the registry, and disposes the one before.</summary>
            private protected void Set(string name, ref Parameter? field, Parameter? value)
            {
                if (ReferenceEquals(field, value)) return;
                field?.Dispose();
                value?.DetachFromDisposeScope();
                field = value;
                ConditionallyRegisterParameter(name, value);
            }

            /// <summary>The same for a buffer.</summary>
            private protected void Set(string name, ref Tensor? field, Tensor? value)
            {
                if (ReferenceEquals(field, value)) return;
                field?.Dispose();
                value?.DetachFromDisposeScope();
                field = value;
                ConditionallyRegisterBuffer(name, value);
            }

            private bool IsRegistered(string name) =>
                Find(_submodules, name) >= 0 || Find(_parameters, name) >= 0 || Find(_buffers, name) >= 0;

            private IEnumerable<FieldInfo> Fields()
            {
                var seen = new HashSet<string>();
                for (var type = GetType(); type != typeof(Module) && type is not null; type = type.BaseType)
                {
                    foreach (var field in type.GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance))
                        if (seen.Add(field.Name)) yield return field;
                }
            }

            private static int Find<T>(List<KeyValuePair<string, T>> list, string name)
            {
                for (var i = 0; i < list.Count; i++)
                    if (list[i].Key == name) return i;
                return -1;
            }

            private static void Replace<T>(List<KeyValuePair<string, T>> list, string name, T? value) where T : class
            {
                var index = Find(list, name);
                if (value is null)
                {
                    if (index >= 0) list.RemoveAt(index);
                }
                else if (index >= 0)
                {
                    list[index] = new(name, value);
                }
                else
                {
                    list.Add(new(name, value));
                }
            }
        }
    }
}
