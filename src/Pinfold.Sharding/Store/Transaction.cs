using Pinfold.Sharding.Caching;
using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Journal;
using Pinfold.Sharding.Lanes;

namespace Pinfold.Sharding.Store;

/// <summary>
/// Changes to one shard that happen together or not at all, in one round trip, with one row in the journal. Nothing is
/// sent before <see cref="CommitAsync"/>; a transaction is committed once and then used up.
/// </summary>
/// <remarks>Not safe for concurrent use. At most 1,000 changes.</remarks>
public sealed partial class Transaction
{
    const int OperationsMax = 1000;

    /// <summary>Who gives up waits no longer until names are given back; it goes on, or the reaper does it.</summary>
    static readonly TimeSpan GiveBackWait = TimeSpan.FromSeconds(2);

    readonly ShardedStore _store;
    readonly List<WriteOperation> _operations = [];
    readonly List<JournalCodec.Draft> _drafts = [];
    readonly List<string> _cacheKeys = [];
    readonly List<ObjectId> _touched = [];
    readonly NameClaims _claims;
    DateTimeOffset _at;
    int _newObjects;
    bool _isUsed;

    /// <param name="store">Where it writes.</param>
    /// <param name="shard">To which shard.</param>
    /// <param name="id">Its id.</param>
    /// <param name="isNamed">Whether the application has named it, so that others may commit under that id.</param>
    internal Transaction(ShardedStore store, ShardId shard, TransactionId id, bool isNamed)
    {
        _store = store;
        Shard = shard;
        Id = id;
        _claims = new(store, shard, id, isNamed);
    }

    /// <summary>The one shard that this writes to.</summary>
    public ShardId Shard { get; }

    /// <summary>The name under which its fate can be asked for later.</summary>
    public TransactionId Id { get; }

    internal long? LocalBase { get; private set; }

    /// <summary>Whether it changes something and was neither committed nor given up.</summary>
    internal bool IsToCommit => !_isUsed && _drafts.Count > 0;

    /// <summary>Whether it was committed, whatever became of it.</summary>
    internal bool IsCommitted { get; private set; }

    /// <summary>Makes a new object. Its id is handed out by the shard, so it is known after the commit.</summary>
    public NewObject<T> Create<T>(T body) where T : class
    {
        var type = _store.Model.TypeOf<T>();
        var created = new NewObject<T>(this, new IdOrNew(default, Shard, type.Number, ++_newObjects));
        Add(new CreateObject(type, created.Ref.Ordinal, type.Encode(body)),
            new(JournalEntryKind.Created, created.Ref));
        return created;
    }

    /// <summary>Gives an object another body.</summary>
    /// <param name="id">An object of this shard. If there is none, or it is deleted, the commit fails with
    /// NotFound.</param>
    /// <param name="body">The whole new body.</param>
    /// <param name="expectedVersion">If given and the object's version is another, the commit fails with
    /// Conflict.</param>
    public void Update<T>(ObjectId<T> id, T body, long? expectedVersion = null) where T : class
    {
        var type = _store.Model.TypeOf<T>();
        Here(id);
        Add(new UpdateObject(type, id.Local, expectedVersion, type.Encode(body)),
            new(JournalEntryKind.Updated, id.Untyped));
    }

    /// <summary>
    /// Hides an object: reads miss it, its row stays. Missing or hidden already: the commit fails with NotFound.
    /// </summary>
    public void Delete<T>(ObjectId<T> id, long? expectedVersion = null) where T : class
    {
        var type = _store.Model.TypeOf<T>();
        Here(id);
        Add(new DeleteObject(type, id.Local, expectedVersion, Erase: false),
            new(JournalEntryKind.Deleted, id.Untyped));
    }

    /// <summary>
    /// Removes an object's body for good, deleted before or not; the empty row stays, so the id is never given again.
    /// </summary>
    public void Erase<T>(ObjectId<T> id) where T : class
    {
        var type = _store.Model.TypeOf<T>();
        Here(id);
        Add(new DeleteObject(type, id.Local, null, Erase: true), new(JournalEntryKind.Erased, id.Untyped));
    }

