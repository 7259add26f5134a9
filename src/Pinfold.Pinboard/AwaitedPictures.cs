using Pinfold.Sharding;
using Pinfold.Sharding.Store;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard;

/// <summary>Keeps the list of a person's pins whose pictures are still to be fetched, in the transaction that changes a
/// pin.</summary>
static class AwaitedPictures
{
    public static bool IsAwaited(Pin pin) => pin.Picture is { State: PictureState.Waiting, Hash: null };

    public static void Change(Transaction transaction, ObjectId<Pin> id, Pin before, Pin? after)
    {
        var (was, will) = (IsAwaited(before), after is not null && IsAwaited(after));
        if (will && !was)
            transaction.Put(UserAwaitsPictures, before.Owner, id, 0);
        else if (was && !will)
            transaction.Remove(UserAwaitsPictures, before.Owner, id);
    }
}
