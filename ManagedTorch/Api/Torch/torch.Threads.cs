using TorchSharp.Kernels;

namespace TorchSharp;

public static partial class torch
{
    public static int get_num_threads() => ThreadTeam.Count;

    public static void set_num_threads(int num)
    {
        if (num <= 0)
            TorchErrors.Throw($"The number of threads must be positive, not {num}.");
        ThreadTeam.Count = num;
    }
}
