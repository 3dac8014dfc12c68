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
            private readonly List<(string Name, Parameter Parameter)> _parameters = [];
            private readonly List<(string Name, Tensor Buffer)> _buffers = [];
            private readonly List<(string Name, Module Module)> _submodules = [];
            private bool _componentsRegistered;
            private bool _training = true;
            private bool _disposed;

            protected Module(string name) { }

            public virtual bool training => _training;

            public virtual void train(bool train = true)
            {
                _training = train;
                foreach (var (_, child) in _submodules)
                    child.train(train);
            }

            public virtual void eval() => train(false);

            /// <summary>
            /// Registers the fields that hold modules, parameters and tensors, under the fields' names. Derived fields come first, as in
            /// TorchSharp, and what is registered already stays.
            /// </summary>
            protected virtual void RegisterComponents()
            {
                if (_componentsRegistered)
                    return;
                foreach (var field in Fields())
                {
                    var name = field.GetCustomAttribute<ComponentNameAttribute>()?.Name ?? field.Name;
                    if (IsRegistered(name))
                        continue;
                    switch (field.GetValue(this))
                    {
                        case Module module:
                            RegisterModule(name, module);
                            break;
                        case Parameter parameter:
                            _parameters.Add((name, parameter));
                            break;
                        case Tensor tensor:
                            _buffers.Add((name, tensor));
                            break;
                    }
                }

                _componentsRegistered = true;
            }

            /// <summary>A parameter of a layer; it belongs to no dispose scope.</summary>
            private protected Parameter Register(string name, Tensor data)
            {
                var parameter = Parameter(data);
                parameter.DetachFromDisposeScope();
                _parameters.Add((name, parameter));
                return parameter;
            }

            /// <summary>The same for a buffer.</summary>
            private protected Tensor RegisterBuffer(string name, Tensor buffer)
            {
                _buffers.Add((name, buffer.DetachFromDisposeScope()));
                return buffer;
            }

            public virtual void register_module(string name, Module submodule) => RegisterModule(name, submodule);

            private protected void RegisterModule(string name, Module module)
            {
                module.RegisterComponents();
                _submodules.Add((name, module));
            }

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool disposing)
            {
                if (!disposing || _disposed)
                    return;
                _disposed = true;
                foreach (var (_, buffer) in _buffers)
                    buffer.DetachFromDisposeScope().Dispose();
                foreach (var (_, parameter) in _parameters)
                    parameter.DetachFromDisposeScope().Dispose();
                foreach (var (_, child) in _submodules)
                    child.Dispose();
            }

            private bool IsRegistered(string name) =>
                _submodules.Exists(m => m.Name == name) || _parameters.Exists(p => p.Name == name) || _buffers.Exists(b => b.Name == name);

            private IEnumerable<FieldInfo> Fields()
            {
                var seen = new HashSet<string>();
                for (var type = GetType(); type != typeof(Module) && type is not null; type = type.BaseType)
                {
                    foreach (var field in type.GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance))
                    {
                        if (seen.Add(field.Name))
                            yield return field;
                    }
                }
            }
        }
    }
}
