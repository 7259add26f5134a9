using System.Buffers.Binary;
using System.Text.Json.Serialization;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;

namespace Pinfold.Benchmarks.LinkBench;

/// <summary>A node's body; its number follows from its id.</summary>
sealed record LinkNode(int Kind, long Edition, int Time, byte[] Data)
{
    public static ObjectType<LinkNode> Type { get; } = new(1, "nodes", LinkJson.Default.LinkNode);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(LinkNode))]
sealed partial class LinkJson : JsonSerializerContext;

/// <summary>
/// LinkBench on objects and mappings: a node is an object, each link type a mapping, a link an entry whose sequence is
/// its time and whose body is its version and data; a hidden link is a removed entry.
/// </summary>
abstract class PinfoldLinkStore(ShardedStore store) : ILinkStore
{
    public const int Shards = 16;

    public static readonly Mapping<LinkNode, LinkNode>[] Mappings =
        [new(1, "node_links_node"), new(2, "node_likes_node")];

    public static readonly ShardingModel Model = new([LinkNode.Type], Mappings);

    public abstract Task LoadAsync(Graph graph);

    public async Task<long> AddNodeAsync(Node node)
    {
        var transaction = store.Begin(new ShardId(Random.Shared.Next(Shards)));
        var created = transaction.Create(BodyOf(node));
        await transaction.CommitAsync();
        return NumberOf(created.Id);
    }

    public async Task<bool> UpdateNodeAsync(Node node)
    {
        var id = IdOf(node.Id);
        var transaction = store.Begin(id.Shard);
        transaction.Update(id, BodyOf(node));
        return await IsThereAsync(transaction);
    }

    public async Task<bool> DeleteNodeAsync(long id)
    {
        var node = IdOf(id);
        var transaction = store.Begin(node.Shard);
        transaction.Delete(node);
        return await IsThereAsync(transaction);
    }

    public async Task<Node?> GetNodeAsync(long id) =>
        await store.FindAsync(IdOf(id)) is { Body: var body }
            ? new Node(id, body.Kind, body.Edition, body.Time, body.Data) : null;

    public async Task PutLinkAsync(Link link)
    {
        var from = IdOf(link.Id1);
        var transaction = store.Begin(from.Shard);
        transaction.Put(Mappings[link.Type], from, IdOf(link.Id2), link.Time, BodyOf(link));
        await transaction.CommitAsync();
    }

    public async Task DeleteLinkAsync(long id1, int type, long id2)
    {
        var from = IdOf(id1);
        var transaction = store.Begin(from.Shard);
        transaction.Remove(Mappings[type], from, IdOf(id2));
        await transaction.CommitAsync();
    }

    public async Task<LinkPage> GetLinksAsync(long id1, int type, int limit, LinkPage? after)
    {
        var page = await store.PageAsync(Mappings[type], IdOf(id1), new PageRequest(limit) { Cursor = after?.Next });
        return new LinkPage(LinksOf(id1, type, page.Items), page.Next);
    }

    public async Task<Link[]> MultigetLinksAsync(long id1, int type, long[] id2s)
    {
        var batch = store.Read();
        var entries = batch.Entries(Mappings[type], IdOf(id1), Array.ConvertAll(id2s, IdOf));
        await batch.ExecuteAsync();
        return LinksOf(id1, type, entries.Value);
    }

    public Task<long> CountLinksAsync(long id1, int type) => store.CountAsync(Mappings[type], IdOf(id1));

    public virtual ValueTask DisposeAsync() => store.DisposeAsync();

    protected static LinkNode BodyOf(Node node) => new(node.Type, node.Version, node.Time, node.Data);

    protected static byte[] BodyOf(Link link)
    {
        var body = new byte[sizeof(int) + link.Data.Length];
        BinaryPrimitives.WriteInt32BigEndian(body, link.Version);
        link.Data.CopyTo(body, sizeof(int));
        return body;
    }

    /// <summary>Node 1 is the first of shard 0, node 2 the first of shard 1, and so on.</summary>
    protected static ObjectId<LinkNode> IdOf(long number) => LinkNode.Type.Id(
        new ObjectId(new ShardId((int)((number - 1) % Shards)), LinkNode.Type.Number, (number - 1) / Shards + 1));

    static long NumberOf(ObjectId<LinkNode> id) => (id.Local - 1) * Shards + id.Shard.Value + 1;

    static Link[] LinksOf(long id1, int type, IReadOnlyList<Entry<LinkNode>> entries)
    {
        var links = new Link[entries.Count];
        for (var i = 0; i < links.Length; i++)
        {
            var entry = entries[i];
            links[i] = new Link(id1, NumberOf(entry.To), type, entry.Sequence,
                BinaryPrimitives.ReadInt32BigEndian(entry.Body.Span), entry.Body.Span[sizeof(int)..].ToArray());
        }
        return links;
    }

    static async Task<bool> IsThereAsync(Transaction transaction)
    {
        try
        {
            await transaction.CommitAsync();
            return true;
        }
        catch (PinfoldException e) when (e.Kind == ErrorKind.NotFound)
        {
            return false;
        }
    }
}
