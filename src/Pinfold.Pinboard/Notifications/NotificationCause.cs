using System.Buffers.Binary;
using System.Security.Cryptography;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Notifications;

/// <summary>What may be the reason to tell somebody something: as in <see cref="Notification"/>.</summary>
readonly record struct NotificationCause(NotificationKind Kind, ObjectId From, ObjectId To)
{
    /// <summary>
    /// What tells it from others in a list: made of the cause alone, so that one cause has one place, however often it
    /// is told. Of the 500 of a list two have the same once in thirty thousand million lists.
    /// </summary>
    public ObjectId<Notification> Place
    {
        get
        {
            Span<byte> key = stackalloc byte[1 + (2 * sizeof(long))];
            key[0] = (byte)Kind;
            BinaryPrimitives.WriteInt64BigEndian(key[1..], From.Value);
            BinaryPrimitives.WriteInt64BigEndian(key[9..], To.Value);
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(key, hash);
            var bits = BinaryPrimitives.ReadUInt64BigEndian(hash);
            var local = 1 + (long)(bits % (ulong)(ObjectId.LocalMax - 1));
            var shard = new ShardId((int)(BinaryPrimitives.ReadUInt64BigEndian(hash[8..]) & ushort.MaxValue));
            return Notification.Type.Id(new ObjectId(shard, Notification.Type.Number, local));
        }
    }
}

/// <summary>A cause and whom it concerns.</summary>
/// <param name="Cause">What may have happened.</param>
/// <param name="Receiver">Who would be told.</param>
/// <param name="By">Who did it; nobody where that is not to be found any more, or nobody did.</param>
readonly record struct Occasion(NotificationCause Cause, ObjectId<User> Receiver, ObjectId<User> By);
