using Pinfold.Sharding;

namespace Pinfold.Pinboard.Explore.InMemory;

/// <summary>In this process's own memory: the default, which needs no server.</summary>
sealed class MemoryExploreStore(ExploreLimits limits, TimeProvider time) : IExploreStore
{
    readonly Lock _gate = new();
    Dictionary<ObjectId<Pin>, ExploreCandidate> _candidates = [];
    IReadOnlyList<ExploreCandidate> _sorted = [];
    HashSet<ObjectId<Pin>>? _touched;
    Guid _token;
    DateTimeOffset _ends;
    bool _isBuilt;
    bool _isToBuild = true;

    /// <summary>Whether anything is kept, or is about to be; what changes else need not be brought in.</summary>
    public bool IsKept
    {
        get
        {
            lock (_gate)
                return _isBuilt || _touched is not null;
        }
    }

    /// <summary>It is to be read from the shards anew; what is there is shown until then.</summary>
    public void Doubt()
    {
        lock (_gate)
        {
            _isToBuild = true;
            _ends = default;
        }
    }

    public Task<IReadOnlyList<ExploreCandidate>?> ReadAsync(CancellationToken cancellation)
    {
        lock (_gate)
            return Task.FromResult(_isBuilt ? _sorted : null);
    }

    public Task ApplyAsync(IReadOnlyCollection<ExploreChange> changes, CancellationToken cancellation)
    {
        lock (_gate)
        {
            foreach (var (pin, candidate) in changes)
            {
                _touched?.Add(pin);
                if (candidate is null)
                    _candidates.Remove(pin);
                else
                    _candidates[pin] = candidate;
            }
            Trim();
        }
        return Task.CompletedTask;
    }

    public Task<ExploreLease?> BeginAsync(CancellationToken cancellation)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            if (!_isToBuild || now < _ends)
                return Task.FromResult<ExploreLease?>(null);
            (_token, _ends, _touched) = (Guid.NewGuid(), now + limits.Lease, []);
            return Task.FromResult<ExploreLease?>(new ExploreLease(_token, ""));
        }
    }

    public Task<bool> PutAsync(
        ExploreLease lease, IReadOnlyCollection<ExploreCandidate> candidates, bool isWhole,
        CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (lease.Token != _token || time.GetUtcNow() >= _ends || _touched is not { } touched)
                return Task.FromResult(false);
            _candidates = _candidates.Values.Where(candidate => touched.Contains(candidate.Pin))
                .Concat(candidates.Where(candidate => !touched.Contains(candidate.Pin)))
                .ToDictionary(candidate => candidate.Pin);
            (_isBuilt, _isToBuild, _ends, _touched) = (true, !isWhole, default, null);
            Trim();
            return Task.FromResult(true);
        }
    }

    void Trim()
    {
        _sorted = [.. limits.Keep(_candidates.Values.OrderBy(candidate => candidate.Position))];
        if (_sorted.Count < _candidates.Count)
            _candidates = _sorted.ToDictionary(candidate => candidate.Pin);
    }
}
