using Pinfold.Sharding.Engines;
using Shouldly;
using Xunit;
using static Pinfold.Sharding.Tests.Engines.StorageModel;

namespace Pinfold.Sharding.Tests.Engines;

/// <summary>What every engine answers for a page of a list.</summary>
public sealed class PageContractTests
{
    // Runs of equal sequences, negative ones and both ends of the range.
    static readonly long[] Sequences =
        [long.MinValue, long.MinValue, -7, -7, -7, 0, 0, 0, 0, 1, 2, 2, 5, 5, 5, long.MaxValue, long.MaxValue];

    [Theory, EveryEngine]
    public async Task PagesOfAnySizeBothWaysGiveEachEntryOnceInOrder(string engine)
    {
        await using var shards = await TestShards.StartAsync(engine);
        var (board, all) = await FillAsync(shards);

        foreach (var newestFirst in new[] { true, false })
            for (var limit = 1; limit <= all.Count + 1; limit++)
            {
                var pages = await PagesAsync(shards, board, new PageRequest(limit) { NewestFirst = newestFirst });
                pages.SelectMany(p => p).ShouldBe(newestFirst ? all.AsEnumerable().Reverse() : all);
                pages.Count.ShouldBe((all.Count + limit - 1) / limit, $"pages of {limit}");
            }
    }

    [Theory, EveryEngine]
    public async Task BoundsOfTheSequenceCutAListAtBothEnds(string engine)
    {
        await using var shards = await TestShards.StartAsync(engine);
        var (board, all) = await FillAsync(shards);

        foreach (var newestFirst in new[] { true, false })
            foreach (var (min, max) in new (long?, long?)[]
            {
                (0, 2), (null, -7), (5, null), (2, 2), (3, 4), (6, 1), (long.MinValue, long.MaxValue),
            })
                foreach (var limit in new[] { 1, 3, 100 })
                {
                    var pages = await PagesAsync(shards, board,
                        new PageRequest(limit) { NewestFirst = newestFirst, SequenceMin = min, SequenceMax = max });
                    var expected = all.Where(e =>
                        (min is null || e.Sequence >= min) && (max is null || e.Sequence <= max));
                    pages.SelectMany(p => p)
                        .ShouldBe(newestFirst ? expected.Reverse() : expected, $"{min}..{max}, {limit}");
                }
    }

    [Theory, EveryEngine]
    public async Task ACursorBeyondABoundNeitherRepeatsNorEscapesIt(string engine)
    {
        await using var shards = await TestShards.StartAsync(engine);
        var (board, all) = await FillAsync(shards);

        foreach (var at in all)
            foreach (var newestFirst in new[] { true, false })
            {
                var cursor = new PagePosition(at.Sequence, at.To).Format(BoardHasPins, board, newestFirst);
                var rows = await shards.ListAsync(BoardHasPins, board,
                    new PageRequest(100)
                    { NewestFirst = newestFirst, Cursor = cursor, SequenceMin = -7, SequenceMax = 2 });
                var within = all.Where(e => e.Sequence is >= -7 and <= 2);
                var expected = newestFirst
                    ? within.Where(e => (e.Sequence, e.To).CompareTo(at) < 0).Reverse()
                    : within.Where(e => (e.Sequence, e.To).CompareTo(at) > 0);
                rows.Select(r => (r.Sequence, r.To)).ShouldBe(expected, $"after {at}");
            }
    }

    [Theory, EveryEngine]
    public async Task EntriesThatComeAndGoBetweenPagesShiftNothing(string engine)
    {
        await using var shards = await TestShards.StartAsync(engine);
        var (board, all) = await FillAsync(shards);
        var first = await shards.ListAsync(BoardHasPins, board, new PageRequest(4));
        var last = first[3];

        await shards.CommitAsync(
            new RemoveEntry(BoardHasPins, board, last.To), new RemoveEntry(BoardHasPins, board, first[0].To),
            new PutEntry(BoardHasPins, board, new ObjectId(shards.Shard, 1, 999), long.MaxValue, []));
        var second = await shards.ListAsync(BoardHasPins, board,
            new PageRequest(100)
            { Cursor = new PagePosition(last.Sequence, last.To).Format(BoardHasPins, board, true) });

        second.Select(r => (r.Sequence, r.To)).ShouldBe(all.AsEnumerable().Reverse().Skip(4));
    }

    [Fact]
    public void ACursorOfAnotherListIsRefused()
    {
        var shard = new ShardId(1);
        var (board, other, pin) = (new ObjectId(shard, 2, 1), new ObjectId(shard, 2, 2), new ObjectId(shard, 1, 1));
        var cursor = new PagePosition(5, pin).Format(BoardHasPins, board, newestFirst: true);
        void Refused(Mapping mapping, ObjectId from, PageRequest request) =>
            Should.Throw<PinfoldException>(() => new PageRead(shard, mapping, from, request))
                .Kind.ShouldBe(ErrorKind.Invalid);

        new PageRead(shard, BoardHasPins, board, new PageRequest(1) { Cursor = cursor })
            .After.ShouldBe(new PagePosition(5, pin));
        Refused(BoardHasPins, other, new PageRequest(1) { Cursor = cursor });
        Refused(BoardFollowsBoards, board, new PageRequest(1) { Cursor = cursor });
        Refused(BoardHasPins, board, new PageRequest(1) { Cursor = cursor, NewestFirst = false });
        Refused(BoardHasPins, board, new PageRequest(1) { Cursor = cursor[..^1] });
        Refused(BoardHasPins, board, new PageRequest(1) { Cursor = "!" + cursor[1..] });
        Refused(BoardHasPins, board, new PageRequest(1) { Cursor = "" });
    }

    /// <summary>
    /// All pages as a client follows them: a next one only where a page gave one entry more than it may hold.
    /// </summary>
    static async Task<List<List<(long Sequence, ObjectId To)>>> PagesAsync(
        TestShards shards, ObjectId board, PageRequest request)
    {
        var pages = new List<List<(long, ObjectId)>>();
        for (string? cursor = null; ;)
        {
            var rows = await shards.ListAsync(BoardHasPins, board, request with { Cursor = cursor });
            rows.Count.ShouldBeLessThanOrEqualTo(request.Limit + 1);
            pages.Add([.. rows.Take(request.Limit).Select(r => (r.Sequence, r.To))]);
            if (rows.Count <= request.Limit)
                return pages;
            var last = rows[request.Limit - 1];
            cursor = new PagePosition(last.Sequence, last.To).Format(BoardHasPins, board, request.NewestFirst);
        }
    }

    static async Task<(ObjectId Board, List<(long Sequence, ObjectId To)> Ascending)> FillAsync(TestShards shards)
    {
        var board = new ObjectId(shards.Shard, 2, 1);
        var all = Sequences.Select((s, i) => (Sequence: s, To: new ObjectId(shards.Shard, 1, 1 + (i * 5 % 17))))
            .ToList();
        await shards.CommitAsync([
            .. all.Select(e => new PutEntry(BoardHasPins, board, e.To, e.Sequence, [])),
            new PutEntry(BoardHasPins, new ObjectId(shards.Shard, 2, 2), all[0].To, 0, [])]);
        all.Sort();
        return (board, all);
    }
}
