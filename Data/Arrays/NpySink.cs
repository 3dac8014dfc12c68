using System.Runtime.InteropServices;
using System.Text;
using Latent.Data.Files;
using Latent.Data.Rows;

namespace Latent.Data.Arrays;

/// <summary>A NumPy array file of 32-bit floats, [rows, results].</summary>
internal sealed class NpySink : RowSink
{
    private const int HeaderLength = 128;
    private readonly WholeFile _whole;
    private readonly FileStream _file;
    private readonly int _results;
    private long _rows;

    public NpySink(string path, int results)
    {
        _results = results;
        _whole = new WholeFile(path, isFolder: false);
        _file = new FileStream(_whole.TemporaryPath, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16);
        _file.Write(Header());
    }

    public override void Write(RowBatch batch)
    {
        for (var row = 0; row < batch.Count; row++)
            _file.Write(MemoryMarshal.AsBytes(batch.Result(row)[.._results]));
        _rows += batch.Count;
    }

    public override void Complete()
    {
        // The number of rows is known only now; the header has room for any.
        _file.Position = 0;
        _file.Write(Header());
        _file.Dispose();
        _whole.Complete();
    }

    public override void Dispose()
    {
        try
        {
            _file.Dispose();
        }
        catch (IOException)
        {
            // A full disk also fails the last flush; the error that led here is told already.
        }
        _whole.Dispose();
    }

    private byte[] Header()
    {
        var text = $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({_rows}, {_results}), }}".PadRight(HeaderLength - 11) + "\n";
        return [0x93, .. "NUMPY"u8, 1, 0, HeaderLength - 10, 0, .. Encoding.ASCII.GetBytes(text)];
    }
}