    /// <summary>
    /// Adds an entry, or gives the pair's entry another sequence and body. <paramref name="from"/> is on this shard;
    /// <paramref name="to"/> may be on any.
    /// </summary>
    public void Put<TFrom, TTo>(
        Mapping<TFrom, TTo> mapping, ObjectRef<TFrom> from, ObjectRef<TTo> to, long sequence,
            ReadOnlySpan<byte> body = default)
        where TFrom : class
        where TTo : class
    {
        if (body.Length > Mapping.EntryBodyBytesMax)
            throw new PinfoldException(ErrorKind.LimitExceeded,
                $"An entry of {mapping.Name} was given {body.Length} bytes; {Mapping.EntryBodyBytesMax} is the most " +
                    "that one carries.");
        _store.Model.RefuseUnlessIn(mapping);
        RefuseReverse(mapping);
        Here(from);
        Here(to, mayBeElsewhere: true);
        Add(new PutEntry(mapping, from.Ref, to.Ref, sequence, body.ToArray()),
            new(JournalEntryKind.Mapped, from.Ref, mapping.Number, to.Ref, sequence));
    }

    /// <summary>Removes the pair's entry; nothing happens if there is none.</summary>
    public void Remove<TFrom, TTo>(Mapping<TFrom, TTo> mapping, ObjectId<TFrom> from, ObjectId<TTo> to)
        where TFrom : class
        where TTo : class
    {
        _store.Model.RefuseUnlessIn(mapping);
        RefuseReverse(mapping);
        Here(from);
        Add(new RemoveEntry(mapping, from, to),
            new(JournalEntryKind.Unmapped, from.Untyped, mapping.Number, to.Untyped));
    }

    /// <summary>Puts or removes an entry of a reverse mapping, unless a change as new has said what it is.</summary>
    /// <param name="reverse">The mapping.</param>
    /// <param name="change">An entry of its forward mapping in the journal.</param>
    /// <param name="number">The journal number of that change.</param>
    internal void Reverse(Mapping reverse, JournalEntry change, long number)
    {
        Here(change.To);
        var isThere = change.Kind == JournalEntryKind.Mapped;
        Add(new ReverseEntry(reverse, change.To, change.Id, isThere, change.Sequence, number, _store.Time.GetUtcNow()),
            new(change.Kind, change.To, reverse.Number, change.Id, change.Sequence));
    }

    /// <summary>Says something to the application's followers, in order with what this transaction changes.</summary>
    /// <param name="name">Which event, 1 to 64 characters, of which the first is no $.</param>
    /// <param name="about">The object concerned, or <c>default</c>.</param>
    /// <param name="payload">Its content, at most 16,384 characters.</param>
    public void Say(string name, ObjectRefUntyped about = default, string? payload = null)
    {
        if (name.Length is 0 or > 64 || name[0] == '$' || payload?.Length > 16 << 10)
            throw PinfoldException.Invalid(
                "An event has a name of 1 to 64 characters that does not begin with $, and a payload of at most "
                + "16,384.");
        if (!about.Ref.Equals(default))
            Here(about, mayBeElsewhere: true);
        Add(null, new(JournalEntryKind.Event, about.Ref, Name: name, Payload: payload));
    }

    /// <summary>
    /// Reserves a name at once (one round trip to its shard) and claims it for <paramref name="owner"/> with this
    /// transaction. If this transaction is never committed, the reservation is reaped.
    /// </summary>
    /// <exception cref="PinfoldException">
    /// Conflict: somebody has the name; claim another. OutcomeUnknown: call it again, or <see
    /// cref="ResolveClaimAsync"/>. Any other: this transaction is given up, and what it had claimed before is free;
    /// where the application has named the transaction, once the reaper finds that nobody commits it.
    /// </exception>
    public async Task ClaimAsync(
        NameKind kind, string name, ObjectRefUntyped owner, CancellationToken cancellation = default)
    {
        RefuseIfUsed();
        Here(owner);
        try
        {
            await _claims.ReserveAsync(kind, name, owner, cancellation);
        }
        catch (OperationCanceledException)
        {
            _ = AbandonAsync(); // who was cancelled does not wait for it
            throw;
        }
        catch (PinfoldException e) when (e.Kind is not (ErrorKind.Conflict or ErrorKind.OutcomeUnknown))
        {
            await AbandonAsync();
            throw;
        }
        AddOnce(NameClaims.Draft(kind, name, owner));
    }

