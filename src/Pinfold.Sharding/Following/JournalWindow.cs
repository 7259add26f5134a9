using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Journal;

namespace Pinfold.Sharding.Following;

/// <summary>
/// The part of a shard's journal that was read last, kept while some follower still has it before it.
/// </summary>
sealed class JournalWindow(ShardId shard, int batch)
{
    readonly SemaphoreSlim _reading = new(1);
    volatile JournalItem[] _items = [];

    /// <summary>The rows after a number, in order, at most a batch; one round trip unless they are here.</summary>
    /// <exception cref="JournalTrimmedException">The next one is gone.</exception>
    public async ValueTask<ArraySegment<JournalItem>> ReadAsync(IShardServer server, long after,
        CancellationToken cancellation)
    {
        if (Find(after) is { Count: > 0 } known)
            return known;
        await _reading.WaitAsync(cancellation);
        try
        {
            if (Find(after) is { Count: > 0 } meanwhile)
                return meanwhile;
            var read = new JournalRead(shard, after, batch);
            await server.ReadAsync([read], cancellation);
            await JournalBegin.RefuseTrimmedAsync(read, begin => server.ReadAsync([begin], cancellation).AsTask());
            var items = read.Rows.ConvertAll(row => JournalItem.Of(shard, row)).ToArray();
            if (items.Length > 0 && (_items.Length == 0 || items[0].Seq > _items[0].Seq))
                _items = items;
            return items;
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <summary>Lets go of what every follower has behind it.</summary>
    public void Trim(long allBehind)
    {
        var items = _items;
        if (items.Length > 0 && items[^1].Seq <= allBehind)
            Interlocked.CompareExchange(ref _items!, [], items);
    }

    ArraySegment<JournalItem> Find(long after)
    {
        var items = _items;
        if (items.Length == 0 || after < items[0].Seq - 1 || after >= items[^1].Seq)
            return [];
        var index = (int)(after + 1 - items[0].Seq);
        // Numbers have no gaps; where they had, it is read again rather than guessed at.
        return index < items.Length && items[index].Seq == after + 1 ? new(items, index, items.Length - index) : [];
    }
}
