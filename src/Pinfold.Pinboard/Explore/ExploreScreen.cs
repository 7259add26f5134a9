namespace Pinfold.Pinboard.Explore;

/// <summary>
/// Fills screens from the hottest down, so that none is of one person or board alone: what would be too much of either
/// waits for the next screen. It is shown all the same where there is nothing else.
/// </summary>
sealed class ExploreScreen
{
    /// <summary>Of one author and of one board, on a screen of 50.</summary>
    public const int OfAuthorMax = 4, OfBoardMax = 3;

    /// <summary>How much waits at most; then it is shown before it is looked for others.</summary>
    public const int WaitingMax = 60;

    readonly IReadOnlyList<ExploreCandidate> _sorted;
    readonly Queue<ExploreCandidate> _waited;
    readonly List<ExploreCandidate> _waiting = [];

    /// <summary>What waited may have become colder, and be met once more.</summary>
    readonly HashSet<long> _known;

    readonly Dictionary<long, int> _counts = [];
    int _next;

    /// <param name="sorted">All there is, the hottest first.</param>
    /// <param name="after">What came before this place was shown, or waits.</param>
    /// <param name="waited">What waits since the screen before.</param>
    public ExploreScreen(
        IReadOnlyList<ExploreCandidate> sorted, ExplorePosition? after, IEnumerable<ExploreCandidate> waited)
    {
        (_sorted, _waited) = (sorted, new Queue<ExploreCandidate>(waited));
        _known = _waited.Select(candidate => candidate.Pin.Value).ToHashSet();
        _next = after is { } place ? FirstAfter(place) : 0;
        After = after;
    }

    /// <summary>Where the next screen begins; null before the first.</summary>
    public ExplorePosition? After { get; private set; }

    /// <summary>What waits for the next screen.</summary>
    public IReadOnlyList<ExploreCandidate> Waiting => [.. _waiting, .. _waited];

    public bool HasMore => _waiting.Count + _waited.Count > 0 || _next < _sorted.Count;

    /// <summary>Up to so many more for this screen.</summary>
    public IReadOnlyList<ExploreCandidate> Take(int count)
    {
        var taken = new List<ExploreCandidate>(count);
        while (taken.Count < count && TryNext() is { } candidate)
            if (HasRoom(candidate))
                taken.Add(candidate);
            else
                _waiting.Add(candidate);
        var fill = Math.Min(count - taken.Count, _waiting.Count);
        taken.AddRange(_waiting.Take(fill));
        _waiting.RemoveRange(0, fill);
        return taken;
    }

    ExploreCandidate? TryNext()
    {
        if (_waited.TryDequeue(out var waited))
            return waited;
        while (_waiting.Count < WaitingMax && _next < _sorted.Count)
        {
            var candidate = _sorted[_next++];
            After = candidate.Position;
            if (_known.Add(candidate.Pin.Value))
                return candidate;
        }
        return null;
    }

    bool HasRoom(ExploreCandidate candidate)
    {
        var (author, board) = (candidate.Author.Value, candidate.Board.Value);
        if (_counts.GetValueOrDefault(author) >= OfAuthorMax || _counts.GetValueOrDefault(board) >= OfBoardMax)
            return false;
        _counts[author] = _counts.GetValueOrDefault(author) + 1;
        _counts[board] = _counts.GetValueOrDefault(board) + 1;
        return true;
    }

    int FirstAfter(ExplorePosition place)
    {
        var (low, high) = (0, _sorted.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_sorted[middle].Position.CompareTo(place) <= 0)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }
}
