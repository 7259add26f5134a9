using Pinfold.Sharding;

namespace Pinfold.Pinboard;

/// <summary>
/// The address of a picture's uses: shard and local id are taken from its hash, so no look-up finds it. There is no row
/// of this type; should two pictures ever share an address, the files of both are kept for as long as either is used.
/// </summary>
sealed record Picture
{
    public static ObjectType<Picture> Type { get; } =
        new(7, "pictures", PinboardJson.Default.Picture) { HasObjects = false };

    /// <summary>Stands for the pictures that are fetched again later for the pins of a shard.</summary>
    public static ObjectId<Picture> FetchedLater(ShardId shard) => Type.Id(new ObjectId(shard, Type.Number, 1));

    public static ObjectId<Picture> IdOf(string hash, int shardCount)
    {
        var bits = Convert.ToUInt64(hash[..16], 16);
        var shard = (int)(Convert.ToUInt32(hash[16..24], 16) % (uint)shardCount);
        return Type.Id(new ObjectId(new ShardId(shard), Type.Number, (long)(bits % (ulong)ObjectId.LocalMax) + 1));
    }
}
