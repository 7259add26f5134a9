using Pinfold.Pinboard.Images.Headers;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Images.Jpegs;

/// <summary>
/// Tells whether the data of a JPEG is there to its last block. Decoders do not tell: they fill up with grey what is
/// missing.
/// </summary>
/// <remarks>
/// Costs a fraction of decoding, and for a progressive image 8 bytes a block (an eighth of a byte a pixel and
/// component).
/// </remarks>
internal sealed class JpegData
{
    readonly HeaderBytes _bytes;
    readonly HuffmanTables _tables = new();
    readonly JpegScanList _scans = new();
    readonly CancellationToken _cancellation;
    JpegFrame? _frame;
    ulong[][] _nonZero = [];
    int _restartInterval;

    JpegData(Stream image, CancellationToken cancellation)
    {
        _bytes = new HeaderBytes(image);
        _cancellation = cancellation;
    }

    /// <exception cref="PinfoldException">Invalid: some of it is missing, or is no possible data.</exception>
    public static void Check(Stream image, CancellationToken cancellation) =>
        new JpegData(image, cancellation).Check();

    void Check()
    {
        _bytes.Skip(2);
        var marker = JpegMarker.Next(_bytes);
        while (marker is not (null or JpegMarker.End))
        {
            if (marker == JpegMarker.Scan)
            {
                marker = ReadScan();
                continue;
            }

            ReadSegment(marker.Value);
            marker = JpegMarker.Next(_bytes);
        }

        if (_frame is null || !_scans.HasAll(_frame))
            throw JpegFrame.Damaged("a part of its colours is missing");
    }

    void ReadSegment(int marker)
    {
        if (JpegMarker.IsFrame(marker))
        {
            _frame = JpegFrame.Read(_bytes, marker, _frame);
            if (_frame.IsProgressive)
                _nonZero = [.. _frame.Components.Select(c => new ulong[c.Stride * c.Lines])];
        }
        else if (marker == JpegMarker.HuffmanTables)
        {
            _tables.Read(_bytes);
        }
        else if (marker == JpegMarker.RestartInterval)
        {
            _bytes.Skip(2);
            _restartInterval = _bytes.UInt16BigEndian();
        }
        else if (!JpegMarker.IsAlone(marker))
        {
            _bytes.Skip(JpegMarker.SegmentLength(_bytes));
        }
    }

    /// <summary>Gives the marker behind the scan.</summary>
    int? ReadScan()
    {
        var scan = JpegScan.Read(_bytes, _frame);
        _scans.Add(scan);
        var bits = new EntropyBits(_bytes);
        var blocks = new JpegBlocks(scan, _tables, bits);
        var alone = scan.Parts.Count == 1 ? _frame!.Components[scan.Parts[0].Component] : null;
        var (across, down) = alone is null ? (_frame!.McusX, _frame.McusY) : (alone.BlocksX, alone.BlocksY);
        try
        {
            var (left, restarts) = (_restartInterval, 0);
            for (var y = 0; y < down; y++)
            {
                _cancellation.ThrowIfCancellationRequested();
                for (var x = 0; x < across; x++)
                {
                    if (_restartInterval > 0 && left-- == 0)
                    {
                        if (bits.End() != 0xD0 + (restarts++ & 7))
                            throw new JpegDataEndException();
                        blocks.Restart();
                        left = _restartInterval - 1;
                    }

                    ReadUnit(scan, blocks, alone, x, y);
                }
            }
        }
        catch (JpegDataEndException)
        {
            throw new PinfoldException(ErrorKind.Invalid,
                "This JPEG is cut short: its data ends before the picture does.");
        }

        return bits.End();
    }

    void ReadUnit(JpegScan scan, JpegBlocks blocks, JpegComponent? alone, int x, int y)
    {
        foreach (var (index, dc, ac) in scan.Parts)
        {
            var component = _frame!.Components[index];
            var (wide, high) = alone is null ? (component.X, component.Y) : (1, 1);
            for (var row = y * high; row < (y + 1) * high; row++)
                for (var column = x * wide; column < (x + 1) * wide; column++)
                    if (_frame.IsProgressive)
                        blocks.ReadProgressive(dc, ac, ref _nonZero[index][(row * component.Stride) + column]);
                    else
                        blocks.ReadSequential(dc, ac);
        }
    }
}