    /// <summary>
    /// What became of a claim of unknown outcome: true if the name is claimed now, as if <see cref="ClaimAsync"/> had
    /// returned; false if it is not, and by that call never will be. Two round trips, or three.
    /// </summary>
    /// <exception cref="PinfoldException">It is not known yet: ask again.</exception>
    public async Task<bool> ResolveClaimAsync(NameKind kind, string name, CancellationToken cancellation = default)
    {
        RefuseIfUsed();
        if (await _claims.ResolveAsync(kind, name, cancellation) is not { } draft)
            return false;
        AddOnce(draft);
        return true;
    }

    /// <summary>
    /// Gives a name of <paramref name="owner"/> back, once this transaction is committed and followed.
    /// </summary>
    public void Release(NameKind kind, string name, ObjectId owner)
    {
        Here(owner);
        Add(null, new(JournalEntryKind.NameReleased, owner, Name: name, NameKind: kind.Number));
    }

    /// <summary>
    /// Also invalidates a cache key of the application's own, now and again when the journal is followed.
    /// </summary>
    /// <exception cref="PinfoldException">Invalid: not 1 to 250 printable ASCII characters without blanks.</exception>
    public void Invalidate(string cacheKey)
    {
        CacheKey.Check(cacheKey);
        _cacheKeys.Add(cacheKey);
        Add(null, new(JournalEntryKind.Event, Name: JournalEvents.Invalidate, Payload: cacheKey));
    }

    /// <summary>
    /// Commits: one round trip to the shard's server, together with what else waits for it; then one to the cache.
    /// </summary>
    /// <exception cref="PinfoldException">
    /// Conflict or NotFound: a check failed. Fenced: the shard is elsewhere, and did not turn up before the deadline.
    /// Unavailable, DeadlineExceeded: it did not happen. OutcomeUnknown: ask <see cref="ShardedStore.ResolveAsync"/>
    /// with <see cref="Id"/>.
    /// </exception>
    /// <exception cref="OperationCanceledException">
    /// As OutcomeUnknown; while it still waits for others it is not sent any more.
    /// </exception>
    public Task<Commit> CommitAsync(CancellationToken cancellation = default) =>
        CommitWithinAsync(null, cancellation);

    /// <summary>As the other; gives up after <paramref name="limit"/>, unless told that of every write.</summary>
    internal async Task<Commit> CommitWithinAsync(TimeSpan? limit, CancellationToken cancellation)
    {
        RefuseIfUsed();
        _isUsed = IsCommitted = true;
        if (_drafts.Count == 0)
            throw PinfoldException.Invalid("This transaction changes nothing.");
        var pending =
            new PendingTransaction(
                Id, Shard, _operations, _newObjects, _at = _store.Time.GetUtcNow(), JournalCodec.Encode(_drafts));
        // Who leaves, leaves alone: what was sent is heard to its end, for the cache and the names.
        return await FinishAsync(pending, limit, cancellation).WaitAsync(cancellation);
    }

    async Task<Commit> FinishAsync(PendingTransaction pending, TimeSpan? limit, CancellationToken cancellation)
    {
        CommitReceipt receipt;
        var deadline = Deadline.In(limit ?? _store.Router.WriteLimit, _store.Time);
        try
        {
            receipt = await _store.Router.CommitAsync(pending, cancellation, limit);
        }
        catch (Exception e) when (e is not PinfoldException { Kind: ErrorKind.OutcomeUnknown })
        {
            await GiveBackAsync(deadline.Left);
            throw;
        }
        return await HappenedAsync(receipt.Seq, receipt.LocalBase);
    }

    async Task<Commit> HappenedAsync(long seq, long localBase)
    {
        LocalBase = localBase;
        await _store.InvalidateAsync(Keys(localBase));
        return new Commit(Shard, seq);
    }

    /// <summary>
    /// After a commit of unknown outcome: its commit if it happened, and then new objects have their ids; null if it
    /// did not, and then it never will. Round trips as <see cref="ShardedStore.ResolveAsync"/>.
    /// </summary>
    /// <exception cref="PinfoldException">As <see cref="ShardedStore.ResolveAsync"/>: it is not known yet.</exception>
    public async Task<Commit?> ResolveAsync(CancellationToken cancellation = default)
    {
        if (!_isUsed)
            throw new InvalidOperationException("This transaction was not committed yet.");
        if (await _store.Router.ResolveAsync(Shard, Id, cancellation) is { } row)
            return await HappenedAsync(row.Seq, row.LocalBase);
        await _claims.GiveBackAsync(isFinal: true);
        return null;
    }

