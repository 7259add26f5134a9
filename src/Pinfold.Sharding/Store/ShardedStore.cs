using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Pinfold.Sharding.Caching;
using Pinfold.Sharding.Caching.Memory;
using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Journal;
using Pinfold.Sharding.Names;
using Pinfold.Sharding.Routing;
using Pinfold.Sharding.Topology;

namespace Pinfold.Sharding.Store;

/// <summary>
/// The door to all shards: reads objects and lists, begins transactions. One per process, safe for concurrent use.
/// </summary>
/// <remarks>
/// Reads of cached types go to the cache first: an object is as new as the last write that this or another process has
/// finished. Lists, counts and names always come from the shard. A read asks each server once, whatever it asks.
/// </remarks>
public sealed partial class ShardedStore : IAsyncDisposable
{
    readonly LookAside? _lookAside;
    readonly ICache? _cache;
    readonly StoreLimits _limits;
    readonly DecodedValues _decoded = new();
    IAsyncDisposable? _madeWith;

    internal ShardedStore(
        ShardingModel model, ITopologySource topology, ServerSet servers, ICache? cache, TimeProvider time,
            StoreLimits limits)
    {
        Model = model;
        Router = new ShardRouter(topology, servers, limits, time);
        _cache = cache;
        _lookAside = cache is null ? null : new LookAside(cache, time);
        _limits = limits;
        Names = new NameRegistry(Router, model);
    }

    /// <summary>What the application keeps in shards.</summary>
    public ShardingModel Model { get; }

    /// <summary>The map as this process has it now.</summary>
    public TopologyMap Topology => Router.Topology;

    /// <summary>Values that are unique over all shards.</summary>
    public NameRegistry Names { get; }

    internal ShardRouter Router { get; }

    internal TimeProvider Time => Router.Time;

    internal ServerSet Servers => Router.Servers;

    internal bool HasCache => _cache is not null;

    /// <summary>The cache that is in this process's own memory; null where another, or none, is used.</summary>
    internal MemoryCache? LocalCache => _cache as MemoryCache;

    /// <summary>Called with the shard and number of each write that this store commits; must return at once.</summary>
    internal event Action<ShardId, long> Committed
    {
        add => Router.Committed += value;
        remove => Router.Committed -= value;
    }

    /// <summary>
    /// An object, or null if there is none or it is deleted. One round trip to the cache, on a miss one to its shard's
    /// server.
    /// </summary>
    /// <exception cref="PinfoldException">Unavailable or DeadlineExceeded, naming the shard; never "not found" for a
    /// shard that failed.</exception>
    public async Task<Stored<T>?> FindAsync<T>(ObjectId<T> id, CancellationToken cancellation = default) where T : class
    {
        var type = Model.TypeOf<T>();
        if (_lookAside is null || !type.IsCached)
        {
            var read = new ObjectsRead(id.Shard, type, [id.Local]);
            await Router.ReadAsync([read], cancellation);
            return Decode(type, id, read.Rows[0]);
        }
        return (await FindManyAsync([id], cancellation))[0];
    }

    /// <summary>As <see cref="FindAsync"/>, and missing is an error.</summary>
    /// <exception cref="PinfoldException">NotFound, and as there.</exception>
    public async Task<Stored<T>> GetAsync<T>(ObjectId<T> id, CancellationToken cancellation = default)
        where T : class =>
        await FindAsync(id, cancellation)
            ?? throw new PinfoldException(
                ErrorKind.NotFound, $"There is no {Model.TypeOf<T>().Name} object {id}.")
            { Shard = id.Shard };

    /// <summary>
    /// Objects place by place, null where there is none. One round trip to each cache server concerned; for the misses
    /// one to each server (not shard) concerned, side by side.
    /// </summary>
    /// <exception cref="PinfoldException">Some shard did not answer; it is named. Use <see
    /// cref="FindManyPartialAsync"/> to get the rest.</exception>
    public async Task<IReadOnlyList<Stored<T>?>> FindManyAsync<T>(
        IReadOnlyList<ObjectId<T>> ids, CancellationToken cancellation = default) where T : class
    {
        var type = TypeFor<T>(ids.Count);
        if (_lookAside is null || !type.IsCached)
            return Array.ConvertAll(
                await ReadRowsAsync(type, ids, cancellation), row => Decode(type, row.Id, row.Row));
        var keys = new string[ids.Count];
        for (var i = 0; i < keys.Length; i++)
            keys[i] = ObjectCache.Key(ids[i]);
        var packed = await _lookAside.ReadAsync(keys, ObjectCache.TimeToLive, async (places, token) =>
        {
            var missing = new ObjectId<T>[places.Count];
            for (var i = 0; i < missing.Length; i++)
                missing[i] = ids[places[i]];
            return Array.ConvertAll(
                await ReadRowsAsync(type, missing, token), r => r.Row is null ? null : ObjectCache.Pack(r.Row));
        }, cancellation);
        var found = new Stored<T>?[ids.Count];
        for (var i = 0; i < found.Length; i++)
            found[i] = ObjectCache.Unpack(type, ids[i], packed[i].Span);
        return found;
    }

