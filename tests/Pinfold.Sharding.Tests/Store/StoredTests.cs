using Pinfold.Sharding.Tests.Engines;
using Shouldly;
using Xunit;
using static Pinfold.Sharding.Tests.Store.StoreModel;

namespace Pinfold.Sharding.Tests.Store;

/// <summary>Changes to what was read are checked against what is there.</summary>
public sealed class StoredTests
{
    [Theory, EveryEngine]
    public async Task WhatWasReadIsChangedUnlessSomebodyElseWasFaster(string engine)
    {
        await using var test = await TestStore.StartAsync(engine);
        var (_, notes) = await FillAsync(test, test.Shard, 1);
        var read = await test.Store.GetAsync(notes[0]);

        await CommitAsync(t => t.Update(read with { Body = new Note("mine") }));
        (await KindAsync(t => t.Update(read with { Body = new Note("too late") }))).ShouldBe(ErrorKind.Conflict);
        (await KindAsync(t => t.Delete(read))).ShouldBe(ErrorKind.Conflict);
        var again = await test.Store.GetAsync(notes[0]);
        again.Body.ShouldBe(new Note("mine"));

        await CommitAsync(t => t.Delete(again));
        (await test.Store.FindAsync(notes[0])).ShouldBeNull();
        (await KindAsync(t => t.Delete(again))).ShouldBe(ErrorKind.NotFound);
        await test.AuditAsync();

        Task CommitAsync(Action<Sharding.Store.Transaction> change)
        {
            var transaction = test.Store.Begin(test.Shard);
            change(transaction);
            return transaction.CommitAsync();
        }

        async Task<ErrorKind> KindAsync(Action<Sharding.Store.Transaction> change) =>
            (await Should.ThrowAsync<PinfoldException>(() => CommitAsync(change))).Kind;
    }
}
