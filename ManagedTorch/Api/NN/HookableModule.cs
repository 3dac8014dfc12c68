namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public class HookableModule<TPreHook, TPostHook> : Module
        {
            private readonly List<(string Key, TPreHook Hook)> _preHooks = [];
            private readonly List<(string Key, TPostHook Hook)> _postHooks = [];
            private readonly List<(string Key, Action<Module> Hook)> _modulePreHooks = [];
            private readonly List<(string Key, Action<Module> Hook)> _modulePostHooks = [];

            protected HookableModule(string name) : base(name)
            {
            }

            private protected bool HasHooks =>
                _preHooks.Count + _postHooks.Count + _modulePreHooks.Count + _modulePostHooks.Count > 0;

            private protected IEnumerable<TPreHook> PreHooks => _preHooks.Select(h => h.Hook);

            private protected IEnumerable<TPostHook> PostHooks => _postHooks.Select(h => h.Hook);

            public HookRemover register_forward_hook(TPostHook hook) => Register(_postHooks, hook);

            public HookRemover register_forward_pre_hook(TPreHook hook) => Register(_preHooks, hook);

            public HookRemover register_forward_hook(Action<Module> hook) => Register(_modulePostHooks, hook);

            public HookRemover register_forward_pre_hook(Action<Module> hook) => Register(_modulePreHooks, hook);

            private protected void BeforeForward()
            {
                foreach (var (_, hook) in _modulePreHooks) hook(this);
            }

            private protected void AfterForward()
            {
                foreach (var (_, hook) in _modulePostHooks) hook(this);
            }

            private HookRemover Register<T>(List<(string Key, T Hook)> hooks, T hook)
            {
                var key = Guid.NewGuid().ToString();
                hooks.Add((key, hook));
                return new HookRemover(this, key);
            }

            private void Remove(string key)
            {
                _preHooks.RemoveAll(h => h.Key == key);
                _postHooks.RemoveAll(h => h.Key == key);
                _modulePreHooks.RemoveAll(h => h.Key == key);
                _modulePostHooks.RemoveAll(h => h.Key == key);
            }

            public class HookRemover(HookableModule<TPreHook, TPostHook> module, string key)
            {
                public void remove() => module.Remove(key);
            }
        }
    }
}
