namespace Pinfold.Benchmarks.LinkBench;

/// <summary>
/// LinkBench's Facebook workload, 16 requesters: on objects and mappings over 16 shards of one server, against
/// LinkBench's own three tables by hand on the same server. SQLite runs alone.
/// </summary>
static class LinkBenchmark
{
    const int Requesters = 16;

    public static async Task<ContestResult> RunAsync(Options options)
    {
        var distribution = Distribution.Load(options.Data);
        var graph = options.IsSmoke ? new Graph(3000, distribution, linksMax: 1000)
            : new Graph(100_000, distribution, linksMax: int.MaxValue);
        if (options.Engine == "sqlite")
        {
            await using var alone = await SqlitePinfoldLinkStore.OpenAsync();
            await alone.LoadAsync(graph);
            return await ContestAsync(options, graph, [], ("Pinfold", alone));
        }
        await using var server = await BenchServers.StartAsync(options.Engine);
        await using var pinfold = await MySqlPinfoldLinkStore.OpenAsync(server, options.Lanes);
        await using var hand = await HandLinkStore.CreateAsync(server);
        await Task.WhenAll(pinfold.LoadAsync(graph), hand.LoadAsync(graph));
        await AnswerCheck.RunAsync(graph, pinfold, hand, options.IsSmoke ? 4000 : 2000);
        return await ContestAsync(options, graph, [server],
            ("Pinfold: 16 shards, fenced, journalled", pinfold), ("by hand: LinkBench's three tables", hand));
    }

    static async Task<ContestResult> ContestAsync(
        Options options, Graph graph, Pinfold.Testing.Servers.DatabaseServer[] servers,
            params (string Name, ILinkStore Store)[] stores)
    {
        var timings = stores.Select(s => new Timings(s.Name, Requesters)).ToList();
        var contenders = stores.Select((s, i) =>
        {
            var workload =
                new Workload(
                    graph, s.Store, timings[i], () => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
            return new Contender(s.Name, (worker, random) => workload.OnceAsync(worker, random));
        });
        var contest = new Contest($"LinkBench, {graph.Nodes} nodes", Requesters, options, servers)
        {
            OnWarm = () => timings.ForEach(t => t.Clear()),
        };
        var result = await contest.RunAsync([.. contenders]) with
        {
            Latencies = [.. timings.SelectMany(t => t.Summary()).OrderBy(l => l.Request, StringComparer.Ordinal)],
        };
        result.Print();
        return result;
    }
}
