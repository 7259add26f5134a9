using System.Collections.Concurrent;
using Pinfold.Sharding.Commits;
using Pinfold.Sharding.Routing;
using Pinfold.Sharding.Store;
using Pinfold.Sharding.Tests.Engines;
using Pinfold.Sharding.Tests.Store;
using Pinfold.Testing;
using Pinfold.Testing.Servers;
using Shouldly;
using Xunit;

namespace Pinfold.Sharding.Tests.Faults;

/// <summary>The server itself is killed, as by a power cut, or hangs, while many write.</summary>
public sealed class KilledServerTests
{
    const int Writers = 12;

    [Theory, EveryEngine(IsServer = true)]
    public async Task WhatWasAcknowledgedIsThereOnceAfterTheServerWasKilledUnderLoad(string engine)
    {
        var random = Seed.Take(TestContext.Current.TestOutputHelper!.WriteLine).NewRandom();
        await using var server = await StartAsync(engine);
        await using var test = await TestStore.StartAsync(engine, new() { OwnServer = server, Shards = 4 });
        var notes = await NoteWriter.OnShelvesAsync(test);
        var told = new ConcurrentQueue<(NoteWriter.Write Write, Commit? Commit, PinfoldException? Error)>();
        using var stop = new CancellationTokenSource();

        var writers = Enumerable.Range(0, Writers).Select(i => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                NoteWriter.Write write;
                lock (notes)
                    write = notes.Begin(test.Shards[i % test.Shards.Count]);
                told.Enqueue(await TellAsync(write));
            }
        })).ToList();
        await DoneAsync(random.Next(50, 150));
        await server.KillAsync();
        await server.RestartAsync();
        await DoneAsync(50);
        await stop.CancelAsync();
        await Task.WhenAll(writers);

        foreach (var (write, commit, error) in told)
            await IsTrueAsync(test, write, commit, error);
        await test.AuditAsync();

        Task DoneAsync(int more)
        {
            var until = told.Count(t => t.Commit is not null) + more;
            return Eventually.HoldsAsync(() => told.Count(t => t.Commit is not null) >= until);
        }
    }

    [Theory, EveryEngine(IsServer = true)]
    public async Task AWriteToAServerThatHangsIsSettledWhenItCarriesOn(string engine)
    {
        await using var server = await StartAsync(engine);
        await using var test = await TestStore.StartAsync(engine, new()
        {
            OwnServer = server,
            Timeout = TimeSpan.FromSeconds(3),
            Commits = CommitLimits.Default with { Deadline = TimeSpan.FromSeconds(3), Lanes = 1 },
            Limits = StoreLimits.Default with { FenceDeadline = TimeSpan.Zero },
        });
        var notes = await NoteWriter.OnShelvesAsync(test);
        var writes = Enumerable.Range(0, 6).Select(_ => notes.Begin(test.Shard)).ToList();

        server.Pause();
        var told = await Task.WhenAll(writes.Select(TellAsync).ToList());
        var unread = await Should.ThrowAsync<PinfoldException>(() => test.Store.FindAsync(notes.Shelf(test.Shard)));
        server.Resume();

        unread.Kind.ShouldBeOneOf(ErrorKind.DeadlineExceeded, ErrorKind.Unavailable);
        unread.Shard.ShouldBe(test.Shard);

        told.ShouldAllBe(t => t.Error != null);
        told[0].Error!.Kind.ShouldBe(ErrorKind.OutcomeUnknown);
        foreach (var (write, commit, error) in told)
            await IsTrueAsync(test, write, commit, error);
        await test.AuditAsync();
    }

    static async Task<(NoteWriter.Write Write, Commit? Commit, PinfoldException? Error)> TellAsync(
        NoteWriter.Write write)
    {
        try
        {
            return (write, await write.Transaction.CommitAsync(), null);
        }
        catch (PinfoldException e)
        {
            return (write, null, e);
        }
    }

    static async Task IsTrueAsync(TestStore test, NoteWriter.Write write, Commit? commit, PinfoldException? error)
    {
        var (shard, id) = (write.Transaction.Shard, write.Transaction.Id);
        if (commit is { } done)
            (await test.SeqsOfAsync(shard, id)).ShouldBe([done.Seq]);
        else if (error!.Kind == ErrorKind.OutcomeUnknown)
            (await write.Transaction.ResolveAsync()).ShouldBe((await test.Store.ResolveAsync(shard, id))?.Commit);
        else
        {
            error.Kind.ShouldBeOneOf(ErrorKind.Unavailable, ErrorKind.DeadlineExceeded);
            (await test.Store.ResolveAsync(shard, id)).ShouldBeNull(error.Message);
        }
    }

    static async Task<DatabaseServer> StartAsync(string engine) =>
        engine == "MySQL" ? await MySqlServer.StartAsync() : await MariaDbServer.StartAsync();
}
