namespace Pinfold.Sharding.Caching.Memcached;

/// <summary>The return codes of memcached's meta commands, and the texts that may stand in their place.</summary>
internal enum MetaStatus : byte
{
    /// <summary>VA: a value follows.</summary>
    Value,

    /// <summary>HD: done.</summary>
    Done,

    /// <summary>EN: no such item (of a get).</summary>
    Missing,

    /// <summary>NS: not stored, without an error.</summary>
    NotStored,

    /// <summary>EX: the item's CAS is another one.</summary>
    CasDiffers,

    /// <summary>NF: no such item (of a set with CAS, or a delete).</summary>
    NotFound,

    /// <summary>MN: the answer to a no-op.</summary>
    NoOp,

    /// <summary>OK: of flush_all.</summary>
    Ok,

    /// <summary>SERVER_ERROR: this one command failed, and the connection goes on.</summary>
    ServerError,

    /// <summary>CLIENT_ERROR or ERROR: the server did not understand; what follows cannot be trusted.</summary>
    Refused,
}

/// <summary>The flags that a server adds to a get.</summary>
[Flags]
internal enum MetaFlags : byte
{
    None = 0,

    /// <summary>W: this client shall fill.</summary>
    Won = 1,

    /// <summary>Z: another client was told to fill.</summary>
    Taken = 2,

    /// <summary>X: the value is marked stale.</summary>
    Stale = 4,

    /// <summary>The value was longer than asked for and was skipped. Not of the protocol.</summary>
    TooLarge = 8,
}

/// <summary>One response. <see cref="Value"/> is an array of its own, exactly as long as the value.</summary>
internal readonly record struct MetaResponse(
    MetaStatus Status, MetaFlags Flags, ulong Cas, uint? Opaque, byte[] Value, string? Error);

/// <summary>The server said something that the meta protocol does not know.</summary>
internal sealed class MetaProtocolException(string message) : Exception(message);