    /// <summary>
    /// As <see cref="FindManyAsync"/> without the cache, but servers that fail are reported and the others' objects
    /// returned.
    /// </summary>
    public async Task<PartialRead<T>> FindManyPartialAsync<T>(
        IReadOnlyList<ObjectId<T>> ids, CancellationToken cancellation = default) where T : class
    {
        var type = TypeFor<T>(ids.Count);
        var found = new Stored<T>?[ids.Count];
        var failures = new List<ReadFailure>();
        var servers = Enumerable.Range(0, ids.Count).GroupBy(i => Topology.Shard(ids[i].Shard).Server)
            .Select(async places =>
        {
            var here = places.ToArray();
            try
            {
                var rows = await ReadRowsAsync(type, [.. here.Select(i => ids[i])], cancellation);
                for (var i = 0; i < here.Length; i++)
                    TryDecode(here[i], rows[i].Row);
            }
            catch (PinfoldException e)
            {
                lock (failures)
                    failures.AddRange(here.Select(i => new ReadFailure(i, ids[i].Shard, e)));
            }
        });
        await Task.WhenAll(servers);
        return new PartialRead<T>(found, failures);

        // A body that cannot be read is its own place's failure, and no other's.
        void TryDecode(int place, ObjectRow? row)
        {
            try
            {
                found[place] = Decode(type, ids[place], row);
            }
            catch (PinfoldException e)
            {
                lock (failures)
                    failures.Add(new ReadFailure(place, ids[place].Shard, e));
            }
        }
    }

    /// <summary>A page of a mapping from one object; one round trip to its shard's server.</summary>
    /// <exception cref="PinfoldException">Invalid: the cursor is none, or of another list.</exception>
    public async Task<Page<Entry<TTo>>> PageAsync<TFrom, TTo>(
        Mapping<TFrom, TTo> mapping, ObjectId<TFrom> from, PageRequest request,
            CancellationToken cancellation = default)
        where TFrom : class
        where TTo : class
    {
        var batch = Read();
        var page = batch.Page(mapping, from, request);
        await batch.ExecuteAsync(cancellation);
        return page.Value;
    }

    /// <summary>How many entries there are from one object, exactly; one round trip, whatever the number.</summary>
    public async Task<long> CountAsync<TFrom, TTo>(
        Mapping<TFrom, TTo> mapping, ObjectId<TFrom> from, CancellationToken cancellation = default)
        where TFrom : class
        where TTo : class
    {
        var batch = Read();
        var count = batch.Count(mapping, from);
        await batch.ExecuteAsync(cancellation);
        return count.Value;
    }

    /// <summary>
    /// Begins a list of reads that are answered together, one round trip per server, without the cache.
    /// </summary>
    public ReadBatch Read() => new(this);

    /// <summary>Begins a transaction on one shard. Nothing is sent yet.</summary>
    /// <exception cref="PinfoldException">Invalid: the topology has no such shard.</exception>
    public Transaction Begin(ShardId shard) => Begin(shard, TransactionId.New(Time.GetUtcNow()), isNamed: false);

    /// <summary>
    /// Begins a transaction that the application names, such as by an idempotency key: committed again, here or
    /// elsewhere, it is not done again, and its commit gives what the first gave, ids of new objects included.
    /// </summary>
    /// <remarks>
    /// The second must change the same objects, mappings and names, say the same events, and make as many new objects
    /// of each type in the same order; else its commit fails with Conflict. Not compared are bodies, sequences and
    /// payloads: the first counts. What must read before it writes is better done with <see
    /// cref="WriteAsync(ShardId, TransactionId, Func{Transaction, CancellationToken, Task}, CancellationToken)"/>.
    /// </remarks>
    /// <exception cref="PinfoldException">Invalid: the topology has no such shard, or the id is empty.</exception>
    public Transaction Begin(ShardId shard, TransactionId transaction) => transaction == default
        ? throw PinfoldException.Invalid("A transaction's id is empty; make one of a key or a UUID.")
        : Begin(shard, transaction, isNamed: true);

