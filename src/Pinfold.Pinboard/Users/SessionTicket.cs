using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Users;

/// <summary>
/// What the cookie of a session says: which one, where to look, and the secret that only that browser has. It is of no
/// use once the session has ended, so nothing in it is signed or encrypted.
/// </summary>
sealed record SessionTicket(
    ObjectId<Session> Session, ObjectId<User> User, ObjectId<Credentials> Credentials, ReadOnlyMemory<byte> Secret)
{
    const int SecretBytes = 32;
    const int IdBytes = sizeof(long);

    public static byte[] NewSecret() => RandomNumberGenerator.GetBytes(SecretBytes);

    public static string HashOf(ReadOnlySpan<byte> secret) => Convert.ToBase64String(SHA256.HashData(secret));

    /// <summary>Whether this is the ticket of that session.</summary>
    public bool Opens(Session session) =>
        session.User == User && session.Credentials == Credentials
        && CryptographicOperations.FixedTimeEquals(
            SHA256.HashData(Secret.Span), Convert.FromBase64String(session.SecretHash));

    /// <summary>Null for what is no ticket.</summary>
    public static SessionTicket? Parse(string? text)
    {
        if (text?.Length != Base64Url.GetEncodedLength((3 * IdBytes) + SecretBytes) || !Base64Url.IsValid(text))
            return null;
        var bytes = Base64Url.DecodeFromChars(text);
        return Id(0) is { } session && session.Type == Pinboard.Session.Type.Number
            && Id(1) is { } user && user.Type == Pinboard.User.Type.Number
            && Id(2) is { } credentials && credentials.Type == Pinboard.Credentials.Type.Number
            && session.Shard == user.Shard && credentials.Shard == user.Shard
            ? new SessionTicket(
                Pinboard.Session.Type.Id(session), Pinboard.User.Type.Id(user),
                Pinboard.Credentials.Type.Id(credentials), bytes.AsMemory(3 * IdBytes))
            : null;

        ObjectId? Id(int place) =>
            ObjectId.TryFromInt64(BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(place * IdBytes)), out var id)
                ? id
                : null;
    }

    public override string ToString()
    {
        var bytes = new byte[(3 * IdBytes) + SecretBytes];
        BinaryPrimitives.WriteInt64BigEndian(bytes, Session.Untyped.Value);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(IdBytes), User.Untyped.Value);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(2 * IdBytes), Credentials.Untyped.Value);
        Secret.Span.CopyTo(bytes.AsSpan(3 * IdBytes));
        return Base64Url.EncodeToString(bytes);
    }
}
