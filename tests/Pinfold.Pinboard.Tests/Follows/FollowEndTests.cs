using Pinfold.Pinboard.Follows;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;
using Shouldly;
using Xunit;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Tests.Follows;

/// <summary>What was followed goes.</summary>
public sealed class FollowEndTests(PinboardEngines engines) : IClassFixture<PinboardEngines>
{
    public static TheoryData<string> Engines => PinboardEngines.Names;

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task OfSomebodyWhoIsDeletedNothingIsListedAtOnceAndNothingCountedSoon(string engine)
    {
        var pinboard = engines[engine];
        var (people, reads) = (pinboard.Get<FollowService>(), pinboard.Get<FollowReader>());
        var (robin, mira, tove) = (await pinboard.AddUserAsync("robin-gone"), await pinboard.AddUserAsync("mira-gone"),
            await pinboard.AddUserAsync("tove-gone"));
        var board = await pinboard.AddBoardAsync(robin, "Board");
        foreach (var (from, to) in new[] { (robin, mira), (mira, robin), (tove, mira), (tove, robin), (robin, tove) })
            await people.FollowAsync(from.Viewer, to.Id, default);
        await pinboard.Get<BoardFollowService>().FollowAsync(mira.Viewer, board, default);
        await pinboard.FollowAsync();
        (await reads.CountAsync(mira.Id, default)).ShouldBe(new FollowCounts(2, 1, 1));

        await DeleteAsync(pinboard.Store, mira.Id);

        (await reads.FollowersAsync(robin.Id, null, default)).Items.ShouldHaveSingleItem().Id.ShouldBe(tove.Id);
        (await reads.FollowingAsync(robin.Id, null, default)).Items.ShouldHaveSingleItem().Id.ShouldBe(tove.Id);
        await pinboard.SettleAsync();
        (await reads.CountAsync(mira.Id, default)).ShouldBe(new FollowCounts(0, 0, 0));
        (await reads.CountAsync(robin.Id, default)).ShouldBe(new FollowCounts(1, 1, 0));
        (await reads.CountAsync(tove.Id, default)).ShouldBe(new FollowCounts(1, 1, 0));
        (await reads.CountAsync(board, default)).ShouldBe(0);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task AFollowOfWhatHasJustGoneIsTakenBackWhereverItCameFrom(string engine)
    {
        var pinboard = engines[engine];
        var (robin, mira) = (await pinboard.AddUserAsync("robin-late"), await pinboard.AddUserAsync("mira-late"));
        var (gone, secret) = (await pinboard.AddBoardAsync(mira, "Gone"), await pinboard.AddBoardAsync(mira, "Secret"));
        await DeleteAsync(pinboard.Store, mira.Id);
        await DeleteAsync(pinboard.Store, gone);
        var tove = await pinboard.AddUserAsync("tove-late");
        var turned = await pinboard.AddBoardAsync(tove, "Turned", isSecret: true);
        await pinboard.SettleAsync();

        // As by somebody who has found them in a cache.
        var transaction = pinboard.Store.Begin(robin.Id.Shard);
        transaction.Put(UserFollowsUser, robin.Id, mira.Id, 1);
        foreach (var board in new[] { gone, turned })
            transaction.Put(UserFollowsBoard, robin.Id, board, 1, BoardOwner.ToBytes(mira.Id));
        await transaction.CommitAsync();
        await pinboard.SettleAsync();

        (await pinboard.Get<FollowReader>().CountAsync(robin.Id, default)).ShouldBe(new FollowCounts(0, 0, 0));
        (await pinboard.Get<FollowReader>().CountAsync(mira.Id, default)).Followers.ShouldBe(0);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task ABlockOfSomebodyWhoHasJustGoneIsTakenBack(string engine)
    {
        var pinboard = engines[engine];
        var (robin, mira) = (await pinboard.AddUserAsync("robin-vain"), await pinboard.AddUserAsync("mira-vain"));
        await DeleteAsync(pinboard.Store, mira.Id);
        await pinboard.SettleAsync();

        // Its reverse comes when she is gone already.
        var transaction = pinboard.Store.Begin(robin.Id.Shard);
        transaction.Put(UserBlocksUser, robin.Id, mira.Id, 1);
        await transaction.CommitAsync();
        await pinboard.SettleAsync();

        (await pinboard.Store.CountAsync(UserBlocksUser, robin.Id)).ShouldBe(0);
        (await pinboard.Store.CountAsync(UserBlockedByUser, mira.Id)).ShouldBe(0);
    }

    static Task DeleteAsync<T>(ShardedStore store, ObjectId<T> id) where T : class
    {
        var transaction = store.Begin(id.Shard);
        transaction.Delete(id);
        return transaction.CommitAsync();
    }
}
