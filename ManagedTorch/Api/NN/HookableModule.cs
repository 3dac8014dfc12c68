namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>Modules derive from it in TorchSharp, and so do they here; there are no hooks.</summary>
        public class HookableModule<TPreHook, TPostHook> : Module
        {
            private protected HookableModule(string name)
                : base(name) { }
        }
    }
}
