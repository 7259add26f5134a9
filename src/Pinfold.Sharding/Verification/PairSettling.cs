using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Following;
using Pinfold.Sharding.Journal;

namespace Pinfold.Sharding.Verification;

/// <summary>
/// Looks again at entries whose reverse was otherwise, once the follower of reverses has passed all that was written by
/// then. What differs still, and what nobody has changed meanwhile, is wrong.
/// </summary>
sealed class PairSettling(VerifyRun run, ShardFindings findings)
{
    const int RoundsMax = 5, JournalRowsMax = 1000;

    public async Task SettleAsync(IReadOnlyCollection<Pair> suspects, CancellationToken cancellation)
    {
        var left = suspects.ToHashSet();
        for (var round = 0; round < RoundsMax && left.Count > 0; round++)
        {
            var before = await run.ReadLastSeqsAsync(left.Select(pair => pair.From.Shard), cancellation);
            var behind = await run.Followers.UntilAsync(ReverseFollower.FollowerName, before, cancellation);
            var differing = await DifferingAsync(left, cancellation);
            if (differing.Count == 0)
                return;
            var touched = await TouchedAsync(before, cancellation);
            var parked = PairsOf(await run.Followers.ReadParkedAsync(
                ReverseFollower.FollowerName, before.Keys, cancellation));
            left = [.. differing.Keys.Where(touched.Contains)];
            foreach (var (pair, state) in differing)
                if (!left.Contains(pair))
                    Tell(pair, state, behind, parked.Contains(pair));
        }
        foreach (var pair in left)
            findings.NotJudged(VerifyChecks.Forward, $"{Name(pair)} changes all the time", "Verify this shard again.");
    }

    /// <summary>The pairs whose two entries do not say the same.</summary>
    async Task<Dictionary<Pair, (long? Forward, long? Reverse)>> DifferingAsync(
        HashSet<Pair> pairs, CancellationToken cancellation)
    {
        var rows = await run.FindAsync(ShardTable.Entries, pairs.SelectMany(pair => new[]
        {
            (pair.From.Shard, pair.ForwardKey), (pair.To.Shard, pair.ReverseKey),
        }), withLast: false, cancellation);
        var differing = new Dictionary<Pair, (long? Forward, long? Reverse)>();
        foreach (var pair in pairs)
        {
            var forward = EntryCells.SequenceIn(rows.GetValueOrDefault((pair.From.Shard, pair.ForwardKey)));
            var reverse = EntryCells.SequenceIn(rows.GetValueOrDefault((pair.To.Shard, pair.ReverseKey)));
            if (forward != reverse)
                differing.Add(pair, (forward, reverse));
        }
        return differing;
    }

    /// <summary>The pairs that were changed since.</summary>
    async Task<HashSet<Pair>> TouchedAsync(Dictionary<ShardId, long> since, CancellationToken cancellation)
    {
        var touched = new HashSet<Pair>();
        var until = await run.ReadLastSeqsAsync(since.Keys, cancellation);
        foreach (var (shard, first) in since)
            for (var at = first; at < until[shard];)
            {
                var read = new JournalRead(shard, at, JournalRowsMax);
                await run.ReadAsync([read], cancellation);
                if (read.Rows.Count == 0)
                    break; // the check of the journal tells of it
                touched.UnionWith(PairsOf(read.Rows.Select(row => JournalCodec.Decode(shard, row))));
                at = read.Rows[^1].Seq;
            }
        return touched;
    }

    HashSet<Pair> PairsOf(IEnumerable<JournalTransaction> transactions) =>
        [.. transactions.SelectMany(transaction => transaction.Entries)
            .Where(entry => entry.Kind is JournalEntryKind.Mapped or JournalEntryKind.Unmapped
                && run.Store.Model.Reverses.ContainsKey(entry.Mapping))
            .Select(entry => new Pair(run.Store.Model.FindMapping(entry.Mapping)!,
                run.Store.Model.Reverses[entry.Mapping], entry.Id, entry.To))];

    void Tell(
        Pair pair, (long? Forward, long? Reverse) state, Dictionary<ShardId, long> behind, bool isParked)
    {
        var check = state.Forward is null || state.Reverse is not null ? VerifyChecks.Reverse : VerifyChecks.Forward;
        var what = state switch
        {
            (not null, null) => $"{Name(pair)} has no reverse on shard {pair.To.Shard}",
            (null, not null) => $"the reverse of {Name(pair)} is on shard {pair.To.Shard}, and the entry itself is not "
                + $"on shard {pair.From.Shard}",
            var (forward, reverse) => $"{Name(pair)} has sequence {forward}, and its reverse {reverse}",
        };
        if (isParked)
            findings.NotJudged(check, $"{what}: the follower of reverses has parked the change",
                $"\"pinfold follower show {ReverseFollower.FollowerName}\" says why, \"follower retry\" tries it now.");
        else if (behind.TryGetValue(pair.From.Shard, out var at))
            findings.NotJudged(check, $"{what}; the follower of reverses has come to {at} of shard {pair.From.Shard} "
                + "only, and may have yet to do it", "Have the service run, and verify again.");
        else
            findings.Fault(check, what, state.Forward is null
                ? $"--repair removes {pair.From} from {pair.Reverse.Name} of {pair.To}."
                : $"--repair puts {pair.From} into {pair.Reverse.Name} of {pair.To} with sequence {state.Forward}.",
                new ReverseAnew(pair));
    }

    static string Name(Pair pair) => $"{pair.Forward.Name} from {pair.From} to {pair.To}";
}
