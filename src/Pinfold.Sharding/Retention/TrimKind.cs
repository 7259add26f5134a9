using System.Text.Json.Serialization;
using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Operations;
using Pinfold.Sharding.Store;

namespace Pinfold.Sharding.Retention;

/// <summary>
/// Trims the journals of a server's shards, one after the other, some thousand rows at a time. What may go is looked up
/// anew with each of these, in the transaction that removes them; so a step may be done again at any time.
/// </summary>
sealed class TrimKind(Func<ShardedStore> store) : IOperationKind
{
    public const string KindName = "journal-trim";

    /// <summary>How many rows one transaction removes.</summary>
    const int ChunkRows = 2_000;

    /// <summary>Faster it does not go; and it rests for as long as the server took, so that half its time is others'.
    /// </summary>
    const int RowsPerSecondMax = 20_000;

    const int TriesMax = 5;

    static readonly TimeSpan TroubleWait = TimeSpan.FromSeconds(1);

    public string Name => KindName;

    public async ValueTask RunAsync(StepRun step, CancellationToken cancellation)
    {
        var change = step.Read(RetentionJson.Default.TrimChange);
        var (fleet, name) = (store(), step.Step.Subject);
        var spec = fleet.Topology.GetServer(name);
        var server = (await fleet.Servers.GetAsync(spec)).Server;
        var followers = await JournalTrims.FollowersAsync(fleet, cancellation);
        var from = step.Place(RetentionJson.Default.TrimPlace)?.Shard ?? 0;
        foreach (var shard in ShardRuns.Parse(change.Shards[name]).Where(shard => shard.Value >= from))
            if (fleet.Topology.Shard(shard).Server == spec)
                await new ShardTrim(server.Trim, step, change, followers, fleet.Time).RunAsync(shard, cancellation);
    }

    public ValueTask<string?> UndoAsync(StepRun step, CancellationToken cancellation) => new(step.Done == 0 ? null
        : "What was trimmed of the journals is gone; nobody needed it.");

    sealed class ShardTrim(
        IJournalTrim journals, StepRun step, TrimChange change, IReadOnlyList<string> followers, TimeProvider time)
    {
        TimeSpan _rest;

        public async Task RunAsync(ShardId shard, CancellationToken cancellation)
        {
            var prefix = new OldPrefix(change.CutoffMs, change.FutureMs);
            var extents = await journals.ReadExtentsAsync([shard], cancellation);
            if (extents is not [var extent])
                return;
            // The newest rows are not even looked at by what removes: writers wait for no lock of it.
            var most = extent.Last - change.Rows;
            for (var (next, read) = (extent.First, extent.First - 1); prefix.Young is null && read < most;)
            {
                var rows = await journals.ReadTimesAsync(shard, read, ChunkRows, cancellation);
                if (rows.Count == 0)
                    return;
                prefix.Take(rows);
                read = rows[^1].Seq;
                for (var old = Math.Min(prefix.To, most); next <= old; next = Math.Min(old, next + ChunkRows - 1) + 1)
                    if (!await CutAsync(shard, next, Math.Min(old, next + ChunkRows - 1), cancellation))
                        return;
            }
        }

        /// <summary>Whether all of it could go, so that more may.</summary>
        async Task<bool> CutAsync(ShardId shard, long from, long to, CancellationToken cancellation)
        {
            await Task.Delay(_rest, time, cancellation);
            var start = time.GetTimestamp();
            var answer = await TryCutAsync(new TrimCut(shard, from, to, followers, change.Rows), cancellation);
            var (took, least) =
                (time.GetElapsedTime(start), TimeSpan.FromSeconds((double)answer.Rows / RowsPerSecondMax));
            _rest = took > least ? took : least;
            var done = step.Done + answer.Rows;
            await step.SaveAsync(done, Math.Max(done, step.Total), step.Unit, new TrimPlace(shard.Value),
                RetentionJson.Default.TrimPlace, cancellation);
            return answer.Limit >= to;
        }

        /// <summary>A server may refuse for locks that others hold.</summary>
        async Task<TrimAnswer> TryCutAsync(TrimCut cut, CancellationToken cancellation)
        {
            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    return await journals.TrimAsync(cut, cancellation);
                }
                catch (PinfoldException e) when (e.Kind == ErrorKind.Unavailable && attempt < TriesMax)
                {
                    await Task.Delay(TroubleWait, time, cancellation);
                }
            }
        }
    }
}

/// <summary>What is trimmed: up to which times, what is kept, and which shards by server.</summary>
sealed record TrimChange(long CutoffMs, long FutureMs, int Rows, Dictionary<string, string> Shards);

/// <summary>The shard at which a step goes on.</summary>
sealed record TrimPlace(int Shard);

/// <summary>As the ledger keeps them.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(TrimChange))]
[JsonSerializable(typeof(TrimPlace))]
sealed partial class RetentionJson : JsonSerializerContext;