    Transaction Begin(ShardId shard, TransactionId transaction, bool isNamed)
    {
        _ = Topology.Shard(shard);
        return new Transaction(this, shard, transaction, isNamed);
    }

    /// <summary>
    /// Writes what rests on reads: <paramref name="build"/> reads afresh and puts its changes into the transaction that
    /// it is given; they are committed, and if something they rest on was changed meanwhile it runs again, with a new
    /// transaction. Gives what the last run gave, once that is committed; new objects have their ids then.
    /// </summary>
    /// <param name="shard">The one shard that is written to.</param>
    /// <param name="build">
    /// May run up to 50 times, so it changes nothing but its transaction, and reads past the cache: with
    /// <see cref="Read"/>. Updates what it has read with the version that it has read. When it adds nothing, or gives
    /// up with <see cref="Transaction.AbandonAsync"/>, nothing is sent. What it throws is thrown to the caller.
    /// </param>
    /// <param name="cancellation">As for <see cref="Transaction.CommitAsync"/>.</param>
    /// <remarks>Its reads and one round trip for each attempt; no attempt begins 10 s after the first.</remarks>
    /// <exception cref="PinfoldException">
    /// Conflict: it was changed by others each time. NotFound: an object is not there, and
    /// <paramref name="build"/> did not look. Else as <see cref="Transaction.CommitAsync"/>.
    /// </exception>
    public async Task<TResult> WriteAsync<TResult>(
        ShardId shard, Func<Transaction, CancellationToken, Task<TResult>> build,
        CancellationToken cancellation = default)
    {
        var (result, _) = await new WriteLoop(this).RunAsync(_ => BeginAnew(shard), build, cancellation);
        return result;
    }

    /// <summary>As the other, without a result: the commit, or null if nothing was to be changed.</summary>
    public async Task<Commit?> WriteAsync(
        ShardId shard, Func<Transaction, CancellationToken, Task> build, CancellationToken cancellation = default)
    {
        var (_, commit) = await new WriteLoop(this).RunAsync(_ => BeginAnew(shard), async (transaction, token) =>
        {
            await build(transaction, token);
            return true;
        }, cancellation);
        return commit;
    }

    /// <summary>
    /// As the other, once under that name, whoever calls it how often: gives what was written, now or before; null if
    /// nothing was to be changed. One round trip more, to look whether it is there; two if it is.
    /// </summary>
    /// <param name="shard">The one shard that is written to.</param>
    /// <param name="transaction">
    /// Its name, such as <see cref="TransactionId.FromKey"/> gives. If a write of that name was given up, it goes on
    /// under <see cref="TransactionId.Next"/>.
    /// </param>
    /// <param name="build">Does not run when it is there.</param>
    /// <param name="cancellation">As for <see cref="Transaction.CommitAsync"/>.</param>
    public Task<JournalTransaction?> WriteAsync(
        ShardId shard, TransactionId transaction, Func<Transaction, CancellationToken, Task> build,
        CancellationToken cancellation = default) =>
        new NamedWrite(this, shard, transaction).RunAsync(build, cancellation);

    Task<Transaction?> BeginAnew(ShardId shard) => Task.FromResult<Transaction?>(Begin(shard));

    /// <summary>
    /// A shard for something that is to have a shard of its own, such as a new user: one of the open ones, by weight.
    /// </summary>
    public ShardId PickShard() => Topology.PickShardForNewOwner(Random.Shared);

    /// <summary>
    /// Settles the fate of a write whose outcome was unknown: what it changed, with the ids of the objects it made, if
    /// it happened (and then the cache forgets what was before it); else null, and then it never will, for its id is
    /// used up by an empty transaction. Two round trips if it happened, else three; then one to the cache.
    /// </summary>
    /// <exception cref="PinfoldException">It is not known yet: ask again. Fenced: the shard is closed.</exception>
    public async Task<JournalTransaction?> ResolveAsync(
        ShardId shard, TransactionId transaction, CancellationToken cancellation = default)
    {
        if (await Router.ResolveAsync(shard, transaction, cancellation) is not { } row)
            return null;
        var happened = JournalCodec.Decode(shard, row);
        await InvalidateAsync(ChangedKeys.Of(happened, Model));
        return happened;
    }

