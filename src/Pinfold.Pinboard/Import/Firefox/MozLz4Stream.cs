using System.Buffers.Binary;
using Pinfold.Pinboard.Import.Syntax;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Import.Firefox;

/// <summary>
/// Unpacks Mozilla's <c>jsonlz4</c> while it is read, in 128 KiB of memory: <c>mozLz40\0</c>, the length that it has
/// unpacked, one LZ4 block. (Mozilla's <c>lz4.sys.mjs</c>; "LZ4 Block Format Description" of the LZ4 project.)
/// </summary>
sealed class MozLz4Stream : RestartedStream
{
    const int HeaderLength = 12;
    const int WindowLength = 64 * 1024;
    const int MatchLengthMin = 4;
    const int LongLength = 15;

    /// <summary>A million bookmarks are a third of it.</summary>
    const uint LengthMax = 1 << 30;

    readonly Stream _packed;
    readonly uint _length;
    readonly byte[] _input = new byte[64 * 1024];
    readonly byte[] _window = new byte[WindowLength];
    int _inputAt;
    int _inputEnd;
    long _made;
    State _state;
    int _literals;
    int _match;
    int _offset;

    MozLz4Stream(Stream packed, uint length) => (_packed, _length) = (packed, length);

    /// <summary>
    /// A sequence: token, length of literals, literals, offset, length of match; the last ends after its literals.
    /// </summary>
    enum State
    {
        Token,
        LiteralLength,
        Literals,
        OffsetLow,
        OffsetHigh,
        MatchLength,
        Match,
    }

    static ReadOnlySpan<byte> Magic => "mozLz40\0"u8;

    /// <summary>What the source holds, unpacked if it is packed; the source is left open.</summary>
    public static async Task<Stream> OpenAsync(Stream source, CancellationToken cancellation)
    {
        var header = new byte[HeaderLength];
        source.Position = 0;
        var count = await source.ReadAtLeastAsync(header, header.Length, throwOnEndOfStream: false, cancellation);
        source.Position = 0;
        if (!header.AsSpan().StartsWith(Magic))
            return source;
        var length = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(Magic.Length));
        if (count < HeaderLength)
            throw Damaged();
        return length <= LengthMax
            ? new MozLz4Stream(source, length) { Position = 0 }
            : throw new PinfoldException(ErrorKind.LimitExceeded,
                $"The backup would unpack to {length >> 20:N0} MB; {LengthMax >> 20:N0} MB are the most.");
    }

    protected override void Restart()
    {
        _packed.Position = HeaderLength;
        (_inputAt, _inputEnd, _made, _state) = (0, 0, 0, State.Token);
    }

    protected override async ValueTask<int> ReadNextAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        while (true)
        {
            var count = Unpack(buffer.Span);
            if (count > 0 || buffer.Length == 0)
                return count;
            (_inputAt, _inputEnd) = (0, await _packed.ReadAsync(_input, cancellation));
            if (_inputEnd > 0)
                continue;
            return _made == _length && _state is State.OffsetLow or State.Token ? 0 : throw Damaged();
        }
    }

    /// <summary>As much as the input that is here gives and the buffer takes.</summary>
    int Unpack(Span<byte> buffer)
    {
        var count = 0;
        while (count < buffer.Length && (_state == State.Match || _inputAt < _inputEnd))
            switch (_state)
            {
                case State.Literals:
                    Give(_input[_inputAt++], buffer, ref count);
                    if (--_literals == 0)
                        _state = State.OffsetLow;
                    break;
                case State.Match:
                    Give(_window[(_made - _offset) % WindowLength], buffer, ref count);
                    if (--_match == 0)
                        _state = State.Token;
                    break;
                default:
                    _state = Next(_input[_inputAt++]);
                    break;
            }
        return count;
    }

    /// <summary>Takes a byte that is no literal.</summary>
    State Next(byte value)
    {
        switch (_state)
        {
            case State.Token:
                (_literals, _match) = (value >> 4, value & LongLength);
                return _literals == LongLength ? State.LiteralLength : AfterLiteralLength();
            case State.LiteralLength:
                _literals = Longer(_literals, value);
                return value == byte.MaxValue ? State.LiteralLength : AfterLiteralLength();
            case State.OffsetLow:
                _offset = value;
                return State.OffsetHigh;
            case State.OffsetHigh:
                _offset |= value << 8;
                if (_offset == 0 || _offset > _made)
                    throw Damaged();
                return _match == LongLength ? State.MatchLength : AfterMatchLength();
            default:
                _match = Longer(_match, value);
                return value == byte.MaxValue ? State.MatchLength : AfterMatchLength();
        }
    }

    State AfterLiteralLength() => _literals > 0 ? State.Literals : State.OffsetLow;

    State AfterMatchLength()
    {
        _match += MatchLengthMin;
        return State.Match;
    }

    int Longer(int length, byte more) => length + more <= _length ? length + more : throw Damaged();

    void Give(byte value, Span<byte> buffer, ref int count)
    {
        if (_made == _length)
            throw Damaged();
        _window[_made++ % WindowLength] = value;
        buffer[count++] = value;
    }

    static PinfoldException Damaged() => new(ErrorKind.Invalid,
        "The backup of Firefox is damaged or cut off; copy it again, or export the bookmarks as HTML.");
}
