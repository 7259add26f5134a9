using Pinfold.Sharding.Engines;
using Shouldly;
using Xunit;
using static Pinfold.Sharding.Tests.Engines.StorageModel;

namespace Pinfold.Sharding.Tests.Engines;

/// <summary>What every engine does with changes of a pair that come in any order, and more than once.</summary>
public sealed class ReverseContractTests
{
    static readonly DateTimeOffset Noon = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000);

    [Theory, EveryEngine]
    public async Task TheNewestChangeOfAPairStandsInWhateverOrderTheyCome(string engine)
    {
        await using var shards = await TestShards.StartAsync(engine);
        var to = BoardOf(shards, 99);
        long local = 0;
        foreach (var isThere in new[] { true, false })
            foreach (var order in Orders([1, 2, 3]))
                foreach (var atOnce in new[] { 1, 2, 3 })
                {
                    var from = BoardOf(shards, ++local);
                    var changes = order.Concat(order)
                        .Select(n => Change(from, to, n, n % 2 == 1 == isThere)).ToList();
                    foreach (var part in changes.Chunk(atOnce))
                        await shards.CommitAsync([.. part.Select(change => shards.New(change))]);
                    var case_ = $"{isThere} {string.Join(' ', order)} by {atOnce}";

                    (await shards.ListAsync(BoardFollowedByBoards, from)).Select(e => (e.To, e.Sequence))
                        .ShouldBe(isThere ? [(to, 30L)] : [], case_);
                    (await shards.CountAsync(BoardFollowedByBoards, from)).ShouldBe(isThere ? 1 : 0, case_);
                }
    }

    [Theory, EveryEngine]
    public async Task WhatWasRemovedIsNeitherReadNorCountedNorMetByAConditionAndRefusesWhatIsOlder(string engine)
    {
        await using var shards = await TestShards.StartAsync(engine);
        var (from, gone, there) = (BoardOf(shards, 1), BoardOf(shards, 2), BoardOf(shards, 3));
        await shards.CommitAsync(
            Change(from, gone, 5, isThere: true), Change(from, there, 6, isThere: true),
            Change(from, gone, 7, isThere: false), Change(from, BoardOf(shards, 4), 8, isThere: false));

        await shards.CommitAsync(
            Change(from, gone, 6, isThere: true), new RequireEntry(BoardFollowedByBoards, from, gone, false),
            new RequireEntry(BoardFollowedByBoards, from, there, true),
            new RequireAtMost(BoardFollowedByBoards, from, 1));

        foreach (var newestFirst in new[] { true, false })
            (await shards.ListAsync(BoardFollowedByBoards, from, new PageRequest(10) { NewestFirst = newestFirst }))
                .ShouldHaveSingleItem().To.ShouldBe(there);
        (await shards.ReadAsync(new EntriesRead(shards.Shard, BoardFollowedByBoards, from, [gone, there]))).Rows
            .ShouldHaveSingleItem().To.ShouldBe(there);
        (await shards.CountAsync(BoardFollowedByBoards, from)).ShouldBe(1);
    }

    [Theory, EveryEngine]
    public async Task TombstonesOfAListGoADayLaterWhenAnotherIsLeft(string engine)
    {
        await using var shards = await TestShards.StartAsync(engine);
        var (one, other) = (BoardOf(shards, 1), BoardOf(shards, 2));
        await shards.CommitAsync(
            [.. Enumerable.Range(1, 5).Select(i => Change(one, BoardOf(shards, 10 + i), i, isThere: i == 5)),
                Change(other, one, 9, isThere: false)]);

        await shards.CommitAsync(Change(one, BoardOf(shards, 20), 20, isThere: false, Noon + TimeSpan.FromHours(23)));
        (await TombstonesAsync(one)).ShouldBe(5);
        await shards.CommitAsync(Change(one, BoardOf(shards, 21), 21, isThere: false, Noon + TimeSpan.FromHours(25)));

        (await TombstonesAsync(one)).ShouldBe(2);
        (await TombstonesAsync(other)).ShouldBe(1);
        (await shards.ListAsync(BoardFollowedByBoards, one)).ShouldHaveSingleItem().To.ShouldBe(BoardOf(shards, 15));
        (await shards.CountAsync(BoardFollowedByBoards, one)).ShouldBe(1);

        async Task<int> TombstonesAsync(ObjectId list) => int.Parse((await shards.SqlAsync(
            shards.Shard, $"SELECT COUNT(*) FROM entries WHERE mapping=3 AND from_id={list} AND n=-1")).Single());
    }

    static ReverseEntry Change(ObjectId from, ObjectId to, long number, bool isThere, DateTimeOffset? at = null) =>
        new(BoardFollowedByBoards, from, to, isThere, 10 * number, number, at ?? Noon);

    static IEnumerable<long[]> Orders(long[] of) => of.Length < 2 ? [of]
        : of.SelectMany(first => Orders([.. of.Where(n => n != first)]).Select(rest => (long[])[first, .. rest]));

    static ObjectId BoardOf(TestShards shards, long local) => new(shards.Shard, Board.Type.Number, local);
}
