using System.Text;
using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Following;
using Pinfold.Sharding.Journal;
using Pinfold.Sharding.Names;

namespace Pinfold.Sharding.Verification;

/// <summary>
/// Whether each name that a journal claims, and does not give back, is that owner's on the name's shard, once the
/// follower of names has passed.
/// </summary>
sealed class ClaimCheck(VerifyRun run, ShardFindings findings)
{
    const int ChunkRows = 1000;

    readonly record struct Claimed(NameKind Kind, string Name);

    readonly Dictionary<Claimed, ObjectId> _new = [];
    readonly Dictionary<Claimed, ObjectId> _suspects = [];
    long _read;

    public void Add(JournalTransaction transaction)
    {
        _read = transaction.Seq;
        foreach (var entry in transaction.Entries)
            if (entry.Kind is JournalEntryKind.NameClaimed or JournalEntryKind.NameReleased
                && run.Store.Model.Names.FirstOrDefault(kind => kind.Number == entry.NameKind) is { } kind)
            {
                var name = new Claimed(kind, entry.Name!);
                _suspects.Remove(name);
                _new.Remove(name);
                if (entry.Kind == JournalEntryKind.NameClaimed)
                    _new[name] = entry.Id;
            }
    }

    /// <summary>Looks the names up that were claimed since it was last called.</summary>
    public async Task LookUpAsync(CancellationToken cancellation)
    {
        findings.LookedAt(VerifyChecks.Names, _new.Count);
        foreach (var (name, owner) in await OthersAsync(_new, cancellation))
            _suspects[name] = owner;
        _new.Clear();
    }

    public async Task EndAsync(CancellationToken cancellation)
    {
        if (_suspects.Count == 0)
            return;
        var last = await run.ReadLastSeqsAsync([findings.Shard], cancellation);
        var behind = await run.Followers.UntilAsync(NamesFollower.FollowerName, last, cancellation);
        var parked = (await run.Followers.ReadParkedAsync(NamesFollower.FollowerName, last.Keys, cancellation))
            .SelectMany(transaction => transaction.Entries).Select(entry => (entry.NameKind, entry.Name)).ToHashSet();
        var others = await OthersAsync(_suspects, cancellation);
        await ReadOnAsync(cancellation);
        foreach (var (name, owner) in others.Where(its => _suspects.ContainsKey(its.Key)))
        {
            var what = $"{owner} claimed the {name.Kind.Name} \"{name.Name}\", and it is not theirs on shard "
                + $"{run.Store.Names.NameShard(name.Kind, NameRegistry.Key(name.Kind, name.Name))}";
            if (parked.Contains((name.Kind.Number, name.Name)) || behind.ContainsKey(findings.Shard))
                findings.NotJudged(VerifyChecks.Names, $"{what}; the follower of names may have yet to do it",
                    "Have the service run, and verify again.");
            else
                findings.Fault(VerifyChecks.Names, what, "Restore the name's shard, or have the owner claim another.");
        }
    }

    /// <summary>What was given back or claimed anew while the rest was looked at is no suspect.</summary>
    async Task ReadOnAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var read = new JournalRead(findings.Shard, _read, ChunkRows);
            await run.ReadAsync([read], cancellation);
            foreach (var row in read.Rows)
                Add(JournalCodec.Decode(findings.Shard, row));
            if (read.Rows.Count < ChunkRows)
                return;
        }
    }

    /// <summary>Those of these names that are not their claimant's.</summary>
    async Task<List<KeyValuePair<Claimed, ObjectId>>> OthersAsync(
        Dictionary<Claimed, ObjectId> names, CancellationToken cancellation)
    {
        var reads = names.Select(name => (Claim: name, Read: Read(name.Key))).ToList();
        await run.ReadAsync([.. reads.Select(its => its.Read)], cancellation);
        return [.. reads.Where(its => its.Read.Row?.Owner != its.Claim.Value).Select(its => its.Claim)];
    }

    NameRead Read(Claimed name)
    {
        var key = Encoding.UTF8.GetBytes(name.Name);
        return new NameRead(run.Store.Names.NameShard(name.Kind, key), name.Kind.Number, key);
    }
}
