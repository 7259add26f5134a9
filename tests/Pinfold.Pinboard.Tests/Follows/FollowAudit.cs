namespace Pinfold.Pinboard.Tests.Follows;

/// <summary>
/// Whether all that the shards have of follows and blocks agrees: forward, reverse and counts. It knows the mappings by
/// their numbers and shares no code with what writes them.
/// </summary>
static class FollowAudit
{
    /// <summary>Forward mappings and their reverses.</summary>
    static readonly (int Forward, int Reverse)[] Pairs = [(25, 26), (27, 28), (30, 31)];

    /// <summary>Every difference, for a person.</summary>
    public static async Task<List<string>> RunAsync(RawShards shards)
    {
        var rows = await shards.EntriesAsync(25, 31);
        var entries = rows.Where(r => r is { To: not 0, N: null }).ToList();
        var differences = new List<string>();
        foreach (var (forward, reverse) in Pairs)
        {
            var there = entries.Where(e => e.Mapping == forward).Select(e => (e.From, e.To)).ToHashSet();
            var back = entries.Where(e => e.Mapping == reverse).Select(e => (From: e.To, To: e.From)).ToHashSet();
            differences.AddRange(there.Except(back).Select(e => $"{forward}: {e.From} to {e.To} has no reverse"));
            differences.AddRange(back.Except(there).Select(e => $"{reverse}: {e.To} from {e.From} has no forward"));
        }
        var counted = entries.CountBy(e => (e.Mapping, e.From)).ToDictionary(c => c.Key, c => (long)c.Value);
        var counts = rows.Where(r => r.To == 0).ToDictionary(r => (r.Mapping, r.From), r => r.N ?? -1);
        foreach (var list in counted.Keys.Union(counts.Keys))
            if (counted.GetValueOrDefault(list) != counts.GetValueOrDefault(list))
                differences.Add($"{list.Mapping} of {list.From} has {counted.GetValueOrDefault(list)} entries and "
                    + $"counts {counts.GetValueOrDefault(list)}");
        return differences;
    }

    /// <summary>The entries of a mapping, as pairs.</summary>
    public static async Task<HashSet<(long From, long To)>> PairsAsync(RawShards shards, int mapping) =>
        [.. (await shards.EntriesAsync(mapping, mapping)).Where(r => r is { To: not 0, N: null })
            .Select(r => (r.From, r.To))];
}
