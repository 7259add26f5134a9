using Microsoft.Extensions.Logging.Abstractions;
using Pinfold.Pinboard.Redis;
using Pinfold.Sharding;
using Pinfold.Sharding.Topology;
using Pinfold.Testing.Servers;
using Shouldly;
using StackExchange.Redis;
using Xunit;

namespace Pinfold.Pinboard.Tests.Redis;

public sealed class RedisLinkTests
{
    static readonly TimeSpan LimitMax = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task AfterAFailoverEveryWriteGoesToTheNewPrimaryThoughTheOldOneLives()
    {
        await using var redis = await RedisWithSentinels.StartAsync();
        await using var link = Link(SpecOf(redis));
        await SetAsync(link, "before", "1");

        await redis.FailOverAsync();
        await UntilAsync(async () =>
        {
            await SetAsync(link, "probe", "1");
            return await redis.Second.AskAsync("EXISTS", "probe") == ":1";
        });
        for (var i = 0; i < 200; i++)
            await SetAsync(link, $"after{i}", "1");

        redis.First.IsRunning.ShouldBeTrue();
        for (var i = 0; i < 200; i++)
            (await redis.Second.AskAsync("EXISTS", $"after{i}")).ShouldBe(":1");
    }

    /// <summary>As a process meets it that no Sentinel has told yet.</summary>
    [Fact]
    public async Task AWriteThatMeetsAReplicaIsRefusedAndThePrimaryIsLookedForAgain()
    {
        await using var redis = await RedisWithSentinels.StartAsync();
        await using var link = Link(SpecOf(redis));
        await SetAsync(link, "before", "1");
        await redis.First.AskAsync("REPLICAOF", "127.0.0.1", $"{redis.Second.Port}");

        await Should.ThrowAsync<PinfoldException>(() => SetAsync(link, "lost", "1"));
        await redis.First.AskAsync("REPLICAOF", "NO", "ONE");

        await UntilAsync(async () =>
        {
            await SetAsync(link, "after", "1");
            return true;
        });
        (await redis.First.AskAsync("EXISTS", "lost")).ShouldBe(":0");
    }

    [Fact]
    public async Task ARestartedRedisAnswersAgainWithoutAnotherLink()
    {
        await using var server = await RedisServer.StartAsync();
        await using var link = Link(SpecOf(server));
        await SetAsync(link, "a", "1");

        await server.KillAsync();
        (await Should.ThrowAsync<PinfoldException>(() => SetAsync(link, "b", "1"))).Kind
            .ShouldBe(ErrorKind.Unavailable);
        await server.RestartAsync();

        await UntilAsync(async () =>
        {
            await SetAsync(link, "c", "1");
            return true;
        });
        (await server.AskAsync("EXISTS", "c")).ShouldBe(":1");
    }

    [Fact]
    public async Task ARedisThatIsNotThereAtFirstIsDialledLater()
    {
        await using var server = await RedisServer.StartAsync();
        await server.StopAsync();
        await using var link = Link(SpecOf(server));

        await Should.ThrowAsync<PinfoldException>(() => SetAsync(link, "a", "1"));
        await server.RestartAsync();

        await UntilAsync(async () =>
        {
            await SetAsync(link, "a", "1");
            return true;
        });
    }

    [Fact]
    public async Task APasswordIsReadFromItsFileAndNeverSaid()
    {
        await using var server = await RedisServer.StartAsync(new() { Password = "quince-and-pear" });
        using var folder = new Pinfold.Testing.TempFolder("secret");
        await File.WriteAllTextAsync(folder["right"], "quince-and-pear\n");
        await File.WriteAllTextAsync(folder["wrong"], "medlar\n");
        await using var link = Link(SpecOf(server) with { Password = PasswordSource.FromFile(folder["right"]) });
        await using var other = Link(SpecOf(server) with { Password = PasswordSource.FromFile(folder["wrong"]) });

        await SetAsync(link, "a", "1");
        var refused = await Should.ThrowAsync<PinfoldException>(() => SetAsync(other, "a", "1"));

        $"{refused}".ShouldNotContain("medlar");
    }

    static RedisSentinelSpec SpecOf(RedisWithSentinels redis) =>
        new([.. redis.Sentinels.Select(s => new HostPort("127.0.0.1", s.Port))], RedisWithSentinels.Name);

    static RedisServerSpec SpecOf(RedisServer server) => new(new HostPort("127.0.0.1", server.Port));

    /// <summary>As the client does with what was under way on a connection that breaks.</summary>
    [Fact]
    public async Task WhatTheClientCancelsWasNotAnsweredAndWhatTheCallerCancelsIsTheirs()
    {
        await using var server = await RedisServer.StartAsync();
        await using var link = Link(new RedisServerSpec(new HostPort("127.0.0.1", server.Port)));
        using var ended = new CancellationTokenSource();

        await Should.ThrowAsync<RedisUnavailableException>(() => link.AskAsync(
            "cancelled", _ => Task.FromCanceled<bool>(new CancellationToken(canceled: true)), default));
        await UntilAsync(() => SetAsync(link, "after", "1"));
        await Should.ThrowAsync<OperationCanceledException>(() => link.AskAsync("ended", async _ =>
        {
            await ended.CancelAsync();
            return await Task.FromCanceled<bool>(ended.Token);
        }, ended.Token));
    }

    static RedisLink Link(RedisSpec spec) =>
        new(spec, "feeds", new RedisMetrics(), TimeProvider.System, NullLogger.Instance);

    static Task<bool> SetAsync(RedisLink link, string key, string value) => link.AskAsync(
        "set", async db => (bool)(await db.ScriptEvaluateAsync(
            "redis.call('SET', KEYS[1], ARGV[1]) return 1", [key], [value], CommandFlags.DemandMaster)), default);

    /// <summary>While it does not answer it is asked again; whoever gives up sees why.</summary>
    static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var limit = new CancellationTokenSource(LimitMax);
        while (true)
            try
            {
                if (await isSo())
                    return;
                await Task.Delay(20, limit.Token);
            }
            catch (PinfoldException) when (!limit.IsCancellationRequested)
            {
                await Task.Delay(20, limit.Token);
            }
    }
}
