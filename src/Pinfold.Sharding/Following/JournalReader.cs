using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Journal;
using Pinfold.Sharding.Store;

namespace Pinfold.Sharding.Following;

/// <summary>
/// The journals themselves, for who keeps a place in them of its own: something that is derived from the shards and can
/// be made anew beside them, as an index that is filled while another one serves.
/// </summary>
public sealed class JournalReader
{
    readonly ShardedStore _store;

    /// <summary>Asks the servers of <paramref name="store"/>.</summary>
    public JournalReader(ShardedStore store) => _store = store;

    /// <summary>
    /// The last journal number of every shard: what is read afterwards has at least all that was written until then.
    /// One round trip per server.
    /// </summary>
    /// <exception cref="PinfoldException">Unavailable: a server did not answer.</exception>
    public async Task<IReadOnlyDictionary<ShardId, long>> LastSeqsAsync(CancellationToken cancellation = default)
    {
        var last = new Dictionary<ShardId, long>();
        foreach (var server in _store.Topology.Servers)
            if (_store.Topology.ShardsOn(server.Name) is { Count: > 0 } shards)
                foreach (var (shard, seq) in await (await _store.Servers.GetAsync(server)).Server.Cursors
                    .ReadLastSeqsAsync(shards, cancellation))
                    last[shard] = seq;
        return last;
    }

    /// <summary>
    /// What was written to a shard after that number, in order; fewer than <paramref name="limit"/> are given only
    /// where there are no more. One round trip.
    /// </summary>
    /// <param name="shard">Whose journal.</param>
    /// <param name="after">0 from the first.</param>
    /// <param name="limit">1 to 10,000.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="PinfoldException">
    /// Corrupt: a row cannot be read. Unavailable: a newer program wrote one, or the server did not answer.
    /// </exception>
    /// <exception cref="JournalTrimmedException">
    /// The journal was trimmed and begins later: what is derived from it has to be made anew.
    /// </exception>
    public async Task<IReadOnlyList<JournalTransaction>> ReadAsync(
        ShardId shard, long after, int limit, CancellationToken cancellation = default)
    {
        if (limit is < 1 or > PageRequest.LimitMax)
            throw PinfoldException.Invalid(
                $"{limit} transactions were asked for; 1 to {PageRequest.LimitMax} is right.");
        var read = new JournalRead(shard, after, limit);
        await _store.Router.ReadAsync([read], cancellation);
        await JournalBegin.RefuseTrimmedAsync(
            read, begin => _store.Router.ReadAsync([begin], cancellation).AsTask());
        return read.Rows.ConvertAll(row => JournalCodec.Decode(shard, row));
    }
}
