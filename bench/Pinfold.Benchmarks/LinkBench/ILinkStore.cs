namespace Pinfold.Benchmarks.LinkBench;

/// <summary>A node; nodes are numbered from 1.</summary>
sealed record Node(long Id, int Type, long Version, int Time, byte[] Data);

/// <summary>A link from one node to another, newest first by <paramref name="Time"/> (ms).</summary>
sealed record Link(long Id1, long Id2, int Type, long Time, int Version, byte[] Data);

/// <summary>Links of one node and type; <paramref name="Next"/> is null when there are no older ones.</summary>
sealed record LinkPage(Link[] Links, string? Next);

/// <summary>LinkBench's operations; both contenders return the same, read and decoded in full.</summary>
interface ILinkStore : IAsyncDisposable
{
    /// <summary>Makes the tables and loads the nodes and links of the graph, outside of what is measured.</summary>
    Task LoadAsync(Graph graph);

    /// <summary>The new node's number; the one given does not count.</summary>
    Task<long> AddNodeAsync(Node node);

    /// <summary>False if there is none.</summary>
    Task<bool> UpdateNodeAsync(Node node);

    /// <summary>False if there was none.</summary>
    Task<bool> DeleteNodeAsync(long id);

    Task<Node?> GetNodeAsync(long id);

    /// <summary>Inserts or updates, makes it visible, and keeps the count.</summary>
    Task PutLinkAsync(Link link);

    /// <summary>Hides it, and keeps the count.</summary>
    Task DeleteLinkAsync(long id1, int type, long id2);

    /// <summary>The visible links, newest first; or, after a page that was full, those that are older.</summary>
    Task<LinkPage> GetLinksAsync(long id1, int type, int limit, LinkPage? after = null);

    /// <summary>Those of the links to <paramref name="id2s"/> that are visible.</summary>
    Task<Link[]> MultigetLinksAsync(long id1, int type, long[] id2s);

    Task<long> CountLinksAsync(long id1, int type);
}
