using Pinfold.Sharding;

namespace Pinfold.Pinboard.Feeds.InMemory;

/// <summary>One feed in this process's memory. Its users take turns.</summary>
sealed class MemoryFeed(FeedLimits limits)
{
    readonly SortedDictionary<FeedPosition, FeedEntry> _shown = [];
    readonly Dictionary<ObjectId<Pin>, KnownPin> _pins = [];
    readonly Dictionary<FeedSource, (SourceState State, long Seq, DateTimeOffset? EndedAt)> _sources = [];
    readonly Dictionary<ObjectId<Board>, (bool IsLeftOut, long Seq, DateTimeOffset? EndedAt)> _boards = [];
    long? _floor;

    /// <summary>Set while somebody builds it.</summary>
    public Guid? Lease { get; set; }

    /// <summary>When the lease ends, or, when it is built, when it has not been seen for too long.</summary>
    public DateTimeOffset Ends { get; set; }

    /// <summary>A pin that is shown, or was taken out.</summary>
    readonly record struct KnownPin(FeedPosition? Shown, long Seq, DateTimeOffset RemovedAt);

    public FeedPart Read(FeedPosition? after, int count)
    {
        var entries = new List<FeedEntry>();
        var beyond = 0;
        foreach (var (position, entry) in _shown)
        {
            if (position.Sequence <= _floor || beyond > count)
                break;
            entries.Add(entry);
            beyond += after is null || position.CompareTo(after.Value) > 0 ? 1 : 0;
        }
        var hasMore = beyond > count;
        return new FeedPart(hasMore ? entries[..^1] : entries, hasMore, _floor,
            [.. _sources.Where(s => s.Value.State == SourceState.Large).Select(s => s.Key)],
            [.. _boards.Where(b => b.Value.IsLeftOut).Select(b => b.Key)]);
    }

    /// <summary>False: it has missed something.</summary>
    public bool TryAdd(IReadOnlyList<FeedEntry> entries, DateTimeOffset now)
    {
        foreach (var entry in entries)
            if (Lease is not null || Wants(entry))
                Put(entry);
            else if (StateOf(FeedSource.Of(entry.Board)) == SourceState.Large
                || (StateOf(FeedSource.Of(entry.Author)) == SourceState.Large && !IsLeftOut(entry.Board)))
                return false;
            else if (_pins.TryGetValue(entry.Pin, out var known) && known.Seq < entry.Seq)
                Forget(entry.Pin);
        if (FeedLimits.IsToTrim(entries))
            Trim(now);
        return true;
    }

    /// <summary>False: too little is left of what was cut off.</summary>
    public bool TryRemove(IReadOnlyList<RemovedPin> pins, DateTimeOffset now)
    {
        foreach (var (pin, seq) in pins)
        {
            if (_pins.TryGetValue(pin, out var known))
            {
                if (known.Seq > seq)
                    continue;
                Hide(pin);
            }
            _pins[pin] = new KnownPin(null, seq, now);
        }
        Trim(now);
        return IsEnough;
    }

    /// <summary>As <see cref="TryRemove"/>.</summary>
    public bool TryChange(SourceChanged change, DateTimeOffset now)
    {
        if (_sources.TryGetValue(change.Source, out var known) && known.Seq >= change.Seq
            && (known.State, change.State) != (SourceState.Followed, SourceState.Large))
            return true;
        if ((known.State, change.State) == (SourceState.Followed, SourceState.Followed))
            ForgetGone(change);
        _sources[change.Source] = (
            change.State, Math.Max(known.Seq, change.Seq), change.State == SourceState.None ? now : null);
        return TryTakeIn(change.State == SourceState.Followed ? change.Recent : null, now);
    }

    /// <summary>As <see cref="TryRemove"/>.</summary>
    public bool TryChange(BoardLeftOut change, DateTimeOffset now)
    {
        if (_boards.TryGetValue(change.Board, out var known) && known.Seq >= change.Seq)
            return true;
        _boards[change.Board] = (change.IsLeftOut, change.Seq, change.IsLeftOut ? null : now);
        return TryTakeIn(change.IsLeftOut ? null : change.Recent, now);
    }

    /// <summary>Puts what the shards say beside what was gathered since the lease began, which wins.</summary>
    public void Build(FeedBuild build, DateTimeOffset now)
    {
        var gone = build.Content.Entries.Where(entry => IsGone(entry, build.Sources)).ToHashSet();
        foreach (var (source, state) in build.Sources)
            _sources.TryAdd(source, (state, 0, null));
        foreach (var board in build.LeftOut)
            _boards.TryAdd(board, (true, 0, null));
        Lease = null;
        TryTakeIn(null, now);
        TryTakeIn(build.Content with { Entries = [.. build.Content.Entries.Where(e => !gone.Contains(e))] }, now);
    }

