using Microsoft.Extensions.Time.Testing;
using Pinfold.Pinboard.Feeds;
using Pinfold.Pinboard.Feeds.InMemory;
using Pinfold.Pinboard.Redis;
using Pinfold.Sharding;
using Pinfold.Sharding.Topology;
using Pinfold.Testing;
using Pinfold.Testing.Servers;
using Shouldly;
using Xunit;
using static Pinfold.Pinboard.Tests.Feeds.FeedSamples;

namespace Pinfold.Pinboard.Tests.Feeds;

/// <summary>Redis and memory are one another's model.</summary>
public sealed class FeedStoreTwinTests
{
    static readonly FeedLimits Small = new() { EntriesMax = 20 };
    static readonly SourceState[] States = Enum.GetValues<SourceState>();

    [Fact]
    public async Task WhateverIsChangedInWhateverOrderRedisAndMemoryShowTheSame()
    {
        var random = Seed.Take().NewRandom();
        var (links, time) = (new List<RedisLink>(), new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(60)));
        var redis = RedisFeedStoreTests.Store(
            new RedisServerSpec(new HostPort("127.0.0.1", (await TestServers.RedisAsync()).Port)),
            $"twin{random.Next()}", Small, links, time);
        IFeedStore[] stores = [new MemoryFeedStore(Small, time), redis];
        FeedKey[] feeds = [.. Enumerable.Range(10, 4).Select(i => FeedKey.Home(Person(i)))];
        foreach (var feed in feeds)
            await BuildAsync(stores, feed, random);

        for (var step = 0; step < Soak.Times(300, 5000); step++)
        {
            time.Advance(TimeSpan.FromSeconds(random.Next(100)));
            if (random.Next(12) == 0)
                await BuildAsync(stores, feeds[random.Next(feeds.Length)], random);
            FeedChange[] changes = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Any(random, feeds))];
            foreach (var store in stores)
                await store.ApplyAsync(changes, default);

            foreach (var feed in feeds)
            {
                FeedPosition? after = random.Next(2) == 0 ? null : Any(random).Position;
                var read = new FeedRead(feed, after, random.Next(1, 25));
                var inMemory = (await stores[0].ReadAsync([read], default))[0];
                var inRedis = (await stores[1].ReadAsync([read], default))[0];
                Text(inRedis).ShouldBe(Text(inMemory), $"step {step}: {string.Join(", ", changes.Select(c => c))}");
            }
        }
        foreach (var link in links)
            await link.DisposeAsync();
    }

    static string Text(FeedPart? part) => part is null ? "missing"
        : $"{part.Floor} {part.HasMore} "
            + $"{string.Join(' ', part.Entries.Select(e => $"{e.Sequence}:{e.Pin.Local}/{e.Board.Local}/{e.Seq}"))}; "
            + $"{string.Join(' ', part.Large.Select(s => s.Id).Order())}; {string.Join(' ', part.LeftOut.Order())}";

    static async Task BuildAsync(IFeedStore[] stores, FeedKey feed, Random random)
    {
        var (seed, meanwhile) = (random.Next(), Any(random, [feed]));
        foreach (var store in stores)
        {
            var same = new Random(seed);
            var lease = (await store.BeginAsync(feed, anew: true, default)).ShouldNotBeNull();
            await store.ApplyAsync([meanwhile], default);
            await store.PutAsync(lease, new FeedBuild(
                Sources(same).ToDictionary(s => s, _ => States[same.Next(States.Length)]),
                [.. Boards.Where(_ => same.Next(3) == 0)],
                new FeedContent(Some(same, 15), same.Next(3) == 0 ? same.Next(10) : null)), default);
        }
    }

    static readonly ObjectId<User>[] Authors = [Ann, Ben, Person(3)];
    static readonly ObjectId<Board>[] Boards =
        [.. Authors.SelectMany(a => (ObjectId<Board>[])[BoardOf(a), BoardOf(a, 1)])];

    static IEnumerable<FeedSource> Sources(Random random) =>
        Authors.Select(FeedSource.Of).Concat(Boards.Where(_ => random.Next(3) == 0).Select(FeedSource.Of));

    static FeedChange Any(Random random, FeedKey[] feeds)
    {
        FeedKey[] some = [.. feeds.Where(_ => random.Next(3) > 0)];
        var one = feeds[random.Next(feeds.Length)];
        var author = Authors[random.Next(Authors.Length)];
        var board = Boards[random.Next(Boards.Length)];
        return random.Next(10) switch
        {
            < 5 => new PinsAdded(some, [.. Some(random, 4).Where(e => e.Author == author)]),
            < 7 => new PinsRemoved(some, [.. Some(random, 4).Select(e => new RemovedPin(e.Pin, random.Next(50)))]),
            7 => new SourceChanged(one, FeedSource.Of(author), States[random.Next(States.Length)], random.Next(50),
                Recent(random, e => e.Author == author)),
            8 => new SourceChanged(one, FeedSource.Of(board), States[random.Next(States.Length)], random.Next(50),
                Recent(random, e => e.Board == board)),
            _ => new BoardLeftOut(
                one, board, random.Next(2) == 0, random.Next(50), Recent(random, e => e.Board == board)),
        };
    }

    static FeedContent Recent(Random random, Func<FeedEntry, bool> isOf) =>
        new([.. Some(random, 20).Where(isOf)], random.Next(4) == 0 ? random.Next(8) : null);

    /// <summary>A pin has one author for ever; its board, time and number are another each time.</summary>
    static FeedEntry[] Some(Random random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => Any(random)).DistinctBy(entry => entry.Pin)];

    static FeedEntry Any(Random random)
    {
        var number = random.Next(1, 45);
        return Entry(number, Authors[number % Authors.Length], random.Next(2), random.Next(50)) with
        {
            Sequence = random.Next(1, 40),
        };
    }
}
