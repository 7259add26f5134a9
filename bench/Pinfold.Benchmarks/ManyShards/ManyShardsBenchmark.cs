using System.Diagnostics;
using System.Globalization;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;
using Pinfold.Testing.Servers;

namespace Pinfold.Benchmarks.ManyShards;

/// <summary>
/// What many shards cost: how long they take to make, how large an empty one is, and writes and reads over all of them
/// against 64 of them. The servers are set as the page on settings says.
/// </summary>
static class ManyShardsBenchmark
{
    const int Few = 64;
    const int Writers = 16;
    const int AtOnce = 50;
    const int PinsToAShard = 2;

    public static async Task<IReadOnlyList<ContestResult>> RunAsync(Options options)
    {
        var servers = new DatabaseServer[options.Servers];
        try
        {
            for (var i = 0; i < servers.Length; i++)
                servers[i] = await BenchServers.StartAsync(options.Engine, options.Shards / servers.Length);
            return await RunAsync(options, servers);
        }
        finally
        {
            foreach (var server in servers)
                if (server is not null)
                    await server.DisposeAsync();
        }
    }

    static async Task<IReadOnlyList<ContestResult>> RunAsync(Options options, DatabaseServer[] servers)
    {
        var empty = servers.Sum(BytesOf);
        var watch = Stopwatch.StartNew();
        await using var store = await BenchStore.OpenAsync(
            BenchModel.Sharding, options.Shards, options.Lanes, servers);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{options.Shards} shards on {servers.Length} servers made in {watch.Elapsed.TotalSeconds:N0} s, "
            + $"{(servers.Sum(BytesOf) - empty) / 1024.0 / options.Shards:N0} KiB each"));
        var all = Enumerable.Range(0, options.Shards).ToArray();
        var few = all.Where(i => i % (options.Shards / Few) == 0).Take(Few).ToArray();
        var places = await FillAsync(store, all);
        return
        [
            await new Contest($"Write of a pin and its entry, {servers.Length} servers", Writers, options, servers)
                .RunAsync(
                    new($"over {Few} shards", (_, random) => WriteAsync(store, places[few[random.Next(Few)]], random)),
                    new($"over {options.Shards} shards", (_, random) =>
                        WriteAsync(store, places[all[random.Next(all.Length)]], random))),
            await new Contest($"{AtOnce} pins, {servers.Length} servers", Writers, options, servers).RunAsync(
                new($"over {Few} shards", (_, random) => ReadAsync(store, places, few, random)),
                new($"over {options.Shards} shards", (_, random) => ReadAsync(store, places, all, random))),
        ];
    }

    static async Task<(ObjectId<BenchBoard> Board, ObjectId<BenchPin>[] Pins)[]> FillAsync(
        ShardedStore store, int[] shards)
    {
        var places = new (ObjectId<BenchBoard>, ObjectId<BenchPin>[])[shards.Length];
        await Parallel.ForEachAsync(shards, new ParallelOptions { MaxDegreeOfParallelism = Writers },
            async (shard, _) =>
            {
                var random = new Random(shard);
                var transaction = store.Begin(new ShardId(shard));
                var board = transaction.Create(new BenchBoard("Sea"));
                var pins = Enumerable.Range(0, PinsToAShard)
                    .Select(_ => transaction.Create(BenchPin.Sample(random))).ToList();
                await transaction.CommitAsync();
                places[shard] = (board.Id, [.. pins.Select(p => p.Id)]);
            });
        return places;
    }

    static async Task WriteAsync(
        ShardedStore store, (ObjectId<BenchBoard> Board, ObjectId<BenchPin>[] Pins) place, Random random)
    {
        var transaction = store.Begin(place.Board.Shard);
        var pin = transaction.Create(BenchPin.Sample(random));
        transaction.Put(BenchModel.BoardHasPins, place.Board, pin, random.NextInt64(1L << 40));
        await transaction.CommitAsync();
    }

    static async Task ReadAsync(
        ShardedStore store, (ObjectId<BenchBoard> Board, ObjectId<BenchPin>[] Pins)[] places, int[] shards,
        Random random)
    {
        var ids = Enumerable.Range(0, AtOnce)
            .Select(_ => places[shards[random.Next(shards.Length)]].Pins[random.Next(PinsToAShard)]).ToArray();
        var found = await store.FindManyAsync(ids);
        MismatchException.Unless(found.All(pin => pin is not null), "a pin of many shards is missing");
    }

    static long BytesOf(DatabaseServer server)
    {
        var disk = Process.Start(new ProcessStartInfo("du", ["-s", "-B1", server.Folder])
        {
            RedirectStandardOutput = true,
        })!;
        return long.Parse(disk.StandardOutput.ReadToEnd().Split('\t')[0], CultureInfo.InvariantCulture);
    }
}
