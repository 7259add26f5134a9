using System.Collections.Concurrent;

namespace Pinfold.Pinboard.Feeds.InMemory;

/// <summary>Feeds in this process's own memory: the default, which needs no server.</summary>
sealed class MemoryFeedStore(FeedLimits limits, TimeProvider time) : IFeedStore
{
    readonly ConcurrentDictionary<FeedKey, MemoryFeed> _feeds = new();
    readonly ConcurrentDictionary<FeedSource, bool> _large = new();

    public bool IsEmpty => _feeds.IsEmpty;

    /// <summary>All feeds are missing from now on.</summary>
    public void Clear() => _feeds.Clear();

    public Task<IReadOnlyList<FeedPart?>> ReadAsync(IReadOnlyList<FeedRead> reads, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<FeedPart?>>([.. reads.Select(Read)]);

    public Task ApplyAsync(IReadOnlyList<FeedChange> changes, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        foreach (var change in changes)
            switch (change)
            {
                case PinsAdded added:
                    Change(added.Feeds, feed => feed.TryAdd(added.Entries, now), now);
                    break;
                case PinsRemoved removed:
                    Change(removed.Feeds, feed => feed.TryRemove(removed.Pins, now), now);
                    break;
                case SourceChanged source:
                    Change([source.Feed], feed => feed.TryChange(source, now), now);
                    break;
                case BoardLeftOut board:
                    Change([board.Feed], feed => feed.TryChange(board, now), now);
                    break;
                case FeedsDropped dropped:
                    foreach (var key in dropped.Feeds)
                        _feeds.TryRemove(key, out _);
                    break;
            }
        return Task.CompletedTask;
    }

    public Task<FeedLease?> BeginAsync(FeedKey feed, bool anew, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var building = new MemoryFeed(limits) { Lease = Guid.NewGuid(), Ends = now + limits.Lease };
        var there = _feeds.AddOrUpdate(
            feed, building, (_, known) => anew || known.Ends <= now ? building : known);
        MakeRoom();
        return Task.FromResult(there == building ? new FeedLease(feed, building.Lease.Value, "") : null);
    }

    public Task<bool> PutAsync(FeedLease lease, FeedBuild build, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (!_feeds.TryGetValue(lease.Feed, out var feed))
            return Task.FromResult(false);
        lock (feed)
        {
            if (feed.Lease != lease.Token || feed.Ends <= now)
                return Task.FromResult(false);
            feed.Build(build, now);
            feed.Ends = now + limits.UnseenMax;
        }
        return Task.FromResult(true);
    }

    public Task<IReadOnlySet<FeedKey>> FindPresentAsync(
        IReadOnlyCollection<FeedKey> feeds, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlySet<FeedKey>>(feeds.Where(_feeds.ContainsKey).ToHashSet());

    public Task<IReadOnlyDictionary<FeedSource, bool>> FindLargeAsync(
        IReadOnlyCollection<FeedSource> sources, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyDictionary<FeedSource, bool>>(sources.Where(_large.ContainsKey).Distinct()
            .ToDictionary(source => source, source => _large[source]));

    public Task MarkLargeAsync(FeedSource source, bool isTold, CancellationToken cancellation)
    {
        _large[source] = isTold;
        return Task.CompletedTask;
    }

    FeedPart? Read(FeedRead read)
    {
        var now = time.GetUtcNow();
        if (!_feeds.TryGetValue(read.Feed, out var feed))
            return null;
        lock (feed)
        {
            if (feed.Lease is not null || feed.Ends <= now)
                return null;
            feed.Ends = now + limits.UnseenMax;
            return feed.Read(read.After, read.Count);
        }
    }

    void Change(IReadOnlyList<FeedKey> feeds, Func<MemoryFeed, bool> change, DateTimeOffset now)
    {
        foreach (var key in feeds)
        {
            if (!_feeds.TryGetValue(key, out var feed))
                continue;
            lock (feed)
                if (feed.Ends <= now || !change(feed))
                    _feeds.TryRemove(new(key, feed));
        }
    }

    void MakeRoom()
    {
        var tooMany = _feeds.Count - limits.FeedsInMemoryMax;
        if (tooMany > 0)
            foreach (var feed in _feeds.Where(feed => feed.Value.Lease is null)
                .OrderBy(feed => feed.Value.Ends).Take(tooMany).ToList())
                _feeds.TryRemove(feed);
    }
}
