using Pinfold.Pinboard.Redis;

namespace Pinfold.Pinboard.Explore.InRedis;

/// <summary>
/// What is shared, as this process has last read it: asked for at most once a second, however many pages show it; while
/// it does not answer, what it said last.
/// </summary>
sealed class RecentExplore(IExploreStore shared, TimeProvider time) : IExploreStore
{
    static readonly TimeSpan Kept = TimeSpan.FromSeconds(1);

    volatile Snapshot? _last;

    sealed record Snapshot(IReadOnlyList<ExploreCandidate>? Sorted, long At);

    public async Task<IReadOnlyList<ExploreCandidate>?> ReadAsync(CancellationToken cancellation)
    {
        if (_last is { } last && time.GetElapsedTime(last.At) < Kept)
            return last.Sorted;
        var at = time.GetTimestamp();
        try
        {
            var sorted = await shared.ReadAsync(cancellation);
            _last = new Snapshot(sorted, at);
            return sorted;
        }
        catch (RedisUnavailableException) when (_last is { Sorted: not null })
        {
            _last = _last with { At = at };
            return _last.Sorted;
        }
    }

    public Task ApplyAsync(IReadOnlyCollection<ExploreChange> changes, CancellationToken cancellation) =>
        shared.ApplyAsync(changes, cancellation);

    public Task<ExploreLease?> BeginAsync(CancellationToken cancellation) => shared.BeginAsync(cancellation);

    public Task<bool> PutAsync(
        ExploreLease lease, IReadOnlyCollection<ExploreCandidate> candidates, bool isWhole,
        CancellationToken cancellation) => shared.PutAsync(lease, candidates, isWhole, cancellation);
}
