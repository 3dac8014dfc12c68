using System.Runtime.InteropServices;
using System.Text;
using Latent.Data.Files;
using Latent.Data.Rows;

namespace Latent.Data.Arrays;

/// <summary>Writes a NumPy array file of 32-bit floats, [rows, results], in which true is 1 and false 0.</summary>
internal sealed class NpySink : RowSink
{
    private const int HeaderLength = 128;
    private readonly OutputFile _file;
    private readonly int _results;
    private long _rows;

    /// <summary>Begins an array.</summary>
    /// <param name="path">The file to write.</param>
    /// <param name="results">Number of results of a row, which are no texts.</param>
    public NpySink(string path, int results)
    {
        _results = results;
        _file = new OutputFile(path);
        _file.Stream.Write(Header(_rows, _results));
    }

    public override void Write(RowBatch batch)
    {
        for (var row = 0; row < batch.Count; row++)
            _file.Stream.Write(MemoryMarshal.AsBytes(batch.Result(row)[.._results]));
        _rows += batch.Count;
    }

    public override void Complete()
    {
        // The number of rows is known only now; the header has room for any.
        _file.Stream.Position = 0;
        _file.Stream.Write(Header(_rows, _results));
        _file.Complete();
    }

    public override void Dispose() => _file.Dispose();

    /// <summary>Makes the header of an array, of the same length for any shape.</summary>
    public static byte[] Header(long rows, long results)
    {
        var text = $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({rows}, {results}), }}".PadRight(HeaderLength - 11) + "\n";
        return [0x93, .. "NUMPY"u8, 1, 0, HeaderLength - 10, 0, .. Encoding.ASCII.GetBytes(text)];
    }
}
