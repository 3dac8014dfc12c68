using Latent.Contracts;
using Latent.Tests;

namespace Latent.Models.Tests;

public sealed class WeakenedLibraryTests
{
    private static readonly string s_path = Path.Combine(
        AppContext.BaseDirectory,
        "runtimes",
        "linux-x64",
        "native",
        "libLibTorchSharp.so"
    );

    [Fact]
    public void One_bit_of_a_copy_changes_and_only_once()
    {
        var library = Library();
        var before = (byte[])library.Clone();
        var weakened = WeakenedLibrary.Of(library, s_path);
        Assert.Equal(before, library);
        var changed = Enumerable.Range(0, library.Length).Where(i => library[i] != weakened[i]).ToList();
        Assert.Equal(2, library[Assert.Single(changed)] ^ weakened[changed[0]]);
        Assert.Same(weakened, WeakenedLibrary.Of(weakened, s_path));
    }

    [Fact]
    public void A_library_that_is_cut_off_is_refused_wherever_it_ends()
    {
        var library = Library();
        var spread = Enumerable.Range(0, 200).Select(i => i * (library.Length / 200));
        foreach (var length in Enumerable.Range(0, 1000).Concat(spread).Append(library.Length - 1))
        {
            var error = Assert.Throws<LatentException>(() => WeakenedLibrary.Of(library[..length], "lib.so"));
            Assert.True(
                error.Message is "lib.so is cut off or damaged: a part lies outside the file." or "lib.so is no library for Linux on x64.",
                error.Message
            );
        }
    }

    [Fact]
    public void Another_file_is_refused_with_what_it_is_not()
    {
        var message = Refusal(File.ReadAllBytes(typeof(WeakenedLibrary).Assembly.Location));
        Assert.Equal("lib.so is no library for Linux on x64.", message);
        Assert.SkipUnless(File.Exists(s_path), "The package for Linux is not referenced here.");
        message = Refusal(File.ReadAllBytes(Path.Combine(Path.GetDirectoryName(s_path)!, "libc10.so")));
        Assert.Equal("lib.so does not ask for GLIBCXX_3.4.32 of libstdc++.so.6.", message);

        static string Refusal(byte[] file) => Assert.Throws<LatentException>(() => WeakenedLibrary.Of(file, "lib.so")).Message;
    }

    [Fact]
    public void Damaged_headers_and_lists_end_in_a_result_or_a_sentence()
    {
        var library = Library();
        var flags = library.AsSpan().CommonPrefixLength(WeakenedLibrary.Of(library, s_path));
        var dynamic = (int)BitConverter.ToUInt64(library, Segment(2) + 8);
        (int Start, int Length)[] regions = [(0, 64 + 10 * 56), (dynamic, 35 * 16), (flags - 0x200, 0x300)];
        var random = new Random(7);
        var (results, refusals) = (0, 0);
        for (var i = 0; i < Fuzz.Count(300); i++)
        {
            var mutated = (byte[])library.Clone();
            var (start, length) = regions[i % regions.Length];
            for (var change = 0; change <= random.Next(3); change++)
            {
                var at = start + random.Next(length);
                mutated[at] = random.Next(3) switch
                {
                    0 => 0,
                    1 => 255,
                    _ => (byte)random.Next(256),
                };
            }

            if (Fuzz.Ends<LatentException>($"library {i}", () => WeakenedLibrary.Of(mutated, "lib.so")))
                results++;
            else
                refusals++;
        }

        Assert.True(results > 0 && refusals > 0, $"{results} results and {refusals} refusals");

        int Segment(uint type) => Enumerable.Range(0, 10).Select(i => 64 + 56 * i).First(at => BitConverter.ToUInt32(library, at) == type);
    }

    private static byte[] Library()
    {
        Assert.SkipUnless(File.Exists(s_path), "The package for Linux is not referenced here.");
        return File.ReadAllBytes(s_path);
    }
}
