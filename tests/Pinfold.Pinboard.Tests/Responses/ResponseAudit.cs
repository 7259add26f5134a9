using Pinfold.Sharding;

namespace Pinfold.Pinboard.Tests.Responses;

/// <summary>
/// Whether all that the shards have of likes, comments and repins agrees: forward, reverse, counts and objects. It
/// knows mappings and types by their numbers and shares no code with what writes them.
/// </summary>
static class ResponseAudit
{
    const int PinType = 1, CommentType = 11;
    const int Likes = 32, LikedBy = 33, CommentsOfPin = 34, Repins = 35, OfAuthor = 39, OnPin = 40, SavedFrom = 43;

    /// <summary>Forward mappings and their reverses.</summary>
    static readonly (int Forward, int Reverse)[] Pairs =
        [(Likes, LikedBy), (OnPin, CommentsOfPin), (SavedFrom, Repins)];

    /// <summary>Every difference, for a person.</summary>
    public static async Task<List<string>> RunAsync(RawShards shards)
    {
        var rows = (await shards.EntriesAsync(Likes, Repins)).Concat(await shards.EntriesAsync(OfAuthor, OnPin))
            .Concat(await shards.EntriesAsync(SavedFrom, SavedFrom)).ToList();
        var entries = rows.Where(r => r is { To: not 0, N: null }).ToList();
        var (pins, comments) = (await LiveAsync(shards, PinType), await LiveAsync(shards, CommentType));
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

        differences.AddRange(entries.Where(e => e.Mapping is Likes or OnPin && !pins.Contains(e.To))
            .Select(e => $"{e.Mapping}: {e.From} leads to pin {e.To}, which is gone"));
        differences.AddRange(entries.Where(e => e.Mapping == SavedFrom && !pins.Contains(e.From))
            .Select(e => $"{e.Mapping}: {e.From}, which is gone, leads to {e.To}"));
        foreach (var (mapping, listed) in new[]
        {
            (OfAuthor, entries.Where(e => e.Mapping == OfAuthor).Select(e => e.To)),
            (OnPin, entries.Where(e => e.Mapping == OnPin).Select(e => e.From)),
        })
        {
            var once = listed.ToList();
            if (once.Count != once.Distinct().Count() || !comments.SetEquals(once))
                differences.Add($"{mapping} has {once.Count} comments, and {comments.Count} are there");
        }
        differences.AddRange((await shards.ObjectsAsync(CommentType)).Where(o => o is { State: not 0, BodyBytes: > 2 })
            .Select(o => $"comment {o.Local} of shard {o.Shard} is gone and still says something"));
        return differences;
    }

    /// <summary>The entries of a mapping, as pairs.</summary>
    public static async Task<HashSet<(long From, long To)>> PairsAsync(RawShards shards, int mapping) =>
        [.. (await shards.EntriesAsync(mapping, mapping)).Where(r => r is { To: not 0, N: null })
            .Select(r => (r.From, r.To))];

    static async Task<HashSet<long>> LiveAsync(RawShards shards, int type) =>
        [.. (await shards.ObjectsAsync(type)).Where(o => o.State == 0)
            .Select(o => new ObjectId(o.Shard, type, o.Local).Value)];
}
