using System.Buffers.Binary;

namespace Pinfold.Testing.Proxy;

/// <summary>
/// A packet of the MySQL protocol: 3 bytes length, 1 byte sequence, payload; all as sent in <see cref="Bytes"/>.
/// </summary>
readonly record struct Packet(byte[] Bytes)
{
    public const int HeaderLength = 4;
    public const int PayloadMax = 0xff_ff_ff;

    public ReadOnlySpan<byte> Payload => Bytes.AsSpan(HeaderLength);

    /// <summary>A payload of the greatest length is carried on by the next packet.</summary>
    public bool IsContinued => Payload.Length == PayloadMax;

    public byte First => Payload.IsEmpty ? (byte)0 : Payload[0];

    /// <summary>
    /// The same packet with only the first bytes of its payload, something behind them, and a header that says so.
    /// </summary>
    public Packet Shortened(int payloadLength, ReadOnlySpan<byte> end = default)
    {
        byte[] bytes = [.. Bytes.AsSpan(0, HeaderLength + payloadLength), .. end];
        payloadLength += end.Length;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)payloadLength);
        bytes[2] = (byte)(payloadLength >> 16);
        return new Packet(bytes);
    }
}

/// <summary>Reads packets, and knows whether the next one has arrived already.</summary>
sealed class PacketReader(Stream stream)
{
    readonly byte[] _buffer = new byte[64 * 1024];
    int _start, _end;

    /// <summary>Whether a whole packet can be read without waiting.</summary>
    public bool HasPacket => _end - _start >= Packet.HeaderLength && _end - _start >= NextLength;

    int NextLength => Packet.HeaderLength
        + (_buffer[_start] | (_buffer[_start + 1] << 8) | (_buffer[_start + 2] << 16));

    /// <summary>The next packet; null when the other side closed.</summary>
    public async ValueTask<Packet?> ReadAsync(CancellationToken cancellation)
    {
        if (!await HasBytesAsync(Packet.HeaderLength, cancellation))
            return null;
        var bytes = new byte[NextLength];
        var buffered = Math.Min(bytes.Length, _end - _start);
        _buffer.AsSpan(_start, buffered).CopyTo(bytes);
        _start += buffered;
        var rest = bytes.AsMemory(buffered);
        return await stream.ReadAtLeastAsync(rest, rest.Length, throwOnEndOfStream: false, cancellation) == rest.Length
            ? new Packet(bytes)
            : null;
    }

    async ValueTask<bool> HasBytesAsync(int count, CancellationToken cancellation)
    {
        if (_end - _start >= count)
            return true;
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        _end += await stream.ReadAtLeastAsync(
            _buffer.AsMemory(_end), count - _end, throwOnEndOfStream: false, cancellation);
        return _end >= count;
    }
}
