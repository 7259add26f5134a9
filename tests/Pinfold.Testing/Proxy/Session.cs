using System.Buffers.Binary;
using System.Text;

namespace Pinfold.Testing.Proxy;

/// <summary>
/// What the two sides of a MySQL connection have agreed on, and whether the client is still logging in.
/// Source: "Client/Server Protocol" in the MySQL source documentation, and MariaDB's "Clientserver Protocol".
/// </summary>
sealed class Session
{
    const uint Compress = 1 << 5, Protocol41 = 1 << 9, Tls = 1 << 11;
    const uint DeprecateEof = 1 << 24, QueryAttributes = 1 << 27;
    const uint MariaDbCacheMetadata = 1 << 4; // bit 36 of all, bit 4 of MariaDB's own four bytes
    const int MariaDbCapabilitiesAt = 28;

    volatile bool _isLoggingIn = true;
    uint _client, _mariaDb;
    bool _hasClientCapabilities;

    /// <summary>Until the server's OK, packets of the client are not commands.</summary>
    public bool IsLoggingIn => _isLoggingIn;

    public bool HasDeprecatedEof => (_client & DeprecateEof) != 0;

    public bool MaySkipMetadata => (_mariaDb & MariaDbCacheMetadata) != 0;

    public void BeginLogin() => _isLoggingIn = true;

    /// <summary>Takes TLS and compression out of the server's greeting: the proxy has to read what follows.</summary>
    public static Packet WithoutSecrets(Packet greeting)
    {
        // protocol version, server version, NUL, thread id 4, salt 8, filler 1, lower capabilities 2
        var at = 1 + greeting.Payload[1..].IndexOf((byte)0) + 1 + 4 + 8 + 1;
        var bytes = greeting.Bytes.AsSpan(Packet.HeaderLength + at);
        var lower = BinaryPrimitives.ReadUInt16LittleEndian(bytes);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)(lower & ~(Compress | Tls)));
        return greeting;
    }

    /// <summary>The client's first packet says what it can do; later ones of the login are passwords.</summary>
    public void OnLoginPacket(ReadOnlySpan<byte> payload)
    {
        // A client that waited in vain for the greeting says goodbye instead.
        if (_hasClientCapabilities || payload.Length < MariaDbCapabilitiesAt + sizeof(uint))
            return;
        _hasClientCapabilities = true;
        _client = BinaryPrimitives.ReadUInt32LittleEndian(payload);
        if ((_client & Protocol41) == 0)
            throw new NotSupportedException("The proxy reads protocol 4.1 only.");
        // Filler, and zero, unless the server is MariaDB.
        _mariaDb = BinaryPrimitives.ReadUInt32LittleEndian(payload[MariaDbCapabilitiesAt..]);
    }

    /// <summary>Follows the server's part of the login.</summary>
    public void OnLoginReply(Packet packet)
    {
        if (packet.First is 0x00 or 0xff)
            _isLoggingIn = false;
    }

    public ClientCommand ReadCommand(Packet packet)
    {
        var kind = (CommandKind)packet.First;
        return new(kind, kind is CommandKind.Query or CommandKind.PrepareStatement
            ? Encoding.UTF8.GetString(packet.Payload[SqlStart(packet)..])
            : "");
    }

    /// <summary>Where the SQL of a query or prepare starts in its payload.</summary>
    public int SqlStart(Packet packet)
    {
        if (packet.First != (byte)CommandKind.Query || (_client & QueryAttributes) == 0)
            return 1;
        return packet.Payload[1] == 0
            ? 3 // no attributes: a count of 0, one set
            : throw new NotSupportedException("The proxy reads no query attributes.");
    }
}
