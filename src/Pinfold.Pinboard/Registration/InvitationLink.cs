using System.Buffers.Text;
using System.Security.Cryptography;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Registration;

/// <summary>What an invitation's link has: where the invitation is, and the token that opens it.</summary>
sealed class InvitationLink
{
    const int TokenBytes = 32;

    readonly byte[] _token;

    InvitationLink(ObjectId<Invitation> id, byte[] token) => (Id, _token) = (id, token);

    public ObjectId<Invitation> Id { get; }

    public static byte[] NewToken() => RandomNumberGenerator.GetBytes(TokenBytes);

    public static string HashOf(byte[] token) => Convert.ToBase64String(SHA256.HashData(token));

    /// <summary>As it stands in the link: the id, a dot, the token in URL-safe base64.</summary>
    public static string Format(ObjectId<Invitation> id, byte[] token) => $"{id}.{Base64Url.EncodeToString(token)}";

    /// <summary>Null for what is none.</summary>
    public static InvitationLink? TryParse(string? text)
    {
        if (text is not { Length: < 100 } || text.Split('.') is not [var id, var token]
            || !ObjectId<Invitation>.TryParse(id, null, out var invitation))
            return null;
        var bytes = new byte[TokenBytes];
        return token.Length == Base64Url.GetEncodedLength(TokenBytes)
            && Base64Url.TryDecodeFromChars(token, bytes, out var length) && length == TokenBytes
            ? new InvitationLink(invitation, bytes)
            : null;
    }

    public bool Opens(Invitation invitation) => CryptographicOperations.FixedTimeEquals(
        SHA256.HashData(_token), Convert.FromBase64String(invitation.TokenHash));
}
