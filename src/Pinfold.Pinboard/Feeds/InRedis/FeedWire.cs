using System.Buffers.Binary;
using System.Globalization;
using Pinfold.Sharding;
using StackExchange.Redis;

namespace Pinfold.Pinboard.Feeds.InRedis;

/// <summary>What stands in Redis as bytes: ids, numbers, what is known of a pin.</summary>
static class FeedWire
{
    /// <summary>Whether every feed knows of a source that it is large.</summary>
    public static readonly RedisValue Told = "1", NotTold = "0";

    const int RecordBytes = 32;

    public static RedisValue Id(ObjectId id)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, id.Value);
        return bytes;
    }

    /// <summary>As a double, which is what scripts compare; journals do not reach 2^53.</summary>
    public static RedisValue Number(long seq)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteDoubleBigEndian(bytes, seq);
        return bytes;
    }

    public static RedisValue Record(FeedEntry entry)
    {
        var bytes = new byte[RecordBytes];
        BinaryPrimitives.WriteDoubleBigEndian(bytes, entry.Seq);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(8), entry.Author.Value);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(16), entry.Board.Value);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(24), entry.Picture);
        return bytes;
    }

    /// <summary>With a B before it for a board.</summary>
    public static RedisValue State(FeedSource source, SourceState state) => (state, source.IsBoard) switch
    {
        (SourceState.Followed, false) => "f",
        (SourceState.Followed, true) => "Bf",
        (SourceState.Large, false) => "x",
        (SourceState.Large, true) => "Bx",
        (_, false) => "-",
        (_, true) => "B-",
    };

    public static FeedEntry? Entry(RedisValue pin, RedisValue sequence, RedisValue record)
    {
        byte[]? id = pin, bytes = record;
        return id is not { Length: 8 } || bytes is not { Length: RecordBytes }
            ? null
            : new FeedEntry(
                ObjectId<Pin>.FromInt64(BinaryPrimitives.ReadInt64BigEndian(id)),
                ObjectId<User>.FromInt64(BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(8))),
                ObjectId<Board>.FromInt64(BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(16))),
                (long)(double)sequence, BinaryPrimitives.ReadUInt64BigEndian(bytes.AsSpan(24)),
                (long)BinaryPrimitives.ReadDoubleBigEndian(bytes));
    }

    public static IEnumerable<ObjectId> Ids(RedisValue list)
    {
        var bytes = (byte[]?)list ?? [];
        for (var i = 0; i + 8 <= bytes.Length; i += 8)
            yield return ObjectId.FromInt64(BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(i)));
    }

    public static RedisValue Floor(long? floor) => floor?.ToString(CultureInfo.InvariantCulture) ?? "";
}
