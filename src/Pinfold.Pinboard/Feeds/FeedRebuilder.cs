using Pinfold.Sharding;
using Pinfold.Sharding.Store;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Feeds;

/// <summary>Reads feeds anew from the shards, on demand.</summary>
sealed class FeedRebuilder(
    ShardedStore store, IFeedStore feeds, FeedDesk desk, FeedLimits limits, TimeProvider time)
{
    const int PeoplePerPart = 200;
    const int AtOnceMax = 4;

    /// <summary>One person's. False: some shard did not answer, and the feed stays missing until it does.</summary>
    public Task<bool> RebuildAsync(ObjectId<User> person, CancellationToken cancellation) =>
        desk.RebuildAsync(FeedKey.Home(person), cancellation);

    /// <summary>
    /// Those of a shard's people that are there, and those of everybody who was here within the time that a feed is
    /// kept. Who was not gets theirs when they come.
    /// </summary>
    public async Task<RebuiltFeeds> RebuildAsync(
        ShardId shard, IProgress<long> progress, CancellationToken cancellation)
    {
        var (rebuilt, failed, idle, last) = (0L, 0L, 0L, default(ObjectId<User>));
        while (true)
        {
            var read = store.Read();
            var scan = read.Scan(shard, last, PeoplePerPart);
            await read.ExecuteAsync(cancellation);
            var people = scan.Value.Select(user => user.Id).ToList();
            var concerned = await ConcernedAsync(people, cancellation);
            idle += people.Count - concerned.Count;
            await Parallel.ForEachAsync(concerned, new ParallelOptions
            {
                MaxDegreeOfParallelism = AtOnceMax,
                CancellationToken = cancellation,
            }, async (person, token) =>
            {
                if (await RebuildAsync(person, token))
                    progress.Report(Interlocked.Increment(ref rebuilt));
                else
                    Interlocked.Increment(ref failed);
            });
            if (people.Count < PeoplePerPart)
                return new RebuiltFeeds(rebuilt, failed, idle);
            last = people[^1];
        }
    }

    async Task<IReadOnlyList<ObjectId<User>>> ConcernedAsync(
        IReadOnlyList<ObjectId<User>> people, CancellationToken cancellation)
    {
        if (people.Count == 0)
            return [];
        var present = await feeds.FindPresentAsync([.. people.Select(FeedKey.Home)], cancellation);
        var read = store.Read();
        var sessions = people.Select(person => read.Page(
            UserHasSessions, person, new PageRequest(Session.OfOnePersonMax))).ToList();
        await read.ExecuteAsync(cancellation);
        var found = await store.FindManyPartialAsync(
            [.. sessions.SelectMany(page => page.Value.Items.Select(entry => entry.To))], cancellation);
        var since = time.GetUtcNow() - limits.UnseenMax;
        var seen = found.Items.OfType<Stored<Session>>().Where(session => session.Body.SeenAt >= since)
            .Select(session => session.Body.User).ToHashSet();
        return [.. people.Where(person => seen.Contains(person) || present.Contains(FeedKey.Home(person)))];
    }
}

/// <summary>What was done for the people of a shard.</summary>
/// <param name="Rebuilt">So many feeds were read anew.</param>
/// <param name="Failed">So many could not be, since a shard did not answer.</param>
/// <param name="Idle">So many people have none, and were not here lately.</param>
sealed record RebuiltFeeds(long Rebuilt, long Failed, long Idle)
{
    public static RebuiltFeeds operator +(RebuiltFeeds one, RebuiltFeeds other) =>
        new(one.Rebuilt + other.Rebuilt, one.Failed + other.Failed, one.Idle + other.Idle);
}
