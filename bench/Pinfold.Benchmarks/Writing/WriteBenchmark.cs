using System.Globalization;
using MySqlConnector;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;
using Pinfold.Testing.Servers;
using Pinfold.Sharding.Topology;

namespace Pinfold.Benchmarks.Writing;

/// <summary>
/// A fenced, journalled write of a pin and its entry on a board, against a transaction of the two inserts written by
/// hand; 16 writers, unless told otherwise, over 64 shards of one server.
/// </summary>
static class WriteBenchmark
{
    const int Shards = 64;

    public static async Task<ContestResult> RunAsync(Options options)
    {
        await using var server = await BenchServers.StartAsync(options.Engine);
        await using var store = await BenchStore.OpenAsync(BenchModel.Sharding, Shards, options.Lanes, server);
        var boards = await MakeBoardsAsync(store);
        await using var source = new MySqlDataSource(BenchStore.Connection(server).ConnectionString);
        var hand = new HandWriter(source, Shards);
        await hand.CreateTablesAsync();
        long pinfoldWrites = 0, handWrites = 0;
        var result =
            await new Contest(
                $"Write of a pin and its entry on a board, {Shards} shards", options.Writers, options, [server])
                .RunAsync(
            new("Pinfold: fenced, journalled, counted", async (_, random) =>
            {
                await WriteAsync(store, boards[random.Next(Shards)], random);
                Interlocked.Increment(ref pinfoldWrites);
            }),
            new("by hand: the two inserts in one round trip", async (_, random) =>
            {
                MismatchException.Unless(await hand.WriteInOneTripAsync(random) > 0, "a pin written by hand has no id");
                Interlocked.Increment(ref handWrites);
            }),
            new("by hand: a round trip per statement", async (_, random) =>
            {
                await hand.WriteStatementByStatementAsync(random);
                Interlocked.Increment(ref handWrites);
            }));
        await CheckAsync(server, pinfoldWrites, handWrites);
        return result;
    }

    static async Task<ObjectId<BenchBoard>[]> MakeBoardsAsync(ShardedStore store)
    {
        var boards = new ObjectId<BenchBoard>[Shards];
        for (var i = 0; i < Shards; i++)
        {
            var transaction = store.Begin(new ShardId(i));
            var board = transaction.Create(new BenchBoard("Sea"));
            await transaction.CommitAsync();
            boards[i] = board.Id;
        }
        return boards;
    }

    static async Task<ObjectId<BenchPin>> WriteAsync(ShardedStore store, ObjectId<BenchBoard> board, Random random)
    {
        var transaction = store.Begin(board.Shard);
        var pin = transaction.Create(BenchPin.Sample(random));
        transaction.Put(BenchModel.BoardHasPins, board, pin, random.NextInt64(1L << 40));
        await transaction.CommitAsync();
        return pin.Id;
    }

    /// <summary>Every write that was acknowledged is there, once, in every table that it goes to.</summary>
    static async Task CheckAsync(DatabaseServer server, long pinfoldWrites, long handWrites)
    {
        await Same(pinfoldWrites, i => $"(SELECT COUNT(*) FROM {Of(i)}.objects WHERE type=1)");
        await Same(pinfoldWrites, i => $"(SELECT COUNT(*) FROM {Of(i)}.entries WHERE to_id<>0)");
        await Same(pinfoldWrites, i => $"(SELECT COALESCE(SUM(n),0) FROM {Of(i)}.entries)");
        await Same(pinfoldWrites + Shards, i => $"(SELECT COUNT(*) FROM {Of(i)}.journal)");
        await Same(handWrites, i => $"(SELECT COUNT(*) FROM {HandWriter.Database(i)}.pins)");
        await Same(handWrites, i => $"(SELECT COUNT(*) FROM {HandWriter.Database(i)}.board_has_pins)");

        async Task Same(long written, Func<int, string> count)
        {
            var sql = "SELECT " + string.Join('+', Enumerable.Range(0, Shards).Select(count));
            var there = Convert.ToInt64(await server.ScalarAsync(sql), CultureInfo.InvariantCulture);
            MismatchException.Unless(
                there == written, $"{written} writes were acknowledged, {there} are there: {sql[..80]}...");
        }
    }

    static string Of(int shard) => DatabaseNames.Default.Of(new ShardId(shard));
}
