namespace Pinfold.Sharding;

/// <summary>
/// The client's own name for one write, a UUIDv7 (RFC 9562): unique in a shard's journal, it tells a write's fate.
/// </summary>
public readonly record struct TransactionId(Guid Value)
{
    /// <summary>A new one; <paramref name="now"/> only makes ids sort roughly by time and may be wrong.</summary>
    public static TransactionId New(DateTimeOffset now) => new(Guid.CreateVersion7(now));

    /// <inheritdoc/>
    public override string ToString() => Value.ToString();

    internal byte[] ToBytes() => Value.ToByteArray(bigEndian: true);

    internal static TransactionId FromBytes(ReadOnlySpan<byte> bytes) => new(new Guid(bytes, bigEndian: true));
}
