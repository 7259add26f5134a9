using Pinfold.Pinboard.Images.Headers;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Images.Jpegs;

/// <summary>
/// Reads the bits of a scan, which end at the next marker; a zero byte behind 0xFF is none (ITU-T T.81, B.1.1.5).
/// </summary>
internal sealed class EntropyBits(HeaderBytes bytes)
{
    const int CodeBitsMax = 16;

    /// <summary>The next bits, from the top.</summary>
    ulong _bits;
    int _count;
    bool _isAtMarker;

    /// <summary>The marker at which the bits ended; null at the end of the file, or while there are more.</summary>
    int? _marker;

    public int Symbol(HuffmanTable table)
    {
        if (_count < CodeBitsMax)
            Fill();
        var (length, symbol) = table.Read((int)(_bits >> 48));
        if (length > _count || (length == 0 && _count < CodeBitsMax))
            throw new JpegDataEndException();
        if (length == 0)
            throw JpegFrame.Damaged("its data holds a code that there is not");
        Drop(length);
        return symbol;
    }

    public int Bits(int count)
    {
        if (count == 0)
            return 0;
        Need(count);
        var value = (int)(_bits >> (64 - count));
        Drop(count);
        return value;
    }

    public void Skip(int count)
    {
        for (; count > 32; count -= 32)
            Skip(32);
        Need(count);
        Drop(count);
    }

    /// <summary>
    /// Leaves the bits of this scan, or this part of it; gives the marker behind them, or null at the end of the file.
    /// </summary>
    public int? End()
    {
        var marker = _isAtMarker ? _marker : JpegMarker.Next(bytes);
        (_bits, _count, _isAtMarker, _marker) = (0, 0, false, null);
        return marker;
    }

    void Need(int count)
    {
        if (_count < count)
            Fill();
        if (_count < count)
            throw new JpegDataEndException();
    }

    void Drop(int count)
    {
        _bits <<= count;
        _count -= count;
    }

    void Fill()
    {
        while (_count <= 56 && !_isAtMarker)
        {
            if (bytes.AtEnd)
            {
                _isAtMarker = true;
                return;
            }

            var next = bytes.Byte();
            if (next == 0xFF && !IsData())
                return;
            _bits |= (ulong)next << (56 - _count);
            _count += 8;
        }
    }

    bool IsData()
    {
        byte next;
        do
        {
            if (bytes.AtEnd)
            {
                _isAtMarker = true;
                return false;
            }

            next = bytes.Byte();
        }
        while (next == 0xFF);
        (_isAtMarker, _marker) = (next != 0, next == 0 ? null : next);
        return !_isAtMarker;
    }
}

/// <summary>The data of a scan ends before its last block.</summary>
internal sealed class JpegDataEndException : Exception;
