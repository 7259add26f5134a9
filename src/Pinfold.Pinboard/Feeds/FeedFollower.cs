using Pinfold.Pinboard.Redis;
using Pinfold.Sharding;
using Pinfold.Sharding.Following;
using Pinfold.Sharding.Journal;

namespace Pinfold.Pinboard.Feeds;

/// <summary>
/// Feeds that all processes share: whoever follows a shard fans out for all. While they cannot be written it waits,
/// since what is parked would be late by up to an hour.
/// </summary>
sealed class FeedFollower(FanOut fanOut) : IBatchFollower
{
    public string Name => "feeds";

    public string MadeAnewBy => "pinfold feed rebuild --all";

    public FollowerInterests Interests => FeedEvents.Interests;

    public async ValueTask HandleAsync(IReadOnlyList<JournalTransaction> batch, CancellationToken cancellation)
    {
        try
        {
            await fanOut.HandleAsync(batch, cancellation);
        }
        catch (RedisUnavailableException e)
        {
            throw new FollowerWaitsException(e.Message, e);
        }
    }
}
