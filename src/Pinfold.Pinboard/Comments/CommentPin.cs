using System.Buffers.Binary;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Comments;

/// <summary>Which pin a comment is of, as its entry in its author's list carries it.</summary>
static class CommentPin
{
    public static byte[] ToBytes(ObjectId<Pin> pin)
    {
        var bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, pin.Value);
        return bytes;
    }

    public static ObjectId<Pin> Of(Entry<Comment> entry) =>
        Pin.Type.Id(ObjectId.FromInt64(BinaryPrimitives.ReadInt64BigEndian(entry.Body.Span)));
}
