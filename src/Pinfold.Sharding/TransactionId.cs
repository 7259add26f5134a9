using System.Security.Cryptography;
using System.Text;

namespace Pinfold.Sharding;

/// <summary>
/// The client's own name for one write, a UUID: unique in a shard's journal, it tells a write's fate, and a write of
/// the same name is not done twice.
/// </summary>
public readonly record struct TransactionId(Guid Value)
{
    /// <summary>
    /// A new one, a UUIDv7 (RFC 9562); <paramref name="now"/> only makes ids sort roughly by time and may be wrong.
    /// </summary>
    public static TransactionId New(DateTimeOffset now) => new(Guid.CreateVersion7(now));

    /// <summary>
    /// The same id for the same key, always: a UUIDv8 (RFC 9562) of the SHA-256 of its UTF-8. Of an idempotency key,
    /// which is one caller's own, put the caller and the operation before it: <c>robin/new-order/7f3a</c>. A follower
    /// takes its own name with the shard and number of what it handles.
    /// </summary>
    /// <exception cref="PinfoldException">Invalid: the key is empty.</exception>
    public static TransactionId FromKey(string key) => key.Length > 0
        ? OfHash(SHA256.HashData(Encoding.UTF8.GetBytes(key)))
        : throw PinfoldException.Invalid("A key of a transaction is empty; it names what is to be done once.");

    /// <summary>
    /// What to go on under when a write of this id was given up, which uses the id up: always the same, so that all who
    /// try again go on together.
    /// </summary>
    public TransactionId Next() => OfHash(SHA256.HashData(ToBytes()));

    /// <inheritdoc/>
    public override string ToString() => Value.ToString();

    internal byte[] ToBytes() => Value.ToByteArray(bigEndian: true);

    internal static TransactionId FromBytes(ReadOnlySpan<byte> bytes) => new(new Guid(bytes, bigEndian: true));

    static TransactionId OfHash(Span<byte> hash)
    {
        hash[6] = (byte)((hash[6] & 0x0f) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3f) | 0x80);
        return FromBytes(hash[..16]);
    }
}