    /// <summary>
    /// A value of the application's own making, kept in the cache: who misses makes it, everybody else waits for that.
    /// A write that changes it says so with <see cref="Transaction.Invalidate"/>. Null is remembered for 30 seconds.
    /// While the value is the same, callers may get the same object: whoever gets it changes nothing of it, and what
    /// was made of it may be kept with it.
    /// </summary>
    public async Task<TValue?> CachedAsync<TValue>(
        string key, TimeSpan timeToLive, JsonTypeInfo<TValue> json, Func<CancellationToken, Task<TValue?>> make,
        CancellationToken cancellation = default) where TValue : class
    {
        if (_lookAside is null)
            return await make(cancellation);
        try
        {
            return await ReadAsync();
        }
        catch (JsonException)
        {
            // Another version of the program made it: it is made anew, as this one understands it.
            await InvalidateAsync([key]);
            return await ReadAsync();
        }

        async Task<TValue?> ReadAsync()
        {
            TValue? made = null;
            var values = await _lookAside.ReadAsync([key], timeToLive, async (_, token) =>
            {
                made = await make(token);
                return [made is null ? null : JsonSerializer.SerializeToUtf8Bytes(made, json)];
            }, cancellation);
            return made ?? (values[0].IsEmpty ? null : _decoded.Get(
                key, values[0], bytes => JsonSerializer.Deserialize(bytes.Span, json)!));
        }
    }

    /// <summary>
    /// Closes the pools; of a store that was opened without a host also all that was made with it.
    /// </summary>
    public ValueTask DisposeAsync() => Interlocked.Exchange(ref _madeWith, null) is { } all
        ? all.DisposeAsync()
        : Servers.DisposeAsync();

    /// <summary>What ends with this store, which is a part of it and is disposed by it once more.</summary>
    internal void MadeWith(IAsyncDisposable all) => _madeWith = all;

    internal ValueTask InvalidateAsync(IReadOnlyList<string> keys) =>
        _cache is null || keys.Count == 0 ? ValueTask.CompletedTask
            : _cache.InvalidateAsync(keys, CancellationToken.None);

    /// <summary>Ends only when no process can read the old values from the cache.</summary>
    internal ValueTask EnsureInvalidatedAsync(IReadOnlyList<string> keys, CancellationToken cancellation) =>
        _cache is null || keys.Count == 0 ? ValueTask.CompletedTask
            : _cache.EnsureInvalidatedAsync(keys, cancellation);

    static Stored<T>? Decode<T>(ObjectType<T> type, ObjectId<T> id, ObjectRow? row) where T : class =>
        row is null ? null : new Stored<T>(id, type.Decode(row.Body, id), row.Version, row.Seq);

    ObjectType<T> TypeFor<T>(int count) where T : class
    {
        RefuseTooMany(count);
        return Model.TypeOf<T>();
    }

    void RefuseTooMany(int count)
    {
        if (count > _limits.ObjectsPerReadMax)
            throw new PinfoldException(ErrorKind.LimitExceeded,
                $"{count} objects were asked for at once; {_limits.ObjectsPerReadMax} is the most. Ask in parts.");
    }

    async Task<(ObjectId<T> Id, ObjectRow? Row)[]> ReadRowsAsync<T>(
        ObjectType<T> type, IReadOnlyList<ObjectId<T>> ids, CancellationToken cancellation)
        where T : class
    {
        var byShard = new Dictionary<ShardId, List<long>>();
        foreach (var id in ids)
        {
            if (!byShard.TryGetValue(id.Shard, out var locals))
                byShard.Add(id.Shard, locals = []);
            locals.Add(id.Local);
        }
        var reads = new Dictionary<ShardId, ObjectsRead>(byShard.Count);
        foreach (var (shard, locals) in byShard)
            reads.Add(shard, new ObjectsRead(shard, type, [.. locals]));
        await Router.ReadAsync([.. reads.Values], cancellation);

        var places = new Dictionary<ShardId, int>(byShard.Count);
        var rows = new (ObjectId<T>, ObjectRow?)[ids.Count];
        for (var i = 0; i < rows.Length; i++)
        {
            var place = places.GetValueOrDefault(ids[i].Shard);
            rows[i] = (ids[i], reads[ids[i].Shard].Rows[place]);
            places[ids[i].Shard] = place + 1;
        }
        return rows;
    }
}
