using System.Runtime.InteropServices;
using Pinfold.Sharding;
using Pinfold.Sharding.Following;
using Pinfold.Sharding.Journal;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Feeds;

/// <summary>
/// What of the journal concerns feeds, each thing once, under the last number that speaks of it. That a follow counts
/// from where its reverse is written puts it in one order with what is pinned: both are in the journal of the shard of
/// who is followed.
/// </summary>
sealed class FeedEvents
{
    public static readonly FollowerInterests Interests = new()
    {
        Mappings = [
            UserHasPublicPins, BoardHasPublicPins, UserFollowedByUser, BoardFollowedByUser, UserLeavesOutBoard],
        Events = [PinEvents.PictureTurned],
    };

    public Dictionary<ObjectId<Pin>, TouchedPin> Pins { get; } = [];

    /// <summary>Who has begun or ended to follow what, with the number.</summary>
    public Dictionary<(FeedSource Source, ObjectId<User> Follower), long> Follows { get; } = [];

    /// <summary>Who leaves out which board, or takes it back, with the number.</summary>
    public Dictionary<(ObjectId<User> Person, ObjectId<Board> Board), long> LeftOut { get; } = [];

    /// <summary>A pin of which something has changed.</summary>
    /// <param name="seq">The last number that says so.</param>
    public sealed class TouchedPin(long seq)
    {
        public long Seq { get; set; } = seq;

        /// <summary>Where it was listed, or is: what can be told of a pin that is gone.</summary>
        public HashSet<FeedSource> Sources { get; } = [];
    }

    public static FeedEvents Of(IEnumerable<JournalTransaction> batch)
    {
        var events = new FeedEvents();
        foreach (var transaction in batch)
            foreach (var entry in transaction.Entries)
                if (entry.Kind is JournalEntryKind.Mapped or JournalEntryKind.Unmapped)
                    events.AddMapping(entry, transaction.Seq);
                else if (entry is { Kind: JournalEntryKind.Event, Name: PinEvents.PictureTurned })
                    events.Touch(Pin.Type.Id(entry.Id), transaction.Seq);
        return events;
    }

    void AddMapping(JournalEntry entry, long seq)
    {
        if (entry.Mapping == UserHasPublicPins.Number || entry.Mapping == BoardHasPublicPins.Number)
            Touch(Pin.Type.Id(entry.To), seq).Sources.Add(new FeedSource(entry.Id));
        else if (entry.Mapping == UserFollowedByUser.Number || entry.Mapping == BoardFollowedByUser.Number)
            Follows[(new FeedSource(entry.Id), User.Type.Id(entry.To))] = seq;
        else if (entry.Mapping == UserLeavesOutBoard.Number)
            LeftOut[(User.Type.Id(entry.Id), Board.Type.Id(entry.To))] = seq;
    }

    TouchedPin Touch(ObjectId<Pin> pin, long seq)
    {
        ref var touched = ref CollectionsMarshal.GetValueRefOrAddDefault(Pins, pin, out _);
        touched ??= new TouchedPin(seq);
        touched.Seq = Math.Max(touched.Seq, seq);
        return touched;
    }
}
