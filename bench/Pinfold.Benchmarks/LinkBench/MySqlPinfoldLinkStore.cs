using System.Globalization;
using MySqlConnector;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;
using Pinfold.Testing.Servers;
using Pinfold.Sharding.Topology;

namespace Pinfold.Benchmarks.LinkBench;

/// <summary>
/// On MySQL or MariaDB the graph is loaded with rows as Pinfold would have written them, many to a statement.
/// </summary>
sealed class MySqlPinfoldLinkStore(ShardedStore store, DatabaseServer server) : PinfoldLinkStore(store)
{
    public static async Task<PinfoldLinkStore> OpenAsync(DatabaseServer server, int? lanes) =>
        new MySqlPinfoldLinkStore(await BenchStore.OpenAsync(Model, Shards, lanes, server), server);

    public override async Task LoadAsync(Graph graph)
    {
        await using var source = new MySqlDataSource(BenchStore.Connection(server).ConnectionString);
        await Parallel.ForEachAsync(Enumerable.Range(0, Shards), new ParallelOptions { MaxDegreeOfParallelism = 3 },
            async (shard, _) => await LoadShardAsync(source, graph, shard));
    }

    static async Task LoadShardAsync(MySqlDataSource source, Graph graph, int shard)
    {
        var d = DatabaseNames.Default.Of(new ShardId(shard));
        var numbers = Enumerable.Range(0, (graph.Nodes - shard + Shards - 1) / Shards)
            .Select(i => (long)i * Shards + shard + 1).ToList();
        await using (var nodes = new RowLoader(source, $"{d}.objects(type,local_id,seq,body)"))
            foreach (var number in numbers)
            {
                var body = Convert.ToHexString(LinkNode.Type.Encode(BodyOf(graph.NodeOf(number))));
                await nodes.AddAsync($"({LinkNode.Type.Number},{IdOf(number).Local},0,x'{body}')");
            }
        for (var type = 0; type < Graph.Types; type++)
        {
            var mapping = Mappings[type].Number;
            await using var entries = new RowLoader(source, $"{d}.entries(mapping,from_id,sequence,to_id,n,body)");
            foreach (var number in numbers.Where(n => graph.LinksOf(n, type) > 0))
            {
                var from = IdOf(number).Untyped.Value;
                await entries.AddAsync($"({mapping},{from},0,0,{graph.LinksOf(number, type)},'')");
                foreach (var link in graph.LinksFrom(number, type).OrderBy(l => l.Time))
                {
                    var (to, body) = (IdOf(link.Id2).Untyped.Value, Convert.ToHexString(BodyOf(link)));
                    await entries.AddAsync($"({mapping},{from},{link.Time},{to},NULL,x'{body}')");
                }
            }
        }
        await using var connection = await source.OpenConnectionAsync();
        await using var update = new MySqlCommand(
            string.Create(CultureInfo.InvariantCulture,
                $"UPDATE {DatabaseNames.Default.Server}.shards SET last_local_id={numbers.Count} WHERE id={shard}"),
            connection);
        await update.ExecuteNonQueryAsync();
    }
}