    /// <summary>
    /// A feed may have been read when its owner was not among the source's followers yet: who went before that was told
    /// to these alone.
    /// </summary>
    void ForgetGone(SourceChanged change)
    {
        var (source, recent) = (change.Source, change.Recent);
        var there = recent.Entries.Select(entry => entry.Pin).ToHashSet();
        foreach (var entry in _shown.Values.Where(entry => entry.Seq < change.Seq && !there.Contains(entry.Pin)
            && !(entry.Sequence <= recent.Floor)
            && (FeedSource.Of(entry.Board) == source || FeedSource.Of(entry.Author) == source)).ToList())
            Forget(entry.Pin);
    }

    /// <summary>
    /// The same of what was read: its source has come since the lease began, with all that it had, and without this.
    /// </summary>
    bool IsGone(FeedEntry entry, IReadOnlyDictionary<FeedSource, SourceState> read) =>
        !_pins.ContainsKey(entry.Pin) && ((FeedSource[])[FeedSource.Of(entry.Author), FeedSource.Of(entry.Board)])
            .Any(source => read.ContainsKey(source) && StateOf(source) == SourceState.Followed
                && _sources[source].Seq > entry.Seq);

    /// <summary>What is given comes in as far as it is wanted; without, what is wanted no more goes out.</summary>
    bool TryTakeIn(FeedContent? content, DateTimeOffset now)
    {
        if (content is null && Lease is null)
            foreach (var entry in _shown.Values.Where(entry => !Wants(entry)).ToList())
                Forget(entry.Pin);
        if (content is not null)
        {
            Raise(content.Floor);
            foreach (var entry in content.Entries.Where(entry => Lease is not null || Wants(entry)))
                Put(entry);
        }
        Trim(now);
        return IsEnough;
    }

    int SlackMax => limits.EntriesMax + (limits.EntriesMax / 10);

    bool Wants(FeedEntry entry) => StateOf(FeedSource.Of(entry.Board)) == SourceState.Followed
        || (StateOf(FeedSource.Of(entry.Author)) == SourceState.Followed && !IsLeftOut(entry.Board));

    SourceState StateOf(FeedSource source) => _sources.GetValueOrDefault(source).State;

    bool IsLeftOut(ObjectId<Board> board) => _boards.GetValueOrDefault(board).IsLeftOut;

    bool IsEnough => _floor is not { } floor || Lease is not null
        || _shown.Keys.TakeWhile(position => position.Sequence > floor).Count() >= limits.EntriesMin;

    void Put(FeedEntry entry)
    {
        if (_pins.TryGetValue(entry.Pin, out var known) && known.Seq >= entry.Seq)
            return;
        Hide(entry.Pin);
        _shown.Add(entry.Position, entry);
        _pins[entry.Pin] = new KnownPin(entry.Position, entry.Seq, default);
    }

    /// <summary>As if it had never been here: what keeps it out is what the feed follows.</summary>
    void Forget(ObjectId<Pin> pin)
    {
        Hide(pin);
        _pins.Remove(pin);
    }

    void Hide(ObjectId<Pin> pin)
    {
        if (_pins.GetValueOrDefault(pin).Shown is { } position)
            _shown.Remove(position);
    }

    void Raise(long? floor)
    {
        if (floor is not null && (_floor is null || floor > _floor))
            _floor = floor;
    }

    /// <summary>Cuts off what is too much, once it is a tenth too much.</summary>
    void Trim(DateTimeOffset now)
    {
        ForgetOld(_pins, pin => pin.Shown is null ? pin.RemovedAt : null, pin => pin.Value, now);
        ForgetOld(_sources, source => source.EndedAt, source => source.Id.Value, now);
        ForgetOld(_boards, board => board.EndedAt, board => board.Value, now);
        if (_shown.Count <= SlackMax)
            return;
        foreach (var entry in _shown.Values.Skip(limits.EntriesMax).ToList())
        {
            Forget(entry.Pin);
            Raise(entry.Sequence);
        }
    }

    /// <summary>Of what ended, only so much is remembered, and only so long.</summary>
    void ForgetOld<TKey, TValue>(
        Dictionary<TKey, TValue> all, Func<TValue, DateTimeOffset?> endOf, Func<TKey, long> order, DateTimeOffset now)
        where TKey : notnull
    {
        if (all.Count <= SlackMax)
            return;
        var ended = all.Where(one => endOf(one.Value) is not null)
            .OrderByDescending(one => endOf(one.Value)).ThenByDescending(one => order(one.Key)).ToList();
        if (ended.Count <= SlackMax)
            return;
        foreach (var (key, value) in ended.Skip(limits.EntriesMax)
            .Concat(ended.Take(limits.EntriesMax).Where(one => now - endOf(one.Value) > limits.RemembersRemoved)))
            all.Remove(key);
    }
}
