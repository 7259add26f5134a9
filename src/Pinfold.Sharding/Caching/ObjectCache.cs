using System.Buffers.Binary;
using Pinfold.Sharding.Engines;

namespace Pinfold.Sharding.Caching;

/// <summary>Objects in the cache: version and journal number, 8 bytes each, then the body.</summary>
static class ObjectCache
{
    const int HeadBytes = 16;

    public static readonly TimeSpan TimeToLive = TimeSpan.FromHours(1);

    public static string Key(ObjectId id) => $"o:{id}";

    public static byte[] Pack(ObjectRow row)
    {
        var bytes = new byte[HeadBytes + row.Body.Length];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, row.Version);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(8), row.Seq);
        row.Body.CopyTo(bytes, HeadBytes);
        return bytes;
    }

    public static Stored<T>? Unpack<T>(ObjectType<T> type, ObjectId<T> id, ReadOnlySpan<byte> packed) where T : class =>
        packed.IsEmpty
        ? null
        : new Stored<T>(id, type.Decode(packed[HeadBytes..], id),
            BinaryPrimitives.ReadInt64LittleEndian(packed), BinaryPrimitives.ReadInt64LittleEndian(packed[8..]));
}
