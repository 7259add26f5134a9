using Microsoft.Extensions.Time.Testing;
using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Following;
using Pinfold.Sharding.Journal;
using Pinfold.Sharding.Names;
using Pinfold.Sharding.Store;
using Pinfold.Sharding.Tests.Engines;
using Pinfold.Sharding.Tests.Following;
using Shouldly;
using Xunit;
using static Pinfold.Sharding.Tests.Engines.StorageModel;

namespace Pinfold.Sharding.Tests.Names;

/// <summary>Names from their reservation to their release, whoever dies on the way.</summary>
public sealed class NameTests
{
    static readonly ShardId Home = new(1);
    static readonly FollowerOptions Long = new() { Lease = TimeSpan.FromMinutes(10) };
    static readonly TimeSpan Age = TimeSpan.FromMinutes(15);

    [Theory, EveryEngine]
    public async Task AClaimedNameIsFoundFromItsCommitOnAndConfirmedByTheFollower(string engine)
    {
        await using var fleet = await Fleet.StartAsync(engine);
        var store = fleet.NewStore();
        (await store.Names.FindOwnerAsync(Fleet.UserName, "quince")).ShouldBeNull();

        var (transaction, owner) = await ClaimAsync(store, "quince");
        (await store.Names.FindOwnerAsync(Fleet.UserName, "quince")).ShouldBeNull();
        await transaction.CommitAsync();

        (await store.Names.FindOwnerAsync(Fleet.UserName, "quince")).ShouldBe(owner.Id.Untyped);
        (await RowAsync(store, "quince"))!.Owner.IsNone.ShouldBeTrue();
        var host = await fleet.StartHostAsync(Long, [], store);
        await host.DrainAsync();
        (await RowAsync(store, "quince"))!.Owner.ShouldBe(owner.Id.Untyped);
        (await store.Names.FindOwnerAsync(Fleet.UserName, "quince")).ShouldBe(owner.Id.Untyped);
    }

    [Theory, EveryEngine]
    public async Task OfManyThatRaceForANameOneHasItAndTheOthersAreToldThatItIsTaken(string engine)
    {
        await using var fleet = await Fleet.StartAsync(engine);
        ShardedStore[] stores = [fleet.NewStore(), fleet.NewStore()];

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(async i =>
        {
            var transaction = stores[i % 2].Begin(new ShardId(i % 4));
            var owner = transaction.Create(new Board($"{i}"));
            try
            {
                await transaction.ClaimAsync(Fleet.UserName, "quince", owner);
                await transaction.CommitAsync();
                return owner.Id.Untyped.ToString();
            }
            catch (PinfoldException e) when (e.Kind == ErrorKind.Conflict)
            {
                return e.Message;
            }
        }));

