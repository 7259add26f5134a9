using System.Globalization;
using Pinfold.Sharding.Engines;

namespace Pinfold.Sharding.Following;

/// <summary>The leases of one server as they were read, and how they are written when this process changes them.
/// </summary>
sealed class LeaseBook
{
    readonly string _me;
    readonly Dictionary<string, Dictionary<string, HashSet<ShardId>>> _unable;
    readonly Dictionary<string, (long Version, Dictionary<string, HashSet<ShardId>> Held)> _leases;

    public LeaseBook(LeaseTable table, Guid me)
    {
        _me = Key(me);
        _unable = table.Workers.ToDictionary(w => Key(w.Id), w => ShardLists.Parse(w.Followers));
        // What a process had that lives no more is anybody's.
        _leases = table.Leases.ToDictionary(l => l.Follower, l => (l.Version, ShardLists.Parse(l.Held)
            .Where(held => _unable.ContainsKey(held.Key)).ToDictionary()));
    }

    public IReadOnlySet<ShardId> Mine(string follower) => Held(follower).GetValueOrDefault(_me) ?? [];

    public IReadOnlySet<ShardId> Others(string follower) =>
        Held(follower).Where(held => held.Key != _me).SelectMany(held => held.Value).ToHashSet();

    /// <summary>Each other living process that has this follower.</summary>
    public IReadOnlyList<LeaseHolder> OtherHolders(string follower)
    {
        var held = Held(follower);
        return [.. _unable.Where(w => w.Key != _me && w.Value.ContainsKey(follower)).Select(w =>
            new LeaseHolder(held.GetValueOrDefault(w.Key)?.Count ?? 0, w.Value[follower]))];
    }

    public LeaseChange Change(string follower, IEnumerable<ShardId> mine) => new(
        follower, _leases.GetValueOrDefault(follower).Version,
        ShardLists.Text([
            .. Held(follower).Where(held => held.Key != _me).Select(held => (held.Key, held.Value.AsEnumerable())),
            (_me, mine),
        ]));

    Dictionary<string, HashSet<ShardId>> Held(string follower) => _leases.GetValueOrDefault(follower).Held ?? [];

    static string Key(Guid worker) => worker.ToString("N", CultureInfo.InvariantCulture);
}
