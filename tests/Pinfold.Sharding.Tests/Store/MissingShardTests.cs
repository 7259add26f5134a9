using MySqlConnector;
using Pinfold.Sharding.Hosting;
using Pinfold.Sharding.Provisioning;
using Pinfold.Sharding.Store;
using Pinfold.Sharding.Tests.Engines;
using Pinfold.Sharding.Topology;
using Pinfold.Testing;
using Pinfold.Testing.Servers;
using Shouldly;
using Xunit;
using static Pinfold.Sharding.Tests.Store.StoreModel;

namespace Pinfold.Sharding.Tests.Store;

/// <summary>Who forgets to make the shards is told what was forgotten, by the first thing that is tried.</summary>
public sealed class MissingShardTests : IDisposable
{
    readonly TempFolder _folder = new("missing");

    public void Dispose() => _folder.Dispose();

    [Theory, EveryEngine]
    public async Task TheFirstReadAndTheFirstWriteNameTheShardItsServerAndWhatMakesIt(string engine)
    {
        await using var store = await OpenAsync(engine);
        var note = Note.Type.Id(new ObjectId(new ShardId(3), Note.Type.Number, 1));

        Check(await Should.ThrowAsync<PinfoldException>(() => store.FindAsync(note)), ErrorKind.Unavailable);
        Check(await Should.ThrowAsync<PinfoldException>(
            () => store.FindManyAsync([note])), ErrorKind.Unavailable);
        var transaction = store.Begin(new ShardId(3));
        transaction.Create(new Note("lost"));
        Check(await Should.ThrowAsync<PinfoldException>(() => transaction.CommitAsync()), ErrorKind.Fenced);

        await new ShardProvisioner(store).EnsureAsync();
        (await store.FindAsync(note)).ShouldBeNull();

        static void Check(PinfoldException error, ErrorKind kind)
        {
            error.Kind.ShouldBe(kind);
            error.Shard.ShouldBe(new ShardId(3));
            error.Message.ShouldContain("hard 3 ");
            error.Message.ShouldContain("not on server s0");
            error.Message.ShouldContain("ShardProvisioner.EnsureAsync");
            error.Message.ShouldContain("ProvisionOnStart()");
        }
    }

    async Task<ShardedStore> OpenAsync(string engine)
    {
        var map = TopologyMap.Create(1, 4, [await ServerAsync(engine)],
            [new ShardRange(new ShardId(0), new ShardId(3), "s0")], databasePrefix: "unmade");
        return await ShardedStore.OpenAsync(Model, shards => shards.UseTopology(new FixedTopologySource(map))
            .Configure(o => (o.FollowJournal, o.FenceDeadline) = (false, TimeSpan.Zero)));
    }

    async Task<ServerSpec> ServerAsync(string engine)
    {
        if (engine == TestShards.Sqlite)
            return new SqliteServerSpec("s0", _folder.Path);
        var account = new MySqlConnectionStringBuilder((await TestServers.EngineAsync(engine)).ConnectionString);
        await File.WriteAllTextAsync(_folder["password"], account.Password);
        return new MySqlServerSpec("s0", new HostPort(account.Server, (int)account.Port), account.UserID)
        {
            Password = PasswordSource.FromFile(_folder["password"]),
            Tls = TlsMode.None,
        };
    }
}
