using Pinfold.Sharding;
using Pinfold.Sharding.Following;
using Pinfold.Sharding.Journal;

namespace Pinfold.Pinboard.Explore.InMemory;

/// <summary>In this process's own memory: each process brings in what changes, whoever wrote it.</summary>
sealed class LocalExploreFollower(MemoryExploreStore store, HotPins pins, ExploreKeeper keeper) : IProcessFollower
{
    public string Name => "local-explore";

    public FollowerInterests Interests => ExploreEvents.Interests;

    public async ValueTask HandleAsync(IReadOnlyList<JournalTransaction> batch, CancellationToken cancellation)
    {
        if (store.IsKept)
            await store.ApplyAsync(
                await pins.ChangesOfAsync(ExploreEvents.PinsOf(batch), cancellation), cancellation);
    }

    /// <summary>All is read anew beside it, so that nobody waits for that.</summary>
    public ValueTask ForgetAsync(IReadOnlyList<ShardId> shards, CancellationToken cancellation)
    {
        store.Doubt();
        keeper.Wake();
        return ValueTask.CompletedTask;
    }
}
