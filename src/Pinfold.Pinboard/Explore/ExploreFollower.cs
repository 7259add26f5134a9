using Pinfold.Pinboard.Redis;
using Pinfold.Sharding.Following;
using Pinfold.Sharding.Journal;

namespace Pinfold.Pinboard.Explore;

/// <summary>
/// What all processes share: whoever follows a shard brings in what changes there. While it cannot be written it waits.
/// </summary>
sealed class ExploreFollower(IExploreStore store, HotPins pins) : IBatchFollower
{
    public string Name => "explore";

    public FollowerInterests Interests => ExploreEvents.Interests;

    public async ValueTask HandleAsync(IReadOnlyList<JournalTransaction> batch, CancellationToken cancellation)
    {
        try
        {
            await store.ApplyAsync(
                await pins.ChangesOfAsync(ExploreEvents.PinsOf(batch), cancellation), cancellation);
        }
        catch (RedisUnavailableException e)
        {
            throw new FollowerWaitsException(e.Message, e);
        }
    }
}
