using System.Globalization;
using Pinfold.Sharding.Engines;

namespace Pinfold.Sharding.Retention;

/// <summary>Finds out how much of the journals of one server's shards nobody needs.</summary>
/// <param name="server">The server.</param>
/// <param name="retention">What is kept in any case.</param>
/// <param name="cutoffMs">As in <see cref="OldPrefix"/>.</param>
/// <param name="futureMs">As there.</param>
sealed class JournalLook(IShardServer server, JournalRetention retention, long cutoffMs, long futureMs)
{
    const int RowsPerRead = 5_000;

    /// <summary>More of a journal is not looked through to say how much of it could go.</summary>
    const long RowsMax = 200_000;

    /// <summary>Looks at shards of the server.</summary>
    /// <param name="shards">Which.</param>
    /// <param name="followers">All followers of the fleet: each has to have passed what is to go.</param>
    /// <param name="cancellation">Ends the looking.</param>
    public async Task<IReadOnlyList<JournalStatus>> RunAsync(
        IReadOnlyList<ShardId> shards, IReadOnlyList<string> followers, CancellationToken cancellation)
    {
        var cursors = (await server.Cursors.ReadCursorsAsync(shards, cancellation)).ToLookup(c => c.Shard);
        var parked = (await server.Trim.ReadParkedAsync(shards, cancellation)).ToLookup(p => p.Shard);
        var found = new List<JournalStatus>(shards.Count);
        foreach (var extent in await server.Trim.ReadExtentsAsync(shards, cancellation))
        {
            var places = cursors[extent.Shard].ToDictionary(c => c.Follower, c => c.Seq);
            foreach (var missing in followers.Where(name => !places.ContainsKey(name)))
                places.Add(missing, 0);
            found.Add(await LookAsync(extent, places, [.. parked[extent.Shard]], cancellation));
        }
        return found;
    }

    async Task<JournalStatus> LookAsync(
        JournalExtent extent, Dictionary<string, long> places, List<ParkedHold> parked, CancellationToken cancellation)
    {
        var slowest = places.Select(place => (Name: place.Key, Seq: place.Value))
            .OrderBy(place => place.Seq).ThenBy(place => place.Name, StringComparer.Ordinal).FirstOrDefault();
        List<(long To, string Why)> limits =
        [
            (extent.Last - retention.Rows, $"the newest {Text(retention.Rows)} are kept"),
            .. slowest.Name is null ? [] : ((long, string)[])
                [(slowest.Seq, slowest.Seq == 0 ? $"follower {slowest.Name} has to begin here"
                    : $"follower {slowest.Name} is at {Text(slowest.Seq)}")],
            .. parked.Where(hold => hold.First is not null).Select(hold => (
                hold.First!.Value - 1, $"follower {hold.Follower} has parked {Text(hold.First.Value)}")),
        ];
        var (to, why) = limits.MinBy(limit => limit.To);
        var isAtLeast = false;
        if (to >= extent.First)
        {
            var (prefix, read) = await WalkAsync(extent, to, cancellation);
            isAtLeast = prefix.Young is null && read < to;
            if (prefix.To < to)
                (to, why) = (Math.Max(prefix.To, extent.First - 1), prefix.Young is { } young
                    ? $"{Text(young.Seq)} is of {Moment(young.AtMs)}"
                    : isAtLeast ? "no more was looked at" : "what follows says it is of the future");
        }
        return new JournalStatus(
            extent.Shard, server.Name, extent.First, extent.Last,
            (extent.Last - extent.First + 1) * extent.RowBytes,
            extent.FirstAtMs == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(extent.FirstAtMs), slowest.Name,
            slowest.Seq, parked.Sum(hold => hold.Count), to, isAtLeast, why);
    }

    async Task<(OldPrefix Prefix, long Read)> WalkAsync(
        JournalExtent extent, long to, CancellationToken cancellation)
    {
        var prefix = new OldPrefix(cutoffMs, futureMs);
        var read = extent.First - 1;
        while (prefix.Young is null && read < to && read - extent.First < RowsMax)
        {
            var rows = await server.Trim.ReadTimesAsync(extent.Shard, read, RowsPerRead, cancellation);
            if (rows.Count == 0)
                break;
            prefix.Take(rows);
            read = rows[^1].Seq;
        }
        return (prefix, read);
    }

    static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    static string Moment(long ms) => string.Create(
        CultureInfo.InvariantCulture, $"{DateTimeOffset.FromUnixTimeMilliseconds(ms):yyyy-MM-dd HH:mm} UTC");
}
