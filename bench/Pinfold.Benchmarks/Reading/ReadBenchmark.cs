using MySqlConnector;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;
using Pinfold.Testing.Servers;

namespace Pinfold.Benchmarks.Reading;

/// <summary>
/// Reads of one pin and of 50 pins over 16 shards, without a cache: on two servers, and on one; against readers written
/// by hand, and MariaDB's Spider engine.
/// </summary>
static class ReadBenchmark
{
    const int Readers = 16;
    const int Shards = 16;
    const int AtOnce = 50;

    public static async Task<IReadOnlyList<ContestResult>> RunAsync(Options options) =>
        [.. await RunAsync(options, servers: 1), .. await RunAsync(options, servers: 2)];

    static async Task<IReadOnlyList<ContestResult>> RunAsync(Options options, int servers)
    {
        var started = new List<DatabaseServer>();
        try
        {
            for (var i = 0; i < servers; i++)
                started.Add(await BenchServers.StartAsync(options.Engine));
            return await RunAsync(options, [.. started]);
        }
        finally
        {
            foreach (var server in started)
                await server.DisposeAsync();
        }
    }

    static async Task<IReadOnlyList<ContestResult>> RunAsync(Options options, DatabaseServer[] servers)
    {
        await using var store = await BenchStore.OpenAsync(BenchModel.Sharding, Shards, options.Lanes, servers);
        var ids = await FillAsync(store, options.IsSmoke ? 100 : 2000);
        var sources = Array.ConvertAll(servers, s => new MySqlDataSource(BenchStore.Connection(s).ConnectionString));
        try
        {
            var hand = new HandReader(sources, Shards / servers.Length);
            var on = servers.Length == 1 ? "1 server" : $"{servers.Length} servers";
            var results = new List<ContestResult>();
            if (servers.Length == 1)
                results.Add(await PointReadsAsync(options, servers, store, hand, ids));
            if (servers.Length == 1 || options.Engine == "mysql")
                results.Add(
                    await MultiGetsAsync(
                        $"{AtOnce} pins over {Shards} shards on {on}", options, servers, store, hand, ids, null));
            else
                results.Add(
                    await WithSpiderAsync(
                        $"{AtOnce} pins over {Shards} shards on {on}", options, servers, store, hand, ids));
            return results;
        }
        finally
        {
            foreach (var source in sources)
                await source.DisposeAsync();
        }
    }

    static async Task<ContestResult> WithSpiderAsync(
        string title, Options options, DatabaseServer[] servers, ShardedStore store, HandReader hand,
            ObjectId<BenchPin>[] ids)
    {
        await using var front = await BenchServers.StartAsync(options.Engine, spider: true);
        await using var source = new MySqlDataSource(BenchStore.Connection(front).ConnectionString);
        var spider = await SpiderReader.CreateAsync(front, source, servers, Shards);
        return await MultiGetsAsync(title, options, [.. servers, front], store, hand, ids, spider);
    }

    static async Task<ObjectId<BenchPin>[]> FillAsync(ShardedStore store, int pinsPerShard)
    {
        var random = new Random(1);
        var ids = new List<ObjectId<BenchPin>>();
        for (var shard = 0; shard < Shards; shard++)
            for (var done = 0; done < pinsPerShard; done += 100)
            {
                var transaction = store.Begin(new ShardId(shard));
                var pins = new NewObject<BenchPin>[100];
                for (var i = 0; i < pins.Length; i++)
                    pins[i] = transaction.Create(BenchPin.Sample(random));
                await transaction.CommitAsync();
                ids.AddRange(pins.Select(p => p.Id));
            }
        return [.. ids];
    }

    static async Task<ContestResult> PointReadsAsync(
        Options options, DatabaseServer[] servers, ShardedStore store, HandReader hand, ObjectId<BenchPin>[] ids)
    {
        foreach (var id in ids.Take(20))
        {
            var right = Of(await store.GetAsync(id));
            MismatchException.Unless(right == await hand.FindAsync(id.Untyped), $"pin {id} read by hand");
            MismatchException.Unless(
                right == await hand.FindPreparedAsync(id.Untyped), $"pin {id} read by hand, prepared");
        }
        return await new Contest($"One pin of {Shards} shards on 1 server", Readers, options, servers).RunAsync(
            new("Pinfold", (_, random) => store.GetAsync(ids[random.Next(ids.Length)])),
            new("by hand", (_, random) => hand.FindAsync(ids[random.Next(ids.Length)].Untyped)),
            new("by hand, prepared", (_, random) => hand.FindPreparedAsync(ids[random.Next(ids.Length)].Untyped)));
    }

    static async Task<ContestResult> MultiGetsAsync(
        string title, Options options, DatabaseServer[] servers, ShardedStore store, HandReader hand,
            ObjectId<BenchPin>[] ids, SpiderReader? spider)
    {
        var contenders = new List<Contender>
        {
            new("Pinfold", (_, random) => store.FindManyAsync(Pick(random))),
            new("by hand, a query per server", (_, random) => hand.FindManyByServerAsync(Untyped(Pick(random)))),
            new("by hand, a query per shard", (_, random) => hand.FindManyByShardAsync(Untyped(Pick(random)))),
        };
        if (spider is not null)
            contenders.Add(new("Spider", (_, random) => spider.FindManyAsync(Untyped(Pick(random)))));

        var picked = Pick(new Random(5));
        var right = (await store.FindManyAsync(picked)).Select(p => Of(p!)).ToList();
        MismatchException.Unless(
            right.SequenceEqual(await hand.FindManyByServerAsync(Untyped(picked))), "50 pins by server");
        MismatchException.Unless(
            right.SequenceEqual(await hand.FindManyByShardAsync(Untyped(picked))), "50 pins by shard");
        if (spider is not null)
            MismatchException.Unless(
                right.SequenceEqual(await spider.FindManyAsync(Untyped(picked))), "50 pins by Spider");
        return await new Contest(title, Readers, options, servers).RunAsync([.. contenders]);

        ObjectId<BenchPin>[] Pick(Random random)
        {
            var some = new ObjectId<BenchPin>[AtOnce];
            for (var i = 0; i < some.Length; i++)
                some[i] = ids[random.Next(ids.Length)];
            return some;
        }
    }

    static ObjectId[] Untyped(ObjectId<BenchPin>[] ids) => Array.ConvertAll(ids, id => id.Untyped);

    static HandPin Of(Stored<BenchPin> pin) => new(pin.Id.Untyped.Value, pin.Body, pin.Version, pin.Seq);
}
