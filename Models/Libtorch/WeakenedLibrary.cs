using System.Buffers.Binary;
using System.Text;
using Latent.Contracts;

namespace Latent.Models;

/// <summary>Makes a libLibTorchSharp.so that loads without the one version of libstdc++ that it asks for and does not need.</summary>
/// <remarks>
/// TorchSharp 0.107.0 asks for GLIBCXX_3.4.32 for the sake of _ZSt21ios_base_library_initv, which nothing calls. A version that is marked
/// as weak may be absent: the mark is one bit, in the list of versions (.gnu.version_r) that the dynamic section points to.
/// </remarks>
internal static class WeakenedLibrary
{
    /// <summary>The version that is no longer required.</summary>
    public const string Version = "GLIBCXX_3.4.32";

    private const string From = "libstdc++.so.6";
    private const int Weak = 2; // VER_FLG_WEAK

    /// <summary>Gets the library with the version marked as weak: the same bytes where it is so already, else a copy.</summary>
    /// <param name="library">The whole file, which stays as it is.</param>
    /// <param name="path">Its path, for messages.</param>
    /// <exception cref="LatentException">The file is cut off, is not such a library, or does not require the version.</exception>
    public static byte[] Of(byte[] library, string path)
    {
        var flags = new Elf(library, path).FlagsOfVersion();
        if ((library[flags] & Weak) != 0)
            return library;
        var copy = (byte[])library.Clone();
        copy[flags] |= Weak;
        return copy;
    }

    /// <summary>
    /// Reads an ELF file of 64 bits, little-endian, for x64; every offset that it states is checked before it is followed.
    /// </summary>
    private readonly ref struct Elf(ReadOnlySpan<byte> file, string path)
    {
        private const int SegmentBytes = 56,
            SectionBytes = 64,
            DynamicBytes = 16,
            VersionBytes = 16,
            X64 = 62;
        private const uint Loaded = 1,
            Dynamic = 2; // PT_
        private const ulong StringTable = 5,
            VersionsNeeded = 0x6ffffffe,
            VersionsNeededCount = 0x6fffffff; // DT_
        private readonly ReadOnlySpan<byte> _file = file;

        /// <summary>Gets where the flags of the version are.</summary>
        public int FlagsOfVersion()
        {
            if (!_file.StartsWith("\u007fELF\u0002\u0001"u8) || Number(18, 2) != X64)
                throw Wrong("is no library for Linux on x64");
            var (segments, count) = (Number(32, 8), Number(56, 2));
            if (Number(54, 2) != SegmentBytes)
                throw Wrong("is no library for Linux on x64");
            Check(segments, count * SegmentBytes);
            if (Number(40, 8) is not 0 and var sections)
                Check(sections, Number(60, 2) * SectionBytes);
            var (dynamic, end) = (0UL, 0UL);
            for (var at = segments; at < segments + count * SegmentBytes; at += SegmentBytes)
            {
                Check(Number(at + 8, 8), Number(at + 32, 8));
                if (Number(at, 4) == Dynamic)
                    (dynamic, end) = (Number(at + 8, 8), Number(at + 8, 8) + Number(at + 32, 8));
            }

            var (strings, versions, files) = (0UL, 0UL, 0UL);
            for (; dynamic + DynamicBytes <= end && Number(dynamic, 8) != 0; dynamic += DynamicBytes)
            {
                var value = Number(dynamic + 8, 8);
                switch (Number(dynamic, 8))
                {
                    case StringTable:
                        strings = Offset(value);
                        break;
                    case VersionsNeeded:
                        versions = Offset(value);
                        break;
                    case VersionsNeededCount:
                        files = value;
                        break;
                }
            }

            if (strings == 0 || versions == 0)
                throw Wrong("has no list of versions");
            return FlagsOfVersion(strings, versions, files);
        }

        private int FlagsOfVersion(ulong strings, ulong versions, ulong files)
        {
            // No more entries than fit, should they point to one another.
            var left = _file.Length / VersionBytes;
            for (var file = versions; files > 0 && left > 0; files--, left--)
            {
                var entry = file + Number(file + 8, 4);
                if (Is(strings + Number(file + 4, 4), From))
                {
                    for (var entries = Number(file + 2, 2); entries > 0 && left > 0; entries--, left--)
                    {
                        if (Is(strings + Number(entry + 8, 4), Version))
                        {
                            Check(entry, VersionBytes);
                            return (int)entry + 4;
                        }

                        entry += Number(entry + 12, 4);
                    }
                }

                file += Number(file + 12, 4);
            }

            throw Wrong($"does not ask for {Version} of {From}");
        }

        /// <summary>Gets where the byte of an address lies in the file.</summary>
        private ulong Offset(ulong address)
        {
            var (segments, count) = (Number(32, 8), Number(56, 2));
            for (var at = segments; at < segments + count * SegmentBytes; at += SegmentBytes)
            {
                if (Number(at, 4) == Loaded && address >= Number(at + 16, 8) && address - Number(at + 16, 8) < Number(at + 32, 8))
                    return Number(at + 8, 8) + (address - Number(at + 16, 8));
            }

            throw Wrong("is damaged: an address lies in no part of it");
        }

        private bool Is(ulong at, string text)
        {
            Check(at, (ulong)text.Length + 1);
            var bytes = _file[(int)at..];
            return bytes[text.Length] == 0 && Encoding.ASCII.GetString(bytes[..text.Length]) == text;
        }

        private ulong Number(ulong at, int bytes)
        {
            Check(at, (ulong)bytes);
            var span = _file[(int)at..];
            return bytes switch
            {
                2 => BinaryPrimitives.ReadUInt16LittleEndian(span),
                4 => BinaryPrimitives.ReadUInt32LittleEndian(span),
                _ => BinaryPrimitives.ReadUInt64LittleEndian(span),
            };
        }

        private void Check(ulong at, ulong bytes)
        {
            var length = (ulong)_file.Length;
            if (at > length || bytes > length - at)
                throw Wrong("is cut off or damaged: a part lies outside the file");
        }

        private LatentException Wrong(string what) => new($"{path} {what}.");
    }
}
