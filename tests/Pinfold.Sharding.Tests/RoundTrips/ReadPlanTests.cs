using Pinfold.Sharding.Tests.Engines;
using Pinfold.Sharding.Tests.Store;
using Shouldly;
using Xunit;
using static Pinfold.Sharding.Tests.Store.StoreModel;

namespace Pinfold.Sharding.Tests.RoundTrips;

/// <summary>How a server goes about the reads of a list, which is not left to its estimates.</summary>
public sealed class ReadPlanTests
{
    [Theory, EveryEngine(IsServer = true)]
    public async Task AListIsReadInItsOwnOrderAndAPairByItsKey(string engine)
    {
        await using var test = await TestStore.StartAsync(engine);
        var (shelf, notes) = await FillAsync(test, test.Shard, 50);
        var first = await test.Store.PageAsync(ShelfHasNotes, shelf, new PageRequest(10));

        (await PlanOfAsync(PageAsync(new PageRequest(10) { Cursor = first.Next }))).ShouldBe(("PRIMARY", false));
        (await PlanOfAsync(PageAsync(new PageRequest(1000) { NewestFirst = false }))).ShouldBe(("PRIMARY", false));
        (await PlanOfAsync(PageAsync(new PageRequest(10) { SequenceMin = 2, SequenceMax = 9 })))
            .ShouldBe(("PRIMARY", false));
        (await PlanOfAsync(PairsAsync(notes.Count))).ShouldBe(("pair", false));
        (await PlanOfAsync(PairsAsync(1))).ShouldBe(("pair", false));

        Task PageAsync(PageRequest request) => test.Store.PageAsync(ShelfHasNotes, shelf, request);

        async Task PairsAsync(int count)
        {
            var batch = test.Store.Read();
            batch.Entries(ShelfHasNotes, shelf, [.. notes.Take(count)]);
            await batch.ExecuteAsync();
        }

        async Task<(string Keys, bool Sorts)> PlanOfAsync(Task read)
        {
            await read;
            var row = (await test.SqlAsync(test.Shard, $"EXPLAIN {test.Proxy.Sql[^1]}")).ShouldHaveSingleItem();
            // The indexes that it may take come after the type of access, which MySQL has one column later.
            return (row[engine == "MySQL" ? 5 : 4], row[^1].Contains("filesort", StringComparison.Ordinal));
        }
    }
}
