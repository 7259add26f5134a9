using System.Buffers.Binary;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Follows;

/// <summary>
/// Whose a followed board is, as its entry carries it: so that what one person follows of another is found without
/// reading boards.
/// </summary>
static class BoardOwner
{
    public static byte[] ToBytes(ObjectId<User> owner)
    {
        var bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, owner.Value);
        return bytes;
    }

    public static ObjectId<User> Of(Entry<Board> entry) =>
        User.Type.Id(ObjectId.FromInt64(BinaryPrimitives.ReadInt64BigEndian(entry.Body.Span)));
}
