using System.Diagnostics;

namespace Pinfold.Benchmarks.LinkBench;

/// <summary>
/// The requests of LinkBench's <c>FBWorkload.properties</c>: their mix, which nodes they ask for and how much they
/// carry, as measured at Facebook ("LinkBench: a database benchmark based on the Facebook social graph", SIGMOD 2013).
/// </summary>
/// <param name="graph">What was loaded.</param>
/// <param name="store">Who is asked.</param>
/// <param name="timings">How long each request took.</param>
/// <param name="nowMs">The time that new links and nodes carry.</param>
sealed class Workload(Graph graph, ILinkStore store, Timings? timings, Func<long> nowMs)
{
    const int LinksMax = 10_000;

    static readonly (Request Request, double Percent)[] Mix =
    [
        (Request.AddLink, 8.9886601), (Request.DeleteLink, 2.9907664), (Request.UpdateLink, 8.0122125),
        (Request.CountLinks, 4.8863567), (Request.MultigetLinks, 0.5261142), (Request.GetLinkList, 50.7119145),
        (Request.AddNode, 2.5732789), (Request.UpdateNode, 7.366437), (Request.DeleteNode, 1.0115914),
            (Request.GetNode, 12.9326683),
    ];

    readonly Shuffle _uncorrelated = new(graph.Nodes, seed: 2);
    readonly Shuffle _byVisits = new(graph.Nodes, seed: 3);
    readonly Zipf _linkReads = new(graph.Nodes, 0.8);
    readonly Zipf _linkWrites = new(graph.Nodes, 0.741);
    readonly Zipf _nodeReads = new(graph.Nodes, 0.625);
    readonly Zipf _nodeUpdates = new(graph.Nodes, 0.606);
    readonly List<(long Id1, int Type, LinkPage Page)> _unfinished = [];

    /// <summary>Sends one request, and returns what came back.</summary>
    public async Task<object?> OnceAsync(int worker, Random random)
    {
        var request = Choose(random);
        var prepared = Prepare(request, random);
        var start = Stopwatch.GetTimestamp();
        var answer = await prepared();
        timings?.Add(worker, request, Stopwatch.GetElapsedTime(start));
        return answer;
    }

    static Request Choose(Random random)
    {
        var percent = random.NextDouble() * 100;
        foreach (var (request, share) in Mix)
            if ((percent -= share) < 0)
                return request;
        return Request.GetNode;
    }

    /// <summary>Chooses ids and payload before the clock runs.</summary>
    Func<Task<object?>> Prepare(Request request, Random random)
    {
        var type = random.Next(Graph.Types);
        switch (request)
        {
            case Request.AddLink or Request.UpdateLink:
                var from = WrittenLinkOwner(random);
                var to = LinkedFrom(from, type, request == Request.AddLink ? 0.05 : 0.9, random);
                var link = new Link(from, to, type, nowMs(), 0, graph.LinkData.Next(random));
                return async () => { await store.PutLinkAsync(link); return null; };
            case Request.DeleteLink:
                var owner = WrittenLinkOwner(random);
                var hidden = LinkedFrom(owner, type, 0.9, random);
                return async () => { await store.DeleteLinkAsync(owner, type, hidden); return null; };
            case Request.CountLinks:
                var counted = ReadLinkOwner(random);
                return async () => await store.CountLinksAsync(counted, type);
            case Request.MultigetLinks:
                var id1 = ReadLinkOwner(random);
                var id2s = SomeLinkedFrom(id1, type, random);
                return async () => await store.MultigetLinksAsync(id1, type, id2s);
            case Request.GetLinkList:
                return PrepareList(ReadLinkOwner(random), type, random);
            case Request.AddNode:
                var added = NewNode(0, 1, random);
                return async () => { await store.AddNodeAsync(added); return null; };
            case Request.UpdateNode:
                var updated = NewNode(1 + _byVisits.NodeOf(_nodeUpdates.Choose(random)), 2, random);
                return async () => await store.UpdateNodeAsync(updated);
            case Request.DeleteNode:
                var deleted = 1 + random.Next(graph.Nodes);
                return async () => await store.DeleteNodeAsync(deleted);
            default:
                var read = 1 + _byVisits.NodeOf(_nodeReads.Choose(random));
                return async () => await store.GetNodeAsync(read);
        }
    }

    /// <summary>Three in a thousand ask for the links before those of a list that was cut off.</summary>
    Func<Task<object?>> PrepareList(long id1, int type, Random random)
    {
        var before = default(LinkPage);
        if (random.NextDouble() < 0.003)
            lock (_unfinished)
                if (_unfinished.Count > 0)
                {
                    var place = random.Next(_unfinished.Count);
                    (id1, type, before) = _unfinished[place];
                    _unfinished.RemoveAt(place);
                }
        return async () =>
        {
            var page = await store.GetLinksAsync(id1, type, LinksMax, before);
            if (page.Next is not null)
                lock (_unfinished)
                    if (_unfinished.Count < 2048)
                        _unfinished.Add((id1, type, page with { Links = [page.Links[^1]] }));
            return page;
        };
    }

    Node NewNode(long id, int version, Random random) =>
        new(id, 2048, version, (int)(nowMs() / 1000), graph.NodeData.Next(random));

    // 0.5 % of the reads and 5 % of the writes favour nodes with many links, the others have favourites of their own.
    long ReadLinkOwner(Random random) =>
        1 + (random.NextDouble() < 0.995 ? _uncorrelated : graph.ByLinks).NodeOf(_linkReads.Choose(random));

    long WrittenLinkOwner(Random random) =>
        1 + (random.NextDouble() < 0.95 ? _uncorrelated : graph.ByLinks).NodeOf(_linkWrites.Choose(random));

    long LinkedFrom(long id1, int type, double existing, Random random) =>
        id1 + random.Next(RangeOf(id1, type, existing));

    long[] SomeLinkedFrom(long id1, int type, Random random)
    {
        const double stop = 0.382;
        var count = Math.Min(127, 1 + (int)Math.Ceiling(Math.Log(1 - random.NextDouble()) / Math.Log(1 - stop)));
        var range = RangeOf(id1, type, 0.5);
        var chosen = new HashSet<long>();
        while (chosen.Count < Math.Min(count, range))
            chosen.Add(id1 + random.Next(range));
        return [.. chosen];
    }

    /// <summary>From so many nodes one is chosen, so that the share of links that exist is as wanted.</summary>
    int RangeOf(long id1, int type, double existing) =>
        Math.Max(1, (int)Math.Ceiling(graph.LinksOf(id1, type) / existing));
}

/// <summary>What is asked, in LinkBench's words.</summary>
enum Request
{
    AddLink,
    DeleteLink,
    UpdateLink,
    CountLinks,
    MultigetLinks,
    GetLinkList,
    AddNode,
    UpdateNode,
    DeleteNode,
    GetNode,
}
