using System.Buffers.Binary;

namespace Pinfold.Testing.Proxy;

/// <summary>Follows the server's packets through the reply to one command, which may hold several results.</summary>
sealed class Reply(ClientCommand command, Session session)
{
    const int MoreResultsExist = 0x0008;

    enum State
    {
        /// <summary>The next packet begins a result: OK, error, or a number of columns.</summary>
        Begin,

        /// <summary>Definitions of columns or parameters follow, <see cref="_definitions"/> of them.</summary>
        Definitions,

        /// <summary>Rows follow, until an end packet or an error.</summary>
        Rows,

        /// <summary>All was said.</summary>
        Ended,
    }

    State _state = State.Begin;
    int _definitions;
    int _secondDefinitions;
    bool _isContinuation;

    public ClientCommand Command { get; } = command;

    /// <summary>The cut that waits in this reply.</summary>
    public ArmedCut? Cut { get; init; }

    public int StatementsEnded { get; private set; }

    public bool HasEnded => _state == State.Ended;

    /// <summary>Reply bytes that the client was given.</summary>
    public long BytesPassed { get; set; }

    public void Read(Packet packet)
    {
        var isContinuation = _isContinuation;
        _isContinuation = packet.IsContinued;
        if (isContinuation)
            return;
        switch (_state)
        {
            case State.Begin when Command.Kind == CommandKind.Statistics:
                _state = State.Ended;
                break;
            case State.Begin:
                Begin(packet);
                break;
            case State.Definitions:
                ReadDefinition(packet);
                break;
            case State.Rows:
                ReadRow(packet);
                break;
            case State.Ended:
                throw new InvalidOperationException($"A packet after the end of the reply to {Command.Kind}.");
        }
    }

    void Begin(Packet packet)
    {
        switch (packet.First)
        {
            case 0x00 when Command.Kind == CommandKind.PrepareStatement:
                BeginPrepared(packet.Payload);
                break;
            case 0x00:
                EndStatement(StatusOfOk(packet.Payload));
                break;
            case 0xfe: // an EOF packet, as older servers answer some commands
                EndStatement(BinaryPrimitives.ReadUInt16LittleEndian(packet.Payload[3..]));
                break;
            case 0xff:
                EndStatement(0);
                break;
            case 0xfb:
                throw new NotSupportedException("The proxy does not follow LOAD DATA LOCAL.");
            default:
                BeginColumns(packet.Payload);
                break;
        }
    }

    /// <summary>0, statement id 4, columns 2, parameters 2.</summary>
    void BeginPrepared(ReadOnlySpan<byte> payload)
    {
        var columns = BinaryPrimitives.ReadUInt16LittleEndian(payload[5..]);
        var parameters = BinaryPrimitives.ReadUInt16LittleEndian(payload[7..]);
        _definitions = WithEof(parameters);
        _secondDefinitions = WithEof(columns);
        _state = State.Definitions;
        if (_definitions + _secondDefinitions == 0)
            EndStatement(0);
    }

    void BeginColumns(ReadOnlySpan<byte> payload)
    {
        var columns = (int)ReadLength(ref payload);
        var isSkipped = session.MaySkipMetadata && payload is [0, ..];
        // Without definitions the EOF behind them is still sent, unless it is deprecated.
        _definitions = isSkipped ? (session.HasDeprecatedEof ? 0 : 1) : columns + (session.HasDeprecatedEof ? 0 : 1);
        _state = _definitions == 0 ? State.Rows : State.Definitions;
    }

    int WithEof(int definitions) => definitions == 0 || session.HasDeprecatedEof ? definitions : definitions + 1;

    void ReadDefinition(Packet packet)
    {
        if (packet.First == 0xff)
        {
            EndStatement(0);
        }
        else if (Command.Kind == CommandKind.PrepareStatement)
        {
            if (--_definitions + _secondDefinitions == 0)
                EndStatement(0);
        }
        else if (--_definitions == 0)
        {
            _state = State.Rows;
        }
    }

    void ReadRow(Packet packet)
    {
        if (packet.First == 0xff)
            EndStatement(0);
        else if (packet.First == 0xfe && session.HasDeprecatedEof && packet.Payload.Length < Packet.PayloadMax)
            EndStatement(StatusOfOk(packet.Payload));
        else if (packet.First == 0xfe && packet.Payload.Length < 9)
            EndStatement(BinaryPrimitives.ReadUInt16LittleEndian(packet.Payload[3..]));
    }

    void EndStatement(int status)
    {
        StatementsEnded++;
        _state = (status & MoreResultsExist) != 0 ? State.Begin : State.Ended;
    }

    /// <summary>Header 1, affected rows, last insert id, status 2.</summary>
    static int StatusOfOk(ReadOnlySpan<byte> payload)
    {
        payload = payload[1..];
        _ = ReadLength(ref payload);
        _ = ReadLength(ref payload);
        return BinaryPrimitives.ReadUInt16LittleEndian(payload);
    }

    static ulong ReadLength(ref ReadOnlySpan<byte> payload)
    {
        var (value, length) = payload[0] switch
        {
            0xfc => (BinaryPrimitives.ReadUInt16LittleEndian(payload[1..]), 3),
            0xfd => (BinaryPrimitives.ReadUInt32LittleEndian(payload) >> 8, 4),
            0xfe => (BinaryPrimitives.ReadUInt64LittleEndian(payload[1..]), 9),
            var small => ((ulong)small, 1),
        };
        payload = payload[length..];
        return value;
    }
}
