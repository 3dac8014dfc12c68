namespace Microsoft.ML.ImageAnalytics.Codecs;

/// <summary>A component of a frame: its sampling, its blocks and its samples.</summary>
internal sealed class JpegComponent
{
    public required int Id { get; init; }

    public required int H { get; init; }

    public required int V { get; init; }

    public required int QuantTable { get; init; }

    /// <summary>Samples that belong to the picture.</summary>
    public int Width { get; private set; }

    public int Height { get; private set; }

    /// <summary>Blocks that cover the picture; a scan of this component alone has these.</summary>
    public int BlocksWide => (Width + 7) / 8;

    public int BlocksHigh => (Height + 7) / 8;

    /// <summary>Blocks of whole MCUs, as stored.</summary>
    public int StoredBlocksWide { get; private set; }

    public int StoredBlocksHigh { get; private set; }

    public int Stride => 8 * StoredBlocksWide;

    public byte[] Samples { get; private set; } = [];

    /// <summary>Quantized coefficients in natural order, block after block; progressive frames only.</summary>
    public short[] Coefficients { get; private set; } = [];

    /// <summary>The quantization table in natural order, as it was when the first scan began.</summary>
    public short[]? Quant { get; set; }

    public bool Decoded { get; set; }

    public int DcPrediction { get; set; }

    public JpegHuffmanTable? DcTable { get; set; }

    public JpegHuffmanTable? AcTable { get; set; }

    /// <summary>Derives the sizes; gives the number of blocks.</summary>
    public long SetSize(JpegFrame frame)
    {
        Width = ((frame.Width * H) + frame.MaxH - 1) / frame.MaxH;
        Height = ((frame.Height * V) + frame.MaxV - 1) / frame.MaxV;
        StoredBlocksWide = frame.McusWide * H;
        StoredBlocksHigh = frame.McusHigh * V;
        return (long)BlocksWide * BlocksHigh;
    }

    public void Allocate(bool progressive)
    {
        Samples = new byte[64 * StoredBlocksWide * StoredBlocksHigh];
        if (progressive)
            Coefficients = new short[Samples.Length];
    }
}
