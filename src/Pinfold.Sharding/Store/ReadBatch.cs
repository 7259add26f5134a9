using Pinfold.Sharding.Engines;

namespace Pinfold.Sharding.Store;

/// <summary>
/// Reads that are answered together: one round trip to each server concerned, side by side. Each method returns a place
/// where the answer will be after <see cref="ExecuteAsync"/>.
/// </summary>
/// <remarks>The answers of one shard are not a snapshot: a write may fall between two of them.</remarks>
public sealed class ReadBatch
{
    const int ReadsMax = 1000;
    readonly ShardedStore _store;
    readonly List<ShardRead> _reads = [];
    readonly List<Action> _answers = [];

    internal ReadBatch(ShardedStore store) => _store = store;

    /// <summary>An object, null if missing. It comes from the shard, not from the cache.</summary>
    public Answer<Stored<T>?> Find<T>(ObjectId<T> id) where T : class
    {
        var type = _store.Model.TypeOf<T>();
        var read = new ObjectsRead(id.Shard, type, [id.Local]);
        return Add(read, () => read.Rows[0] is { } row
            ? new Stored<T>(id, type.Decode(row.Body, id), row.Version, row.Seq)
            : null);
    }

    /// <summary>
    /// The objects of a type that are on one shard, whoever they belong to, by id: for what goes over all there is,
    /// such as a report or a change of every object. The last id given is where the next part begins.
    /// </summary>
    /// <param name="shard">Which shard.</param>
    /// <param name="after">Only objects beyond this one of the same shard; <c>default</c> from the first.</param>
    /// <param name="limit">How many at most, 1 to 10,000; fewer are given only where there are no more.</param>
    /// <remarks>What is deleted is passed over, at the cost of looking at it.</remarks>
    /// <exception cref="PinfoldException">Invalid: the limit is none, or the id is of another shard.</exception>
    public Answer<IReadOnlyList<Stored<T>>> Scan<T>(ShardId shard, ObjectId<T> after, int limit) where T : class
    {
        if (limit is < 1 or > PageRequest.LimitMax)
            throw PinfoldException.Invalid($"{limit} objects were asked for; 1 to {PageRequest.LimitMax} is right.");
        if (!after.IsNone && after.Shard != shard)
            throw PinfoldException.Invalid($"{after} is on shard {after.Shard}, and shard {shard} is to be scanned.");
        var type = _store.Model.TypeOf<T>();
        var read = new ScanRead(shard, type, after.IsNone ? 0 : after.Local, limit);
        return Add<IReadOnlyList<Stored<T>>>(read, () => read.Rows.ConvertAll(row =>
        {
            var id = type.Id(new ObjectId(shard, type.Number, row.Local));
            return new Stored<T>(id, type.Decode(row.Body, id), row.Version, row.Seq);
        }));
    }

    /// <summary>A page of a mapping.</summary>
    /// <exception cref="PinfoldException">Invalid: the cursor is none, or of another list.</exception>
    public Answer<Page<Entry<TTo>>> Page<TFrom, TTo>(
        Mapping<TFrom, TTo> mapping, ObjectId<TFrom> from, PageRequest request)
        where TFrom : class
        where TTo : class
    {
        _store.Model.RefuseUnlessIn(mapping);
        var read = new PageRead(from.Shard, mapping, from, request);
        return Add(read, () =>
        {
            var count = Math.Min(read.Rows.Count, read.Limit);
            var items = new Entry<TTo>[count];
            for (var i = 0; i < count; i++)
                items[i] = Typed<TTo>(read.Rows[i]);
            var last = read.Rows.Count > read.Limit ? read.Rows[read.Limit - 1] : default(EntryRow?);
            return new Page<Entry<TTo>>(items,
                last is { } l ? new PagePosition(l.Sequence, l.To).Format(mapping, from, request.NewestFirst) : null);
        });
    }

    /// <summary>
    /// Which of <paramref name="to"/> are in the list of <paramref name="from"/>; in no particular order.
    /// </summary>
    public Answer<IReadOnlyList<Entry<TTo>>> Entries<TFrom, TTo>(
        Mapping<TFrom, TTo> mapping, ObjectId<TFrom> from, IReadOnlyList<ObjectId<TTo>> to)
        where TFrom : class
        where TTo : class
    {
        if (to.Count is 0 or > PageRequest.LimitMax)
            throw PinfoldException.Invalid($"{to.Count} ids were asked for; 1 to {PageRequest.LimitMax} is right.");
        _store.Model.RefuseUnlessIn(mapping);
        var read = new EntriesRead(from.Shard, mapping, from, [.. to.Select(id => id.Untyped)]);
        return Add<IReadOnlyList<Entry<TTo>>>(read, () => read.Rows.ConvertAll(Typed<TTo>));
    }

    /// <summary>How many entries there are from one object.</summary>
    public Answer<long> Count<TFrom, TTo>(Mapping<TFrom, TTo> mapping, ObjectId<TFrom> from)
        where TFrom : class
        where TTo : class
    {
        _store.Model.RefuseUnlessIn(mapping);
        var read = new CountRead(from.Shard, mapping, from);
        return Add(read, () => read.Count);
    }

    /// <summary>Asks, and fills in every answer.</summary>
    /// <exception cref="PinfoldException">Some server did not answer; then there is no answer at all.</exception>
    public async Task ExecuteAsync(CancellationToken cancellation = default)
    {
        await _store.Router.ReadAsync(_reads, cancellation);
        foreach (var answer in _answers)
            answer();
    }

    internal Answer<TValue> Add<TValue>(ShardRead read, Func<TValue> value)
    {
        if (_reads.Count == ReadsMax)
            throw new PinfoldException(
                ErrorKind.LimitExceeded, $"A batch holds at most {ReadsMax} reads; make another.");
        var answer = new Answer<TValue>();
        _reads.Add(read);
        _answers.Add(() => answer.Set(value()));
        return answer;
    }

    static Entry<TTo> Typed<TTo>(EntryRow row) where TTo : class =>
        new(ObjectId<TTo>.Of(row.To), row.Sequence, row.Body);
}

/// <summary>Where the answer of one read of a <see cref="ReadBatch"/> will be.</summary>
public sealed class Answer<T>
{
    bool _isSet;
    T? _value;

    /// <summary>The answer, once the batch is executed.</summary>
    public T Value => _isSet ? _value! : throw new InvalidOperationException("Execute the batch first.");

    internal void Set(T value) => (_value, _isSet) = (value, true);
}
