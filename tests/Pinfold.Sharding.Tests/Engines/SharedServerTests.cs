using MySqlConnector;
using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Engines.MySql;
using Pinfold.Sharding.Topology;
using Pinfold.Testing.Servers;
using Shouldly;
using Xunit;
using static Pinfold.Sharding.Tests.Engines.StorageModel;

namespace Pinfold.Sharding.Tests.Engines;

/// <summary>Two installations on one server, of which neither sees the other.</summary>
public sealed class SharedServerTests
{
    static readonly ShardId Shard = new(7);

    [Theory, EveryEngine(IsServer = true)]
    public async Task InstallationsWithDifferentPrefixesShareAServer(string engine)
    {
        var database = await TestServers.EngineAsync(engine);
        var prefix = $"i{Guid.NewGuid():N}"[..12] + "x";
        await using var one = Open(database, prefix);
        await using var two = Open(database, prefix + "_2");
        await one.CreateShardAsync(Shard, epoch: 1, default);
        await one.CreateShardAsync(new ShardId(8), epoch: 1, default);
        await two.CreateShardAsync(Shard, epoch: 5, default);

        (await CommitAsync(one, epoch: 1, "one")).ShouldBe(1);
        (await CommitAsync(one, epoch: 1, "one again")).ShouldBe(2);
        (await CommitAsync(two, epoch: 5, "two")).ShouldBe(1);

        (await one.ListShardsAsync(default)).Order().ShouldBe([Shard, new ShardId(8)]);
        (await two.ListShardsAsync(default)).ShouldBe([Shard]);
        (await BodyAsync(one)).ShouldBe("one");
        (await BodyAsync(two)).ShouldBe("two");
        await ShouldHaveOneWorkerAsync(one);
        await ShouldHaveOneWorkerAsync(two);
        await database.ExecuteAsync(string.Concat(
            new[] { one, two }.SelectMany(s => new[] { s.Databases.Server, s.Databases.Of(Shard) })
                .Append(one.Databases.Of(new ShardId(8))).Select(name => $"DROP DATABASE {name};")));
    }

    static MySqlShardServer Open(DatabaseServer database, string prefix) => new(
        prefix, new MySqlConnectionStringBuilder(database.ConnectionString), TimeSpan.FromSeconds(30),
        new DatabaseNames(prefix));

    static async Task<long> CommitAsync(MySqlShardServer server, long epoch, string body)
    {
        var write = TestShards.NewOn(Shard, new CreateObject(Pin.Type, 1, System.Text.Encoding.UTF8.GetBytes(body)));
        return (await server.CommitAsync([new ShardCommit(Shard, epoch, [write])], default))[0].Seq;
    }

    static async Task<string> BodyAsync(MySqlShardServer server)
    {
        var read = new ObjectsRead(Shard, Pin.Type, [1]);
        await server.ReadAsync([read], default);
        return System.Text.Encoding.UTF8.GetString(read.Rows[0]!.Body);
    }

    static async Task ShouldHaveOneWorkerAsync(MySqlShardServer server) =>
        (await server.Coordination.RenewAsync(Guid.NewGuid(), server.Name, "names=", TimeSpan.FromSeconds(15), default))
            .Workers.Count.ShouldBe(1);
}
