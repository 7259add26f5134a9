using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Engines.Sqlite;
using Shouldly;
using Xunit;
using static Pinfold.Sharding.Tests.Engines.StorageModel;

namespace Pinfold.Sharding.Tests.Engines;

/// <summary>A disk that is really full.</summary>
public sealed class SqliteFullDiskTests
{
    [Fact]
    public async Task AFullDiskRefusesWritesByNameLosesNothingAndReadsGoOn()
    {
        if (SmallDisk.Folder is not { } disk)
        {
            await SmallDisk.RunThisTestAsync(megabytes: 3);
            return;
        }
        var shard = new ShardId(7);
        var server = new SqliteShardServer("a", disk, TimeSpan.FromSeconds(5));
        await server.CreateShardAsync(shard, 1, default);
        var ballast = Path.Combine(disk, "ballast");
        await File.WriteAllBytesAsync(ballast, new byte[1 << 20]);
        var acknowledged = 0;

        // Of different sizes, so that the disk ends in different places of a commit.
        for (var round = 0; round < 6; round++)
        {
            var refused = 0;
            for (var i = 0; refused < 5; i++)
                try
                {
                    i.ShouldBeLessThan(2000, "the disk has an end");
                    await CommitAsync(server, shard,
                        NewBody(acknowledged + 1, 100 + (refused == 0 ? 5000 * round : 0)));
                    acknowledged++;
                }
                catch (CommitFailedException e)
                {
                    e.Failure.ShouldBe(CommitFailure.Refused);
                    e.Message.ShouldContain("pinfold00007.db");
                    e.Message.ShouldMatch("no room|disk failed");
                    e.InnerException.ShouldBeOfType<PinfoldException>().Kind.ShouldBe(ErrorKind.Unavailable);
                    refused++;
                }
            await ShouldHoldAsync(server, shard, acknowledged);
            await using (var reopened = new SqliteShardServer("b", disk, TimeSpan.FromSeconds(5)))
                await ShouldHoldAsync(reopened, shard, acknowledged);

            File.Delete(ballast);
            for (var i = 0; i < 3; i++)
                await CommitAsync(server, shard, NewBody(++acknowledged, 100));
            await ShouldHoldAsync(server, shard, acknowledged);
            await FillAsync(ballast);
        }
        (await Should.ThrowAsync<PinfoldException>(async () =>
            await server.CreateShardAsync(new ShardId(8), 1, default)))
            .Message.ShouldContain("8");
        (await server.ListShardsAsync(default)).ShouldBe([shard]);
        Directory.GetFiles(disk).Select(Path.GetFileName).ShouldNotContain(f => f!.Contains("00008"));
        await server.DisposeAsync();
        File.Delete(ballast);
        await using var last = new SqliteShardServer("c", disk, TimeSpan.FromSeconds(5));
        await ShouldHoldAsync(last, shard, acknowledged);
    }

    [Fact]
    public async Task WhatAFailedCommitGivesBackIsNotNeededToRead()
    {
        if (SmallDisk.Folder is not { } disk)
        {
            await SmallDisk.RunThisTestAsync(megabytes: 3);
            return;
        }
        var shard = new ShardId(7);
        await using var server = new SqliteShardServer("a", disk, TimeSpan.FromSeconds(5));
        await server.CreateShardAsync(shard, 1, default);
        await CommitAsync(server, shard, NewBody(1, 100));

        for (var attempt = 0; attempt < 3; attempt++)
        {
            // Others take whatever room there is, at once.
            await FillAsync(Path.Combine(disk, $"others{attempt}"));
            (await Should.ThrowAsync<CommitFailedException>(() => CommitAsync(server, shard, NewBody(2, 100))))
                .Message.ShouldContain("no room");
            await FillAsync(Path.Combine(disk, $"others{attempt}+"));
            await ShouldHoldAsync(server, shard, 1);
        }
        for (var attempt = 0; attempt < 3; attempt++)
            File.Delete(Path.Combine(disk, $"others{attempt}"));
        await CommitAsync(server, shard, NewBody(2, 100));
        await ShouldHoldAsync(server, shard, 2);
    }

    static byte[] NewBody(int number, int length)
    {
        var body = new byte[length];
        BitConverter.TryWriteBytes(body, number);
        return body;
    }

    static async Task CommitAsync(IShardServer server, ShardId shard, byte[] body) => await server.CommitAsync(
        [new ShardCommit(shard, 1, [TestShards.NewOn(shard, new CreateObject(Pin.Type, 1, body))])],
        CancellationToken.None);

    static async Task FillAsync(string path)
    {
        await using var file = File.Create(path, 1);
        try
        {
            for (var chunk = new byte[4096]; ;)
                await file.WriteAsync(chunk);
        }
        catch (IOException)
        {
            // Full is what it was to become.
        }
    }

    static async Task ShouldHoldAsync(IShardServer server, ShardId shard, int count)
    {
        var objects = new ObjectsRead(shard, Pin.Type, [.. Enumerable.Range(1, count + 1).Select(i => (long)i)]);
        var journal = new JournalRead(shard, 0, count + 1);
        await server.ReadAsync([objects, journal], default);

        journal.Rows.Select(r => r.Seq).ShouldBe(Enumerable.Range(1, count).Select(i => (long)i));
        objects.Rows[count].ShouldBeNull();
        for (var i = 0; i < count; i++)
            BitConverter.ToInt32(objects.Rows[i]!.Body).ShouldBe(i + 1);
    }
}
