using Pinfold.Sharding.Commits;
using Pinfold.Sharding.Store;
using Pinfold.Sharding.Tests.Engines;
using Pinfold.Sharding.Tests.Store;
using Pinfold.Testing.Proxy;
using Shouldly;
using Xunit;

namespace Pinfold.Sharding.Tests.Faults;

/// <summary>Writes that were waiting together are one batch over several shards, which is cut at every place.</summary>
public sealed class CutGroupTests
{
    const int GroupShards = 2, GroupWrites = 3, Sample = 20;
    static readonly CommitLimits OneLane = CommitLimits.Default with { Lanes = 1 };

    [Theory, EveryEngine(IsServer = true)]
    public async Task AGroupCutAnywhereIsTakenApartAndEachWriteHappensExactlyOnce(string engine)
    {
        await using var test = await TestStore.StartAsync(
            engine, new() { Shards = GroupShards + 1, Time = new HurriedTime(), Commits = OneLane });
        var notes = await NoteWriter.OnShelvesAsync(test);

        foreach (var point in await EveryPlaceAsync(test, notes))
        {
            test.Proxy.ResetCounts();
            var cut = test.Proxy.Cut(point with { Matching = IsGroup });
            var (writes, committing) = await CommitTogetherAsync(test, notes);
            await cut.Done;
            // Each write waits for the locks of the batch that was cut, until the server notices.
            await Eventually.HoldsAsync(() => committing.IsCompleted || IsTriedAgain(test));
            test.Proxy.DropParted();

            foreach (var (write, commit) in writes.Zip(await committing))
                await notes.HappenedOnceAsync(write, commit, point.ToString());
        }
        await test.AuditAsync();
    }

    [Theory, EveryEngine(IsServer = true)]
    public async Task WritersOfAGroupThatIsCutOffSettleEachTheirOwnWrite(string engine)
    {
        using var time = new FlowingTime();
        await using var test = await TestStore.StartAsync(engine,
            new() { Shards = GroupShards + 1, Time = time, Commits = OneLane, ConnectionsMax = 1 });
        var notes = await NoteWriter.OnShelvesAsync(test);

        foreach (var point in (await EveryPlaceAsync(test, notes)).Where(p => !p.ServerSideStaysOpen))
        {
            var cut = test.Proxy.Cut(point with { Matching = IsGroup });
            test.Proxy.RefuseConnections();
            var (writes, committing) = await CommitTogetherAsync(test, notes);
            await cut.Done;
            await Eventually.EndsAsync(committing, time);
            await Places.IsUnknownAsync(committing, point);
            test.Proxy.AcceptConnections();

            var happened = new List<bool>();
            foreach (var write in writes)
            {
                var commit = await write.Transaction.ResolveAsync();
                if (commit is { } found)
                    await notes.HappenedOnceAsync(write, found, point.ToString());
                else
                    await notes.NeverHappenedAsync(write, point.ToString());
                happened.Add(commit is not null);
            }
            happened.Distinct().Count().ShouldBe(1, $"{point}: a group is committed as a whole or not at all");
        }
        await test.AuditAsync();
    }

    [Theory, EveryEngine(IsServer = true)]
    public async Task WritersOfAGroupThatIsCutOffAreEachToldThatTheOutcomeIsUnknown(string engine)
    {
        using var time = new FlowingTime();
        await using var test = await TestStore.StartAsync(engine,
            new() { Shards = GroupShards + 1, Time = time, Commits = OneLane, ConnectionsMax = 1 });
        var notes = await NoteWriter.OnShelvesAsync(test);
        var cut = test.Proxy.Cut(CutPoint.BeforeReply() with { Matching = IsGroup });
        test.Proxy.RefuseConnections();

        var (_, committing) = await CommitTogetherAsync(test, notes);
        await cut.Done;
        await Eventually.EndsAsync(committing, time);

        await Should.ThrowAsync<PinfoldException>(() => committing);
        committing.Exception!.InnerExceptions.Count.ShouldBe(GroupWrites);
        committing.Exception.InnerExceptions.ShouldAllBe(e => ((PinfoldException)e).Kind == ErrorKind.OutcomeUnknown);
        test.Proxy.AcceptConnections();
    }

    static async Task<IReadOnlyList<CutPoint>> EveryPlaceAsync(TestStore test, NoteWriter notes)
    {
        test.Proxy.ResetCounts();
        var (_, committing) = await CommitTogetherAsync(test, notes);
        await committing;
        var sql = test.Proxy.Sql.Where(s => s.Contains("@l1", StringComparison.Ordinal)).ShouldHaveSingleItem();
        return Places.TwiceIn(sql, Sample);
    }

    /// <summary>Holds the only lane up with a write to the last shard, until the others wait behind it.</summary>
    static async Task<(List<NoteWriter.Write> Writes, Task<Commit[]> Committing)> CommitTogetherAsync(
        TestStore test, NoteWriter notes)
    {
        Task<Commit> first;
        List<NoteWriter.Write> writes;
        Task<Commit[]> committing;
        await using (await test.HoldAsync(test.Shards[^1]))
        {
            first = notes.Begin(test.Shards[^1]).Transaction.CommitAsync();
            await test.AllUnderWayAsync(test.Shards[^1]);
            writes = [.. Enumerable.Range(0, GroupWrites).Select(i => notes.Begin(test.Shards[i % GroupShards]))];
            committing = Task.WhenAll(writes.Select(w => w.Transaction.CommitAsync()).ToList());
        }
        await first;
        return (writes, committing);
    }

    static bool IsGroup(ClientCommand command) => command.Sql.Contains("@l1", StringComparison.Ordinal);

    // The write that held the lane up, the group, and then one that was in the group.
    static bool IsTriedAgain(TestStore test) => test.Proxy.Commands.Count(NoteWriter.IsCommit) > 2;
}
