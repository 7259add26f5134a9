using System.Buffers.Binary;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Images.Headers;

/// <summary>
/// Reads forward through an image; reading past the end is a damaged image, not a crash.
/// </summary>
internal sealed class HeaderBytes
{
    readonly Stream _stream;
    readonly byte[] _buffer = new byte[16 * 1024];
    int _next;
    int _end;

    public HeaderBytes(Stream stream)
    {
        _stream = stream;
        _stream.Position = 0;
    }

    /// <summary>True when not one byte is left.</summary>
    public bool AtEnd => _next == _end && !Fill();

    /// <summary>How many bytes were read or skipped.</summary>
    public long Position => _stream.Position - (_end - _next);

    /// <summary>How many bytes are left.</summary>
    public long Left => _stream.Length - Position;

    /// <summary>The first bytes, at most <paramref name="count"/>; only before anything was read.</summary>
    public ReadOnlySpan<byte> Peek(int count)
    {
        _end = _stream.ReadAtLeast(_buffer, count, throwOnEndOfStream: false);
        return _buffer.AsSpan(0, Math.Min(count, _end));
    }

    public byte Byte()
    {
        if (AtEnd)
            throw CutShort();
        return _buffer[_next++];
    }

    /// <summary>The next so many bytes.</summary>
    public byte[] Take(int count)
    {
        if (count > Left)
            throw CutShort();
        var taken = new byte[count];
        for (var i = 0; i < count; i++)
            taken[i] = Byte();
        return taken;
    }

    public int UInt16BigEndian() => (Byte() << 8) | Byte();

    public int UInt16LittleEndian() => Byte() | (Byte() << 8);

    public int UInt24LittleEndian() => Byte() | (Byte() << 8) | (Byte() << 16);

    public uint UInt32BigEndian() => ((uint)UInt16BigEndian() << 16) | (uint)UInt16BigEndian();

    public uint UInt32LittleEndian() => BinaryPrimitives.ReverseEndianness(UInt32BigEndian());

    public void Skip(long count)
    {
        var buffered = (int)Math.Min(count, _end - _next);
        _next += buffered;
        count -= buffered;
        if (count == 0)
            return;
        if (count > _stream.Length - _stream.Position)
            throw CutShort();
        _stream.Seek(count, SeekOrigin.Current);
    }

    /// <summary>Reads up to and with the next such byte; false when there is none, and nothing is left.</summary>
    public bool SkipPast(byte wanted)
    {
        while (!AtEnd)
        {
            var at = _buffer.AsSpan(_next, _end - _next).IndexOf(wanted);
            if (at >= 0)
            {
                _next += at + 1;
                return true;
            }

            _next = _end;
        }

        return false;
    }

    bool Fill()
    {
        _next = 0;
        _end = _stream.Read(_buffer);
        return _end > 0;
    }

    static PinfoldException CutShort() =>
        new(ErrorKind.Invalid, "This image is cut short: the file ends where more must follow.");
}
