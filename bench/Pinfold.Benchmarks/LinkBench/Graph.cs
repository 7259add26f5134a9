namespace Pinfold.Benchmarks.LinkBench;

/// <summary>The graph that is loaded: the same nodes and links whoever asks.</summary>
/// <remarks>
/// From LinkBench's loader: a node's links lead to the nodes after it, so whoever knows the node knows which links it
/// has;
/// the first of the two types gets the larger half. Times are spread over the 50 days before the start.
/// </remarks>
/// <param name="nodes">How many.</param>
/// <param name="distribution">How many links they have.</param>
/// <param name="linksMax">No node has more: the most linked has a million, whatever the number of nodes.</param>
sealed class Graph(int nodes, Distribution distribution, int linksMax)
{
    public const int Types = 2;
    const long SpreadMs = 1L << 32;

    /// <summary>Which nodes have many links; some of the requests favour the same.</summary>
    readonly Shuffle _byLinks = new(nodes, seed: 1);
    readonly Payloads _nodeData = new(128, 1 << 20, 50, 220, 0.63);
    readonly Payloads _linkData = new(8, 255, 32, 100, 0.225);
    readonly long _start = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    public int Nodes => nodes;

    public Payloads NodeData => _nodeData;

    public Payloads LinkData => _linkData;

    public Shuffle ByLinks => _byLinks;

    /// <summary>How many links of a type (from 0) a node was loaded with.</summary>
    public int LinksOf(long id, int type)
    {
        var all = Math.Min(linksMax, distribution.LinksOf(_byLinks.RankOf((int)(id - 1)), nodes));
        return all / Types + (type < all - all / Types ? 1 : 0);
    }

    public Node NodeOf(long id) => new(id, 2048, 1, (int)(_start / 1000), _nodeData.Next(new Random((int)id)));

    public IEnumerable<Link> LinksFrom(long id, int type)
    {
        var random = new Random((int)id * Types + type);
        for (var i = 0; i < LinksOf(id, type); i++)
            yield return new Link(id, id + i, type, _start - random.NextInt64(SpreadMs), 0, _linkData.Next(random));
    }
}
