using System.Buffers.Text;
using System.Text;

namespace Pinfold.Sharding.Caching.Memcached;

/// <summary>
/// Reads responses of memcached's meta protocol (its doc/protocol.txt) from bytes that arrive in pieces of any size.
/// It keeps what it needs of a piece, so the receive buffer is free again after each call.
/// </summary>
internal sealed class MetaResponseParser(int valueBytesMax)
{
    const int LineBytesMax = 2048;

    readonly byte[] _line = new byte[LineBytesMax];
    int _lineLength;
    MetaResponse _header;
    byte[]? _value;
    int _valueLength;
    int _valueFilled;
    int _valueEndLeft;

    /// <summary>Consumes <paramref name="input"/> up to the end of one response; false when it ends before.</summary>
    /// <exception cref="MetaProtocolException">Not of the protocol; what follows cannot be trusted.</exception>
    public bool TryRead(ref ReadOnlySpan<byte> input, out MetaResponse response)
    {
        response = default;
        if (_value is null && !TryReadHeader(ref input))
            return false;
        if (_value is not null && !TryReadValue(ref input))
            return false;
        response = _header;
        _value = null;
        return true;
    }

    bool TryReadHeader(ref ReadOnlySpan<byte> input)
    {
        var end = input.IndexOf((byte)'\n');
        var taken = end < 0 ? input : input[..(end + 1)];
        input = input[taken.Length..];
        var line = taken;
        if (end < 0 || _lineLength > 0)
        {
            if (_lineLength + taken.Length > LineBytesMax)
                throw new MetaProtocolException($"A response line is longer than {LineBytesMax} bytes.");
            taken.CopyTo(_line.AsSpan(_lineLength));
            _lineLength += taken.Length;
            if (end < 0)
                return false;
            line = _line.AsSpan(0, _lineLength);
            _lineLength = 0;
        }
        if (line is not [.., (byte)'\r', (byte)'\n'])
            throw Unexpected(line);
        ParseHeader(line[..^2]);
        return true;
    }

    void ParseHeader(ReadOnlySpan<byte> line)
    {
        if (line.Length < 2 || (line.Length > 2 && line[2] != ' '))
        {
            _header = ParseText(line);
            return;
        }
        var status = (line[0], line[1]) switch
        {
            ((byte)'V', (byte)'A') => MetaStatus.Value,
            ((byte)'H', (byte)'D') => MetaStatus.Done,
            ((byte)'E', (byte)'N') => MetaStatus.Missing,
            ((byte)'N', (byte)'S') => MetaStatus.NotStored,
            ((byte)'E', (byte)'X') => MetaStatus.CasDiffers,
            ((byte)'N', (byte)'F') => MetaStatus.NotFound,
            ((byte)'M', (byte)'N') => MetaStatus.NoOp,
            ((byte)'O', (byte)'K') => MetaStatus.Ok,
            _ => throw Unexpected(line),
        };
        var rest = line[Math.Min(3, line.Length)..];
        if (status == MetaStatus.Value)
            BeginValue(line, ref rest);
        ParseFlags(status, line, rest);
    }

    void BeginValue(ReadOnlySpan<byte> line, ref ReadOnlySpan<byte> rest)
    {
        if (!Utf8Parser.TryParse(rest, out int length, out var digits) || rest[0] is (byte)'+' or (byte)'-')
            throw Unexpected(line);
        if (digits < rest.Length && rest[digits] != ' ')
            throw Unexpected(line);
        rest = rest[digits..];
        _value = length == 0 || length > valueBytesMax ? [] : GC.AllocateUninitializedArray<byte>(length);
        _valueLength = length;
        _valueFilled = 0;
        _valueEndLeft = 2;
    }

    void ParseFlags(MetaStatus status, ReadOnlySpan<byte> line, ReadOnlySpan<byte> rest)
    {
        var flags = _value is null || _valueLength == _value.Length ? MetaFlags.None : MetaFlags.TooLarge;
        ulong cas = 0;
        uint? opaque = null;
        while (!rest.IsEmpty)
        {
            var blank = rest.IndexOf((byte)' ');
            var flag = blank < 0 ? rest : rest[..blank];
            rest = blank < 0 ? default : rest[(blank + 1)..];
            if (flag.IsEmpty)
                continue;
            switch (flag[0])
            {
                case (byte)'W':
                    flags |= MetaFlags.Won;
                    break;
                case (byte)'Z':
                    flags |= MetaFlags.Taken;
                    break;
                case (byte)'X':
                    flags |= MetaFlags.Stale;
                    break;
                case (byte)'c' when !TryParseWhole(flag[1..], out cas):
                    throw Unexpected(line);
                case (byte)'O':
                    if (!TryParseWhole(flag[1..], out var number) || number > uint.MaxValue)
                        throw Unexpected(line);
                    opaque = (uint)number;
                    break;
            }
        }
        _header = new MetaResponse(status, flags, cas, opaque, _value ?? [], null);
    }

    bool TryReadValue(ref ReadOnlySpan<byte> input)
    {
        var taken = Math.Min(input.Length, _valueLength - _valueFilled);
        if (_value!.Length == _valueLength)
            input[..taken].CopyTo(_value.AsSpan(_valueFilled));
        _valueFilled += taken;
        input = input[taken..];
        for (; _valueEndLeft > 0 && !input.IsEmpty; _valueEndLeft--)
        {
            if (input[0] != (_valueEndLeft == 2 ? '\r' : '\n'))
                throw new MetaProtocolException($"A value of {_valueLength} bytes does not end where it should.");
            input = input[1..];
        }
        return _valueEndLeft == 0;
    }

    static MetaResponse ParseText(ReadOnlySpan<byte> line)
    {
        var status = line.StartsWith("SERVER_ERROR"u8) ? MetaStatus.ServerError
            : line.StartsWith("CLIENT_ERROR"u8) || line.SequenceEqual("ERROR"u8) ? MetaStatus.Refused
            : throw Unexpected(line);
        return new MetaResponse(status, MetaFlags.None, 0, null, [], Encoding.Latin1.GetString(line));
    }

    static bool TryParseWhole(ReadOnlySpan<byte> digits, out ulong number) =>
        Utf8Parser.TryParse(digits, out number, out var consumed) && consumed == digits.Length;

    static MetaProtocolException Unexpected(ReadOnlySpan<byte> line) =>
        new($"Not a response of the meta protocol: '{Encoding.Latin1.GetString(line[..Math.Min(line.Length, 60)])}'.");
}
