using Pinfold.Sharding.Routing;
using Pinfold.Sharding.Tests.Engines;
using Pinfold.Sharding.Tests.Faults;
using Shouldly;
using Xunit;
using static Pinfold.Sharding.Tests.Store.StoreModel;

namespace Pinfold.Sharding.Tests.Store;

/// <summary>What a store does when a shard refuses its writes at the fence.</summary>
public sealed class FenceTests
{
    [Theory, EveryEngine]
    public async Task AStaleWriterLearnsTheNewEpochAndItsCallerNotices(string engine)
    {
        await using var test = await TestStore.StartAsync(engine, new() { Time = new HurriedTime() });
        await CreateAsync(test, "first");
        await test.SqlAsync(test.Shard, "UPDATE shard SET epoch=7");

        var committing = CreateAsync(test, "second");
        committing.IsCompleted.ShouldBeFalse();
        test.Publish(test.Shard, epoch: 7);

        (await committing).Seq.ShouldBe(2);
        (await CreateAsync(test, "third")).Seq.ShouldBe(3);
        await test.AuditAsync();
    }

    [Theory, EveryEngine]
    public async Task AClosedShardKeepsItsWritersWaitingUntilItIsOpened(string engine)
    {
        await using var test = await TestStore.StartAsync(engine, new() { Time = new HurriedTime() });
        await test.SqlAsync(test.Shard, "UPDATE shard SET state=0");

        var committing = Enumerable.Range(0, 8).Select(i => CreateAsync(test, $"{i}")).ToList();
        await test.SqlAsync(test.Shard, "UPDATE shard SET state=1,epoch=2");
        test.Publish(test.Shard, epoch: 2);

        (await Task.WhenAll(committing)).Select(c => c.Seq).Order().ShouldBe([1, 2, 3, 4, 5, 6, 7, 8]);
        await test.AuditAsync();
    }

    [Theory]
    [InlineData("UPDATE shard SET epoch=2", "epoch 2")]
    [InlineData("UPDATE shard SET epoch=0", "epoch 0")]
    [InlineData("UPDATE shard SET state=0", "closed")]
    [InlineData("DELETE FROM shard", "not on server s0")]
    public async Task AShardThatStaysFencedIsAnErrorThatSaysHowItIs(string sql, string said)
    {
        foreach (var engine in EngineNames)
        {
            await using var test = await TestStore.StartAsync(engine, new()
            {
                Time = new HurriedTime(),
                Limits = StoreLimits.Default with { FenceDeadline = TimeSpan.FromMilliseconds(50) },
            });
            await test.SqlAsync(test.Shard, sql);

            var error = await Should.ThrowAsync<PinfoldException>(() => CreateAsync(test, "refused"), engine);

            error.Kind.ShouldBe(ErrorKind.Fenced, engine);
            error.Shard.ShouldBe(test.Shard);
            error.Message.ShouldContain(said, Case.Insensitive, engine);
            (await test.SqlAsync(test.Shard, "SELECT seq FROM journal")).ShouldBeEmpty(engine);
            (await test.SqlAsync(test.Shard, "SELECT seq FROM objects")).ShouldBeEmpty(engine);
        }
    }

    [Fact]
    public async Task WhyAShardRefusedIsNotGuessedWhenItCannotBeAsked()
    {
        LateServer? server = null;
        await using var test = await TestStore.StartAsync(TestShards.Sqlite, new()
        {
            Limits = StoreLimits.Default with { FenceDeadline = TimeSpan.Zero },
            Around = inner => server = new LateServer(inner),
        });
        await test.SqlAsync(test.Shard, "UPDATE shard SET state=0");
        server!.IsDeaf = true;

        var error = await Should.ThrowAsync<PinfoldException>(() => CreateAsync(test, "refused"));

        error.Kind.ShouldBe(ErrorKind.Fenced);
        error.Message.ShouldContain("server s0 could not be asked why");
        error.Message.ShouldNotContain("not on server");
    }

    [Fact]
    public async Task AWriterFollowsItsShardToAnotherServer()
    {
        await using var test = await TestStore.StartAsync("MariaDB",
            new() { Shards = 2, Servers = 2, Time = new HurriedTime() });
        await CreateAsync(test, "at the old place");
        // Shard 1's database is on the second server; a copy of shard 0 is made there, behind the store's back.
        await test.SqlAsync(test.Shard, "UPDATE shard SET state=0");
        var committing = CreateAsync(test, "while it is on its way");
        var target = await test.Store.Servers.GetAsync(test.Source.Current.Shard(test.Shards[1]).Server);
        await target.Server.CreateShardAsync(test.Shard, epoch: 2, default);

        test.Publish(test.Shard, epoch: 2, server: 1);

        (await committing).Seq.ShouldBe(1, "the first in the new place");
        (await test.SqlAsync(test.Shard, "SELECT seq FROM objects")).ShouldHaveSingleItem();
        await test.AuditAsync();
    }

    [Theory, EveryEngine(IsServer = true)]
    public async Task ARefusalCostsOneRoundTripAndNothingOfTheBatchIsDone(string engine)
    {
        await using var test = await TestStore.StartAsync(engine, new()
        {
            Limits = StoreLimits.Default with { FenceDeadline = TimeSpan.Zero },
        });
        await CreateAsync(test, "first");
        await test.SqlAsync(test.Shard, "UPDATE shard SET epoch=2");
        var before = await test.SqlAsync(test.Shard, "SELECT last_seq,last_local_id FROM shard");
        test.Proxy.ResetCounts();

        await Should.ThrowAsync<PinfoldException>(() => CreateAsync(test, "refused"));

        test.Proxy.Sql.Count(s => s.Contains(".shards SET last_seq=", StringComparison.Ordinal)).ShouldBe(1);
        test.Proxy.Sql[0].ShouldContain(".shards SET last_seq=");
        test.Proxy.Sql[1].ShouldBe("ROLLBACK", "the refusal came with the first round trip");
        (await test.SqlAsync(test.Shard, "SELECT last_seq,last_local_id FROM shard")).ShouldBe(before);
        (await test.SqlAsync(test.Shard, "SELECT 1 FROM objects UNION ALL SELECT 1 FROM journal")).Count.ShouldBe(2);
    }

    static string[] EngineNames => [TestShards.Sqlite, .. Pinfold.Testing.Servers.TestServers.Engines];

    static async Task<Commit> CreateAsync(TestStore test, string title)
    {
        var transaction = test.Store.Begin(test.Shard);
        transaction.Create(new Note(title));
        return await transaction.CommitAsync();
    }
}
