using System.Buffers.Binary;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Budgets;

/// <summary>
/// What a pin's picture takes, kept with the pin's place in its owner's list: so the list's entries say what a person
/// keeps, exactly and with nothing beside them to keep in step.
/// </summary>
static class PinWeight
{
    /// <summary>Of a picture that is there; one on several pins counts for each.</summary>
    public static long Of(Pin pin) =>
        pin.Picture is { Hash: not null, State: not PictureState.Failed } picture ? picture.Bytes : 0;

    /// <summary>Big-endian without leading zeros; empty for nothing.</summary>
    public static byte[] ToBytes(long weight)
    {
        var bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, weight);
        return bytes.AsSpan().TrimStart((byte)0).ToArray();
    }

    public static long Parse(ReadOnlySpan<byte> bytes)
    {
        Span<byte> whole = stackalloc byte[sizeof(long)];
        whole.Clear();
        bytes.CopyTo(whole[^bytes.Length..]);
        return BinaryPrimitives.ReadInt64BigEndian(whole);
    }

    /// <summary>Adds to a transaction that changes a pin what it changes of its weight.</summary>
    public static void Change(Transaction transaction, ObjectId<Pin> id, Pin before, Pin after)
    {
        if (Of(before) is var was && Of(after) is var now && was != now)
            transaction.Put(
                UserHasPins, after.Owner, id, after.Sequence, ToBytes(now));
    }
}
