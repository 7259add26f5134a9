using System.Globalization;
using Pinfold.Pinboard.Redis;
using Pinfold.Sharding;
using StackExchange.Redis;

namespace Pinfold.Pinboard.Explore.InRedis;

/// <summary>
/// In a Redis that all processes share: so all show the same. It bears the run of Redis in which it was read from the
/// shards, as feeds do: in another run it is read anew, and shown as it is until then.
/// </summary>
sealed class RedisExploreStore(RedisLink link, string prefix, ExploreLimits limits) : IExploreStore
{
    readonly ExploreScripts _scripts = new(limits);

    /// <summary>All of one slot.</summary>
    readonly RedisKey[] _keys =
        [.. new[] { "order", "records", "state", "touched" }.Select(name => (RedisKey)$"{{{prefix}:explore}}:{name}")];

    public async Task<IReadOnlyList<ExploreCandidate>?> ReadAsync(CancellationToken cancellation)
    {
        var answer = await EvaluateAsync("explore", _scripts.Read, [], cancellation);
        if (answer.IsNull)
            return null;
        var values = (RedisValue[]?)answer ?? [];
        var candidates = new List<ExploreCandidate>(values.Length / 3);
        for (var i = 0; i + 2 < values.Length; i += 3)
            if (Candidate(values[i], values[i + 1], values[i + 2]) is { } candidate)
                candidates.Add(candidate);
        return candidates;
    }

    public Task ApplyAsync(IReadOnlyCollection<ExploreChange> changes, CancellationToken cancellation) =>
        changes.Count == 0 ? Task.CompletedTask : EvaluateAsync(
            "explore", _scripts.Apply, [.. changes.SelectMany(change => Values(change.Pin, change.Candidate))],
            cancellation);

    public async Task<ExploreLease?> BeginAsync(CancellationToken cancellation)
    {
        var token = Guid.NewGuid();
        var run = (string?)await EvaluateAsync(
            "explore", _scripts.Begin, [$"{token}", (long)limits.Lease.TotalMilliseconds], cancellation);
        return run is null ? null : new ExploreLease(token, run);
    }

    public async Task<bool> PutAsync(
        ExploreLease lease, IReadOnlyCollection<ExploreCandidate> candidates, bool isWhole,
        CancellationToken cancellation) =>
        (int)await EvaluateAsync(
            "explore", _scripts.Put,
            [
                $"{lease.Token}", lease.Run, isWhole ? lease.Run : "",
                .. candidates.SelectMany(candidate => Values(candidate.Pin, candidate)),
            ], cancellation) == 1;

    Task<RedisResult> EvaluateAsync(
        string operation, string script, RedisValue[] values, CancellationToken cancellation) => link.AskAsync(
        operation, db => db.ScriptEvaluateAsync(script, _keys, values, CommandFlags.DemandMaster), cancellation);

    static RedisValue[] Values(ObjectId<Pin> pin, ExploreCandidate? candidate) =>
    [
        pin.Value.ToString("D19", CultureInfo.InvariantCulture), candidate?.Heat ?? 0,
        candidate is null ? "" : $"{candidate.Author}.{candidate.Board}",
    ];

    /// <summary>Null for what no program of this version wrote.</summary>
    static ExploreCandidate? Candidate(RedisValue pin, RedisValue heat, RedisValue record)
    {
        var parts = $"{record}".Split('.');
        return parts.Length == 2
            && ObjectId<Pin>.TryFromInt64((long)pin, out var id) && heat.TryParse(out long hot)
            && ObjectId<User>.TryParse(parts[0], null, out var author)
            && ObjectId<Board>.TryParse(parts[1], null, out var board)
            ? new ExploreCandidate(id, author, board, hot) : null;
    }
}
