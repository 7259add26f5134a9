using Microsoft.Extensions.Diagnostics.HealthChecks;
using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Following;
using Pinfold.Sharding.Provisioning;
using Pinfold.Sharding.Store;
using Pinfold.Sharding.Topology;

namespace Pinfold.Sharding.Hosting;

/// <summary>
/// Whether shards can be reached: healthy when every server answers for one of its shards, degraded, naming them, when
/// some do not; unhealthy when none does. Degraded, too, while a server is set too small for its shards, and while
/// followers of this process wait for a newer program, or have to be made anew.
/// </summary>
/// <remarks>
/// One round trip to each server, for one row and its settings, however many shards it has; a folder of SQLite files is
/// no server that could be down as a whole, so some of its files are read. The answer is kept for a moment, and who
/// asks meanwhile gets it: probes cannot load the databases. Each shard's own state is what
/// <see cref="ShardStatusReader"/> tells.
/// </remarks>
sealed class ShardsHealthCheck(ShardedStore store, FollowerHost? followers = null) : IHealthCheck, IDisposable
{
    public static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(2);

    /// <summary>Probes do not wait long; an answer after this is none.</summary>
    static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(2);

    const int FilesMax = 16;
    readonly SemaphoreSlim _turn = new(1);
    HealthCheckResult _last;
    long? _lastAt;

    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_lastAt is { } at && store.Time.GetElapsedTime(at) < KeptFor)
                return _last;
            // Not under the caller's token: who hangs up must not spoil the answer for the next.
            _last = await LookAsync();
            _lastAt = store.Time.GetTimestamp();
            return _last;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    async Task<HealthCheckResult> LookAsync()
    {
        var map = store.Topology;
        var asked = map.ServersFor(Enumerable.Range(0, map.ShardCount).Select(i => new ShardId(i)))
            .SelectMany(part => part.Shards.Take(part.Server is SqliteServerSpec ? FilesMax : 1)
                .Select(shard => (part.Server, Shard: shard, part.Shards.Count)))
            .ToList();
        var problems = await Task.WhenAll(asked.Select(a => FindProblemAsync(a.Server, a.Shard)));
        var failed = asked.Zip(problems).Where(p => p.Second.Problem is not null).ToList();
        if (failed.Count == 0)
            return Answering([.. asked.Zip(problems)
                .Select(p => (p.First.Server.Name, TooSmall: ServerRoomReader.TooSmall(p.Second.Limits, p.First.Count)))
                .Where(server => server.TooSmall.Count > 0)
                .Select(server => $"{server.Name} is set too small ({string.Join("; ", server.TooSmall)})")]);
        var named = string.Join(", ", failed.DistinctBy(p => p.First.Server.Name)
            .Select(p => $"{p.First.Server.Name} ({p.Second.Problem})"));
        return failed.Count == asked.Count
            ? HealthCheckResult.Unhealthy($"no server answers: {named}")
            : HealthCheckResult.Degraded($"some do not answer: {named}");
    }

    /// <summary>When every server answers, there is what they are set to, and what followers wait at.</summary>
    HealthCheckResult Answering(List<string> complaints)
    {
        var all = followers?.Waiting ?? [];
        var waiting = all.Where(w => w.JournalBegin is null).ToList();
        complaints.AddRange(all.Where(w => w.JournalBegin is not null).GroupBy(w => w.Follower).Select(g =>
            $"follower {g.Key} has to be made anew ({g.First().MadeAnewBy ?? "from the tables"}), for the journals of "
            + $"shards {ShardRuns.Text(g.Select(w => w.Shard))} were trimmed: "
            + $"that of shard {g.First().Shard} begins at {g.First().JournalBegin}, and it stands before "
            + $"{g.First().Seq}"));
        if (waiting.Count > 0)
            complaints.Add("followers wait for a newer program: " + string.Join(", ", waiting
                .GroupBy(w => w.Follower).Select(g =>
                    $"{g.Key} at {g.First().Seq} of shard {g.First().Shard} (entry of kind \"{g.First().EntryKind}\"), "
                    + $"on shards {ShardRuns.Text(g.Select(w => w.Shard))} in all")));
        const string answers = "every server answers";
        return complaints.Count == 0 ? HealthCheckResult.Healthy(answers)
            : HealthCheckResult.Degraded($"{answers}; {string.Join("; ", complaints)}");
    }

    async Task<(string? Problem, ServerLimits? Limits)> FindProblemAsync(ServerSpec server, ShardId shard)
    {
        using var limit = new CancellationTokenSource(AnswerMax, store.Time);
        var (read, limits) = (new ShardRowRead(shard), new ServerLimitsRead(shard));
        try
        {
            await store.Servers.ReadAsync(server, [read, limits], limit.Token);
            return (read.Row is null ? $"shard {shard} has no row" : null, limits.Limits);
        }
        catch (PinfoldException e)
        {
            return (e.Message, null);
        }
        catch (OperationCanceledException)
        {
            return ($"no answer within {AnswerMax.TotalSeconds} s", null);
        }
    }
}