        outcomes.Count(o => o == "The user name \"quince\" is taken; choose another.").ShouldBe(7);
        var winner = outcomes.Single(o => !o.StartsWith("The", StringComparison.Ordinal));
        (await stores[0].Names.FindOwnerAsync(Fleet.UserName, "quince")).ShouldBe(ObjectId.Parse(winner));
    }

    [Theory, EveryEngine]
    public async Task AnAbandonedReservationIsReapedAndItsLateCommitFailsForSure(string engine)
    {
        await using var fleet = await Fleet.StartAsync(engine);
        var time = new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000));
        var store = fleet.NewStore(time);
        var (late, owner) = await ClaimAsync(store, "quince");
        time.Advance(TimeSpan.FromMinutes(14));
        (await ReapAsync(fleet, store)).ShouldBe(0);
        time.Advance(TimeSpan.FromMinutes(2));
        (await ReapAsync(fleet, store)).ShouldBe(1);

        var (next, heir) = await ClaimAsync(store, "quince");
        await next.CommitAsync();
        (await Should.ThrowAsync<PinfoldException>(() => late.CommitAsync())).Kind.ShouldBe(ErrorKind.Conflict);

        (await store.Names.FindOwnerAsync(Fleet.UserName, "quince")).ShouldBe(heir.Id.Untyped);
        Should.Throw<InvalidOperationException>(() => owner.Id);
        (await store.ResolveAsync(Home, late.Id)).ShouldBeNull();
        (await store.FindManyAsync(Enumerable.Range(1, 3).Select(i => new ObjectId<Board>(new ObjectId(Home, 2, i)))
            .ToList()))
            .Count(board => board is not null).ShouldBe(1);
        (await ReapAsync(fleet, store)).ShouldBe(0);
    }

    [Theory, EveryEngine]
    public async Task ACommittedClaimThatNobodyFollowedIsConfirmedByTheReaper(string engine)
    {
        await using var fleet = await Fleet.StartAsync(engine);
        var time = new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000));
        var store = fleet.NewStore(time);
        var (transaction, owner) = await ClaimAsync(store, "quince");
        await transaction.CommitAsync();
        time.Advance(Age + TimeSpan.FromMinutes(1));

        (await ReapAsync(fleet, store)).ShouldBe(0);

        (await RowAsync(store, "quince"))!.Owner.ShouldBe(owner.Id.Untyped);
    }

    [Theory, EveryEngine]
    public async Task TheReaperAndALateCommitNeverBothHaveTheirWay(string engine)
    {
        await using var fleet = await Fleet.StartAsync(engine);
        var store = fleet.NewStore();
        for (var round = 0; round < 10; round++)
        {
            var (transaction, owner) = await ClaimAsync(store, $"quince{round}");
            var reaping = ReapAsync(fleet, store, age: TimeSpan.FromMinutes(-1));
            var committing = transaction.CommitAsync();
            await Task.WhenAny(committing);
            var reaped = await reaping;

            var found = await store.Names.FindOwnerAsync(Fleet.UserName, $"quince{round}");
            if (committing.IsCompletedSuccessfully)
                (reaped, found).ShouldBe((0, owner.Id.Untyped));
            else
            {
                (await Should.ThrowAsync<PinfoldException>(() => committing)).Kind.ShouldBe(ErrorKind.Conflict);
                found.ShouldBeNull();
            }
        }
    }

    [Theory, EveryEngine]
    public async Task ARenamedOwnerHasTheNewNameAndTheOldOneIsFree(string engine)
    {
        await using var fleet = await Fleet.StartAsync(engine);
        var store = fleet.NewStore();
        var host = await fleet.StartHostAsync(Long, [], store);
        var (transaction, owner) = await ClaimAsync(store, "quince");
        await transaction.CommitAsync();

        var rename = store.Begin(Home);
        await rename.ClaimAsync(Fleet.UserName, "medlar", owner.Id.Untyped);
        rename.Release(Fleet.UserName, "quince", owner.Id.Untyped);
        await rename.CommitAsync();
        await host.DrainAsync();

        (await store.Names.FindOwnerAsync(Fleet.UserName, "medlar")).ShouldBe(owner.Id.Untyped);
        (await store.Names.FindOwnerAsync(Fleet.UserName, "quince")).ShouldBeNull();
        var (again, other) = await ClaimAsync(store, "quince");
        await again.CommitAsync();
        (await store.Names.FindOwnerAsync(Fleet.UserName, "quince")).ShouldBe(other.Id.Untyped);
    }

    [Theory, EveryEngine]
    public async Task AReleaseThatIsFollowedAgainLeavesALaterClaimAlone(string engine)
    {
        await using var fleet = await Fleet.StartAsync(engine);
        var store = fleet.NewStore();
        var names = new NamesFollower(store);
        var (transaction, owner) = await ClaimAsync(store, "quince");
        await transaction.CommitAsync();
        var release = store.Begin(Home);
        release.Release(Fleet.UserName, "quince", owner.Id.Untyped);
        await release.CommitAsync();
        await FollowAsync(store, names, 1, 2);
        var reclaim = store.Begin(Home);
        await reclaim.ClaimAsync(Fleet.UserName, "quince", owner.Id.Untyped);
        await reclaim.CommitAsync();
        await FollowAsync(store, names, 3);

        await FollowAsync(store, names, 1, 2, 3);

        (await RowAsync(store, "quince"))!.Owner.ShouldBe(owner.Id.Untyped);
    }

    [Theory, EveryEngine]
    public async Task AClaimThatIsFollowedOnlyAfterItsReleaseTakesNothing(string engine)
    {
        await using var fleet = await Fleet.StartAsync(engine);
        var store = fleet.NewStore();
        var names = new NamesFollower(store);
        var (transaction, owner) = await ClaimAsync(store, "quince");
        await transaction.CommitAsync();
        var release = store.Begin(Home);
        release.Release(Fleet.UserName, "quince", owner.Id.Untyped);
        await release.CommitAsync();

        await FollowAsync(store, names, 2, 1);

        (await RowAsync(store, "quince")).ShouldBeNull();
    }

    [Theory, EveryEngine]
    public async Task NobodyReleasesSomebodyElsesName(string engine)
    {
        await using var fleet = await Fleet.StartAsync(engine);
        var store = fleet.NewStore();
        var (transaction, owner) = await ClaimAsync(store, "quince");
        await transaction.CommitAsync();
        var thief = store.Begin(Home);
        var board = thief.Create(new Board("thief"));
        await thief.CommitAsync();
        var release = store.Begin(Home);
        release.Release(Fleet.UserName, "quince", board.Id.Untyped);
        await release.CommitAsync();

        var host = await fleet.StartHostAsync(Long, [], store);
        await host.DrainAsync();

        (await RowAsync(store, "quince"))!.Owner.ShouldBe(owner.Id.Untyped);
    }

    static async Task<(Transaction Transaction, NewObject<Board> Owner)> ClaimAsync(ShardedStore store, string name)
    {
        var transaction = store.Begin(Home);
        var owner = transaction.Create(new Board(name));
        await transaction.ClaimAsync(Fleet.UserName, name, owner);
        return (transaction, owner);
    }

    static Task<int> ReapAsync(Fleet fleet, ShardedStore store, TimeSpan? age = null) => store.Names.ReapAsync(
        [.. fleet.Shards], age ?? Age, 100, (_, e) =>
            throw new InvalidOperationException("not settled", e), CancellationToken.None);

    static async Task<NameRow?> RowAsync(ShardedStore store, string name)
    {
        var key = NameRegistry.Key(Fleet.UserName, name);
        var read = new NameRead(store.Names.NameShard(Fleet.UserName, key), Fleet.UserName.Number, key);
        await store.Router.ReadAsync([read], CancellationToken.None);
        return read.Row;
    }

    /// <summary>
    /// Gives transactions of the home shard to the follower, in whatever order and as often as the test likes.
    /// </summary>
    static async Task FollowAsync(ShardedStore store, NamesFollower names, params int[] commits)
    {
        var read = new JournalRead(Home, 0, 1000);
        await store.Router.ReadAsync([read], CancellationToken.None);
        // The home shard may be the name's as well, whose own changes are not what is followed here.
        var own = read.Rows.ConvertAll(row => JournalCodec.Decode(Home, row))
            .FindAll(t => t.Entries.Any(e => e.Kind is JournalEntryKind.NameClaimed or JournalEntryKind.NameReleased));
        foreach (var commit in commits)
            await names.HandleAsync(own[commit - 1], CancellationToken.None);
    }
}
