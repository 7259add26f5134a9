using Pinfold.Sharding.Engines;

namespace Pinfold.Sharding.Verification;

/// <summary>
/// Counts each list while its rows go by. One that differs from its count, as those do that are written between two
/// chunks, is counted again by the server, at one moment.
/// </summary>
sealed class ListCounts(VerifyRun run, ShardFindings findings)
{
    const int SuspectsMax = 50;

    readonly List<ListKey> _suspects = [];
    ListKey? _list;
    long _entries, _counted;

    public async Task AddAsync(EntryCells row, CancellationToken cancellation)
    {
        if (_list != new ListKey(row.Mapping, row.From))
        {
            Close();
            (_list, _entries, _counted) = (new ListKey(row.Mapping, row.From), 0, 0);
            if (_suspects.Count >= SuspectsMax)
                await CountAgainAsync(cancellation);
        }
        _entries += row.IsEntry ? 1 : 0;
        _counted += row.Count ?? 0;
    }

    public async Task EndAsync(CancellationToken cancellation)
    {
        Close();
        await CountAgainAsync(cancellation);
    }

    void Close()
    {
        if (_list is not { } list)
            return;
        findings.LookedAt(VerifyChecks.Counts, 1);
        if (_entries != _counted)
            _suspects.Add(list);
        _list = null;
    }

    async Task CountAgainAsync(CancellationToken cancellation)
    {
        var reads = _suspects.ConvertAll(list => new ListCountRead(findings.Shard, list));
        _suspects.Clear();
        await run.ReadAsync(reads, cancellation);
        foreach (var read in reads.Where(read => read.Counted != read.Entries))
        {
            var mapping = run.Store.Model.FindMapping(read.List.Mapping);
            var name = $"{mapping?.Name ?? $"mapping {read.List.Mapping}"} of {read.List.From}";
            var repair = mapping is not null && ObjectId.TryFromInt64(read.List.From, out var from)
                && from.Shard == findings.Shard ? new Recount(mapping, from) : null;
            findings.Fault(VerifyChecks.Counts, $"{name} counts {read.Counted} and has {read.Entries} entries",
                repair is null ? "This program does not know that list: use the one that wrote it."
                    : $"--repair sets the count of {name} to {read.Entries}.", repair);
        }
    }
}
