using Pinfold.Sharding.Engines;

namespace Pinfold.Sharding.Verification;

/// <summary>
/// Reads a shard's entries once, in chunks by key: counts each list, and looks up the other ends of each chunk, objects
/// and reverses together.
/// </summary>
sealed class EntryCheck(VerifyRun run, ShardFindings findings)
{
    const int ChunkRows = 1000, SuspectsMax = 500;

    readonly ListCounts _counts = new(run, findings);
    readonly DanglingCheck _dangling = new(run, findings);
    readonly HashSet<Pair> _suspects = [];

    public async Task RunAsync(CancellationToken cancellation)
    {
        RowKey? after = null;
        while (true)
        {
            var chunk = RowsRead.Behind(findings.Shard, ShardTable.Entries, after, ChunkRows, withLast: false);
            await run.ReadAsync([chunk], cancellation);
            foreach (var row in chunk.Rows)
                await _counts.AddAsync(EntryCells.Of(row), cancellation);
            await LookUpAsync(chunk.Rows.ConvertAll(EntryCells.Of).FindAll(row => row.IsEntry), cancellation);
            if (_suspects.Count > SuspectsMax)
                await SettleAsync(cancellation);
            if (chunk.Rows.Count < ChunkRows)
                break;
            after = RowKey.Of(ShardTable.Entries, chunk.Rows[^1]);
            await run.PaceAsync(chunk.Rows.Count, cancellation);
        }
        await _counts.EndAsync(cancellation);
        await SettleAsync(cancellation);
        _dangling.Tell();
    }

    async Task LookUpAsync(List<EntryCells> entries, CancellationToken cancellation)
    {
        var whole = entries.FindAll(_dangling.HasEnds);
        var looked = whole.Select(entry => (Entry: entry, Pair: PairOf(entry))).Where(its => its.Pair is not null)
            .Select(its => (its.Entry, Pair: its.Pair!.Value)).ToList();
        var others = VerifyRun.Reads(
            ShardTable.Entries, looked.Select(its => OtherOf(its.Entry, its.Pair)), withLast: false);
        var objects = VerifyRun.Reads(ShardTable.Objects, whole.SelectMany(_dangling.ObjectsOf), withLast: false);
        await run.ReadAsync([.. others, .. objects], cancellation);
        _dangling.Check(whole, VerifyRun.Found(ShardTable.Objects, objects));
        var there = VerifyRun.Found(ShardTable.Entries, others);
        foreach (var (entry, pair) in looked)
        {
            findings.LookedAt(IsForward(entry, pair) ? VerifyChecks.Forward : VerifyChecks.Reverse, 1);
            // Another sequence is told once, where the forward entry is.
            var other = EntryCells.SequenceIn(there.GetValueOrDefault(OtherOf(entry, pair)));
            if (IsForward(entry, pair) ? other != entry.Sequence : other is null)
                _suspects.Add(pair);
        }
    }

    static bool IsForward(EntryCells entry, Pair pair) => entry.Mapping == pair.Forward.Number;

    static (ShardId, RowKey) OtherOf(EntryCells entry, Pair pair) => IsForward(entry, pair)
        ? (pair.To.Shard, pair.ReverseKey) : (pair.From.Shard, pair.ForwardKey);

    Pair? PairOf(EntryCells entry)
    {
        var (from, to) = (ObjectId.FromInt64(entry.From), ObjectId.FromInt64(entry.To));
        return run.Store.Model.Reverses.TryGetValue(entry.Mapping, out var reverse)
            ? new Pair(reverse.ReverseOf!, reverse, from, to)
            : run.Store.Model.FindMapping(entry.Mapping) is { ReverseOf: { } forward } its
                ? new Pair(forward, its, to, from) : null;
    }

    async Task SettleAsync(CancellationToken cancellation)
    {
        await new PairSettling(run, findings).SettleAsync(_suspects, cancellation);
        _suspects.Clear();
    }
}
