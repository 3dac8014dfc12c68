namespace Microsoft.ML.ImageAnalytics.Codecs;

/// <summary>Decodes one scan: the walk over MCUs and restart intervals, and the blocks of sequential frames.</summary>
internal ref struct JpegScan(JpegFrame frame, JpegComponent[] components, int restartInterval, ReadOnlySpan<byte> data, int start)
{
    /// <summary>Natural order of the zigzag's 64 places, and 16 more for runs that would leave the block.</summary>
    private static ReadOnlySpan<byte> Natural =>
    [
        0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
        35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
        63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63,
    ];

    private JpegBitReader _reader = new(data, start);
    private int _endOfBandRun;

    // Spectral selection and successive approximation of progressive scans.
    private int _from;
    private int _to;
    private int _high;
    private int _low;

    public static int NaturalOrder(int zigzag) => Natural[zigzag];

    /// <summary>Decodes a sequential scan into samples; gives the offset of the marker after it.</summary>
    public int DecodeSequential() => Walk(progressive: false);

    /// <summary>Decodes a progressive scan into coefficients; gives the offset of the marker after it.</summary>
    public int DecodeProgressive(int from, int to, int high, int low)
    {
        (_from, _to, _high, _low) = (from, to, high, low);
        return Walk(progressive: true);
    }

    private int Walk(bool progressive)
    {
        var single = components.Length == 1;
        var (wide, high) = single ? (components[0].BlocksWide, components[0].BlocksHigh) : (frame.McusWide, frame.McusHigh);
        var untilRestart = restartInterval;
        var restarts = 0;
        Reset();
        for (var y = 0; y < high; y++)
        {
            for (var x = 0; x < wide; x++)
            {
                if (restartInterval > 0 && untilRestart-- == 0)
                {
                    Restart(restarts++);
                    untilRestart = restartInterval - 1;
                }

                if (single)
                {
                    DecodeBlock(components[0], x, y, progressive);
                }
                else
                {
                    foreach (var component in components)
                    {
                        for (var v = 0; v < component.V; v++)
                        {
                            for (var h = 0; h < component.H; h++)
                                DecodeBlock(component, (x * component.H) + h, (y * component.V) + v, progressive);
                        }
                    }
                }

                if (_reader.Overrun)
                    throw Bad($"end in row {y} of {high}, column {x} of {wide} of the MCUs; they are truncated or damaged");
            }
        }

        _reader.SkipToMarker();
        return _reader.Position;
    }

    private readonly void Reset()
    {
        foreach (var component in components)
            component.DcPrediction = 0;
    }

    private void Restart(int count)
    {
        _reader.SkipToMarker();
        var expected = 0xD0 + (count & 7);
        var found = _reader.MarkerHere;
        if (found != expected)
            throw Bad($"have the marker FF{found:X2} where RST{count & 7} must be; they are damaged");
        _reader.PassMarker();
        _endOfBandRun = 0;
        Reset();
    }

    private void DecodeBlock(JpegComponent component, int x, int y, bool progressive)
    {
        if (!progressive)
        {
            SequentialBlock(component, component.Samples.AsSpan((8 * y * component.Stride) + (8 * x)));
            return;
        }

        var block = component.Coefficients.AsSpan(64 * ((y * component.StoredBlocksWide) + x), 64);
        if (_from == 0)
        {
            if (_high == 0)
                FirstDc(component, block);
            else
                block[0] |= (short)(_reader.ReadBit() << _low);
        }
        else if (_high == 0)
        {
            FirstAc(component.AcTable!, block);
        }
        else
        {
            RefineAc(component.AcTable!, block);
        }
    }

    private void SequentialBlock(JpegComponent component, Span<byte> samples)
    {
        _reader.Fill();
        var size = component.DcTable!.Decode(ref _reader);
        if (size is < 0 or > 11)
            throw BadCode("DC");
        var dc = component.DcPrediction += _reader.ReadSigned(size);

        Span<short> block = stackalloc short[64];
        var ac = component.AcTable!;
        var k = 1;
        var last = 0;
        while (k < 64)
        {
            _reader.Fill();
            var symbol = ac.Decode(ref _reader);
            var bits = symbol & 15;
            if (bits == 0)
            {
                if (symbol == 0)
                    break;
                if (symbol != 0xF0)
                    throw BadCode("AC");
                k += 16;
                continue;
            }

            if (symbol < 0)
                throw BadCode("AC");
            k += symbol >> 4;
            block[Natural[k]] = (short)_reader.ReadSigned(bits);
            last = k++;
        }

        if (k > 64)
            throw BadCode("AC");
        if (last == 0)
        {
            JpegIdct.Fill(dc, component.Quant![0], samples, component.Stride);
            return;
        }

        block[0] = (short)dc;
        JpegIdct.Transform(block, component.Quant, samples, component.Stride);
    }

    private void FirstDc(JpegComponent component, Span<short> block)
    {
        _reader.Fill();
        var size = component.DcTable!.Decode(ref _reader);
        if (size is < 0 or > 11)
            throw BadCode("DC");
        component.DcPrediction += _reader.ReadSigned(size);
        block[0] = (short)(component.DcPrediction << _low);
    }

    private void FirstAc(JpegHuffmanTable table, Span<short> block)
    {
        if (_endOfBandRun > 0)
        {
            _endOfBandRun--;
            return;
        }

        for (var k = _from; k <= _to; k++)
        {
            _reader.Fill();
            var symbol = table.Decode(ref _reader);
            if (symbol < 0)
                throw BadCode("AC");
            var (run, size) = (symbol >> 4, symbol & 15);
            if (size == 0)
            {
                if (run == 15)
                {
                    k += 15;
                    continue;
                }

                _endOfBandRun = (1 << run) - 1;
                if (run > 0)
                    _endOfBandRun += _reader.Read(run);
                return;
            }

            k += run;
            if (k > _to)
                throw BadCode("AC");
            block[Natural[k]] = (short)(_reader.ReadSigned(size) << _low);
        }
    }

    // ITU-T T.81, G.1.2.3: bits for coefficients that are known to be nonzero are interleaved with the new ones.
    private void RefineAc(JpegHuffmanTable table, Span<short> block)
    {
        var plus = (short)(1 << _low);
        var minus = (short)(-1 << _low);
        var k = _from;
        if (_endOfBandRun == 0)
        {
            while (k <= _to)
            {
                _reader.Fill();
                var symbol = table.Decode(ref _reader);
                if (symbol < 0)
                    throw BadCode("AC");
                var (run, size) = (symbol >> 4, symbol & 15);
                short value = 0;
                if (size == 1)
                {
                    value = _reader.ReadBit() == 1 ? plus : minus;
                }
                else if (size != 0)
                {
                    throw BadCode("AC");
                }
                else if (run < 15)
                {
                    _endOfBandRun = 1 << run;
                    if (run > 0)
                        _endOfBandRun += _reader.Read(run);
                    break;
                }

                for (; k <= _to; k++)
                {
                    ref var coefficient = ref block[Natural[k]];
                    if (coefficient != 0)
                        Refine(ref coefficient, plus, minus);
                    else if (run-- == 0)
                        break;
                }

                if (value != 0)
                {
                    if (k > _to)
                        throw BadCode("AC");
                    block[Natural[k]] = value;
                }

                k++;
            }
        }

        if (_endOfBandRun == 0)
            return;
        _endOfBandRun--;
        if (k == _from && !block[1..].ContainsAnyExcept((short)0))
            return;
        for (; k <= _to; k++)
        {
            ref var coefficient = ref block[Natural[k]];
            if (coefficient != 0)
                Refine(ref coefficient, plus, minus);
        }
    }

    private void Refine(ref short coefficient, short plus, short minus)
    {
        if (_reader.ReadBit() == 1 && (coefficient & plus) == 0)
            coefficient += coefficient >= 0 ? plus : minus;
    }

    private readonly ImageFormatException BadCode(string kind) => Bad($"have an invalid {kind} code; they are damaged");

    private readonly ImageFormatException Bad(string what) =>
        new($"The JPEG's entropy-coded data, of the scan at offset {start}, {what} (near offset {_reader.Position}).");
}
