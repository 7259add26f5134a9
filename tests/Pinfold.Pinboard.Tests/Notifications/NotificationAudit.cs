using System.Text.Json;
using Pinfold.Pinboard.Notifications;

namespace Pinfold.Pinboard.Tests.Notifications;

/// <summary>
/// Whether people were told what the tables of all shards imply. It knows mappings by their numbers and reads bodies as
/// text: it shares no code with what writes them.
/// </summary>
static class NotificationAudit
{
    /// <summary>Forward mappings, what they are told as, and with which switch.</summary>
    static readonly (int Mapping, string Kind, NotificationSwitch Switch)[] Causes =
    [
        (25, "Follow", NotificationSwitch.Followers), (27, "BoardFollow", NotificationSwitch.Followers),
        (43, "Repin", NotificationSwitch.Repins), (32, "Like", NotificationSwitch.Likes),
        (40, "Comment", NotificationSwitch.Comments),
    ];

    public readonly record struct Told(long Person, string Kind, string From, string To);

    /// <summary>Every difference, for a person.</summary>
    public static async Task<List<string>> RunAsync(RawShards shards, NotificationSteps steps)
    {
        var rows = await shards.EntriesAsync(25, 43);
        var blocks = rows.Where(IsEntryOf(30)).SelectMany(r => new[] { (r.From, r.To), (r.To, r.From) }).ToHashSet();
        var (must, may) = (new Dictionary<Told, long>(), new HashSet<Told>());
        foreach (var (mapping, kind, of) in Causes)
            foreach (var row in rows.Where(IsEntryOf(mapping)))
            {
                var by = steps.Owners.GetValueOrDefault(row.From, row.From);
                var person = steps.Owners.GetValueOrDefault(row.To, row.To);
                var turns = steps.Turns.GetValueOrDefault((person, of), []);
                if (by == person || steps.Gone.Contains(row.To) || blocks.Contains((by, person))
                    || turns.Count(t => t <= row.Sequence) % 2 != 0)
                    continue;
                var told = new Told(person, kind, $"{row.From}", $"{row.To}");
                // What was so before a block ended may be told or not: nobody can tell from the shards.
                if (steps.BlockedUntil.GetValueOrDefault((by, person)) >= row.Sequence)
                    may.Add(told);
                else
                    must.Add(told, row.Sequence);
            }
        var (there, differences) = (new Dictionary<Told, long>(), new List<string>());
        foreach (var row in await shards.BodiesAsync(36))
        {
            var body = JsonDocument.Parse(row.Body).RootElement;
            var kind = body.TryGetProperty("kind", out var named) ? named.GetString()! : "Follow";
            var told = new Told(row.From, kind, body.GetProperty("from").GetString()!,
                body.GetProperty("to").GetString()!);
            if (!there.TryAdd(told, row.Sequence))
                differences.Add($"{told} is told twice");
        }
        differences.AddRange(must.Keys.Except(there.Keys).Select(told => $"{told} is not told"));
        differences.AddRange(there.Keys.Except(must.Keys).Except(may).Select(told => $"{told} is told in vain"));
        differences.AddRange(must.Where(m => there.TryGetValue(m.Key, out var at) && at != m.Value)
            .Select(m => $"{m.Key} is told as of another time"));
        differences.AddRange(CountsOf(rows));
        return differences;
    }

    /// <summary>Lists and their counts agree, and nothing is new that is not there.</summary>
    static IEnumerable<string> CountsOf(IReadOnlyList<RawShards.EntryRow> rows)
    {
        var there = rows.Where(IsEntryOf(36)).Select(r => (r.From, r.To, r.Sequence)).ToHashSet();
        foreach (var row in rows.Where(IsEntryOf(41)).Where(r => !there.Contains((r.From, r.To, r.Sequence))))
            yield return $"{row} is new and not there";
        foreach (var count in rows.Where(r => r is { Mapping: 36 or 41, To: 0 }))
            if (count.N != rows.Count(r => r.From == count.From && IsEntryOf(count.Mapping)(r)))
                yield return $"{count} counts wrong";
    }

    static Func<RawShards.EntryRow, bool> IsEntryOf(int mapping) =>
        row => row.Mapping == mapping && row is { To: not 0, N: null };
}