    /// <summary>
    /// Gives up before the commit: what it reserved is given back at once, if the servers answer within two seconds;
    /// else later, and so where the application has named it, since another may yet commit it. It cannot be committed
    /// any more. Does nothing after <see cref="CommitAsync"/>.
    /// </summary>
    public Task AbandonAsync()
    {
        if (_isUsed)
            return Task.CompletedTask;
        _isUsed = true;
        return GiveBackAsync(GiveBackWait);
    }

    /// <summary>A condition that no change rests on would be asked by nobody, and pass for one that holds.</summary>
    internal void RefuseConditionsAlone()
    {
        if (_conditions > 0 && _drafts.Count == 0)
            throw PinfoldException.Invalid(
                "This transaction requires something and changes nothing; read instead, or add what rests on it.");
    }

    async Task GiveBackAsync(TimeSpan wait)
    {
        var givingBack = _claims.GiveBackAsync(isFinal: false);
        if (givingBack.IsCompleted || wait <= TimeSpan.Zero)
            return;
        try
        {
            await givingBack.WaitAsync(wait, _store.Time);
        }
        catch (TimeoutException)
        {
            // It goes on by itself.
        }
    }

    /// <summary>As the journal has it, after its commit.</summary>
    internal JournalTransaction AsWritten(Commit commit) => JournalCodec.Decode(
        Shard, new JournalRow(commit.Seq, Id, _at, LocalBase ?? 0, JournalCodec.Encode(_drafts)));

    void Add(WriteOperation? operation, JournalCodec.Draft draft)
    {
        RefuseIfUsed();
        if (_drafts.Count == OperationsMax)
            throw new PinfoldException(
                ErrorKind.LimitExceeded, $"A transaction holds at most {OperationsMax} changes; split this one.");
        if (operation is not null)
            _operations.Add(operation);
        _drafts.Add(draft);
        if (operation is UpdateObject or DeleteObject)
            _touched.Add(draft.Id.Id);
    }

    void AddOnce(JournalCodec.Draft draft)
    {
        if (!_drafts.Contains(draft))
            Add(null, draft);
    }

    List<string> Keys(long localBase)
    {
        foreach (var operation in _operations)
            if (operation is CreateObject { Type.IsCached: true } create)
                _cacheKeys.Add(ObjectCache.Key(new ObjectId(Shard, create.Type.Number, localBase + create.Ordinal)));
        foreach (var id in _touched)
            _cacheKeys.Add(ObjectCache.Key(id));
        return _cacheKeys;
    }

    /// <summary>What came after the commit would be lost, and a new object would be given the id of another.</summary>
    void RefuseIfUsed()
    {
        if (_isUsed)
            throw new InvalidOperationException("This transaction was committed already; begin another.");
    }

    void Here(ObjectRefUntyped reference, bool mayBeElsewhere = false)
    {
        if (reference.MadeBy is { } other && other != this)
            throw PinfoldException.Invalid(
                "A new object of another transaction has no id before that is committed; commit it first.");
        Here(reference.Ref, mayBeElsewhere);
    }

    static void RefuseReverse(Mapping mapping)
    {
        if (mapping.ReverseOf is { } forward)
            throw PinfoldException.Invalid(
                $"{mapping.Name} is the reverse of {forward.Name} and follows it by itself: change that one.");
    }

    void Here(ObjectId id) => Here((IdOrNew)id, mayBeElsewhere: false);

    void Here(IdOrNew id, bool mayBeElsewhere)
    {
        if (id is { IsNew: false, Id.IsNone: true })
            throw PinfoldException.Invalid("An id is missing here.");
        if (!mayBeElsewhere && id.Shard != Shard)
            throw PinfoldException.Invalid(
                $"Object {id.Id} lives on shard {id.Shard}; this transaction writes to shard {Shard}. One " +
                    "transaction, one shard.");
    }
}
