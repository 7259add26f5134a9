using Pinfold.Sharding;
using Pinfold.Sharding.Following;
using Pinfold.Sharding.Journal;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Explore;

/// <summary>
/// What of the journal concerns exploring: which pins were shown, hidden or taken up. How often a pin was taken up is
/// known on its own shard, so all of it is said there.
/// </summary>
static class ExploreEvents
{
    public static readonly FollowerInterests Interests = new()
    {
        Mappings = [UserHasPublicPins, BoardHasPublicPins, PinLikedByUser, PinHasComments, PinHasRepins],
    };

    public static IReadOnlyCollection<ObjectId<Pin>> PinsOf(IEnumerable<JournalTransaction> batch)
    {
        var pins = new HashSet<ObjectId<Pin>>();
        foreach (var entry in batch.SelectMany(transaction => transaction.Entries))
            if (entry.Kind is JournalEntryKind.Mapped or JournalEntryKind.Unmapped)
                if (entry.Mapping == UserHasPublicPins.Number || entry.Mapping == BoardHasPublicPins.Number)
                    pins.Add(Pin.Type.Id(entry.To));
                else if (entry.Mapping == PinLikedByUser.Number || entry.Mapping == PinHasComments.Number
                    || entry.Mapping == PinHasRepins.Number)
                    pins.Add(Pin.Type.Id(entry.Id));
        return pins;
    }
}
