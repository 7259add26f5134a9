using Pinfold.Sharding.Engines;

namespace Pinfold.Sharding.Store;

/// <summary>What has to be so for a transaction to happen.</summary>
/// <remarks>
/// A condition is asked in the transaction's own round trip, before its changes and whatever the order of the calls; it
/// writes nothing and leaves nothing in the journal. Writers that only require the same object do not conflict.
/// </remarks>
public sealed partial class Transaction
{
    int _conditions;

    /// <summary>
    /// Lets the commit fail with NotFound unless the object is there, as it was before this transaction's own changes.
    /// </summary>
    /// <param name="id">An object of this shard.</param>
    /// <param name="expectedVersion">If given and the object's version is another, the commit fails with
    /// Conflict.</param>
    /// <exception cref="PinfoldException">
    /// Invalid: it lives on another shard. LimitExceeded: a transaction has at most 1,000 conditions.
    /// </exception>
    public void Require<T>(ObjectId<T> id, long? expectedVersion = null) where T : class
    {
        var type = _store.Model.TypeOf<T>();
        Here(id);
        AddCondition(new RequireObject(type, id.Local, expectedVersion));
    }

    /// <summary>
    /// Lets the commit fail with Conflict unless the list has no entry, as it was before this transaction's own
    /// changes: so with a <c>Put</c> on the same list it makes that the list's first.
    /// </summary>
    /// <param name="mapping">Which list.</param>
    /// <param name="from">Whose: an object of this shard, which need not be there.</param>
    /// <exception cref="PinfoldException">
    /// Invalid: it lives on another shard. LimitExceeded: a transaction has at most 1,000 conditions.
    /// </exception>
    public void RequireEmpty<TFrom, TTo>(Mapping<TFrom, TTo> mapping, ObjectId<TFrom> from)
        where TFrom : class
        where TTo : class => RequireAtMost(mapping, from, 0);

    /// <summary>
    /// Lets the commit fail with Conflict if the list has more than so many entries, as it was before this
    /// transaction's own changes.
    /// </summary>
    /// <inheritdoc cref="RequireEmpty"/>
    public void RequireAtMost<TFrom, TTo>(Mapping<TFrom, TTo> mapping, ObjectId<TFrom> from, long entries)
        where TFrom : class
        where TTo : class
    {
        _store.Model.RefuseUnlessIn(mapping);
        Here(from);
        AddCondition(new RequireAtMost(mapping, from, entries));
    }

    /// <summary>
    /// Lets the commit fail with Conflict unless the pair has an entry, as it was before this transaction's own
    /// changes.
    /// </summary>
    /// <param name="mapping">Which list.</param>
    /// <param name="from">Whose: an object of this shard, which need not be there.</param>
    /// <param name="to">Who is to be in it; of any shard.</param>
    /// <param name="sequence">If given and the entry's sequence is another, the commit fails as well.</param>
    /// <exception cref="PinfoldException">As <see cref="RequireEmpty"/>.</exception>
    public void RequireEntry<TFrom, TTo>(
        Mapping<TFrom, TTo> mapping, ObjectId<TFrom> from, ObjectId<TTo> to, long? sequence = null)
        where TFrom : class
        where TTo : class => AddPair(mapping, from, to, isThere: true, sequence);

    /// <summary>
    /// Lets the commit fail with Conflict if the pair has an entry, as it was before this transaction's own changes: so
    /// with a <c>Put</c> of the same pair it happens once.
    /// </summary>
    /// <param name="mapping">Which list.</param>
    /// <param name="from">Whose: an object of this shard, which need not be there.</param>
    /// <param name="to">Who is not to be in it; of any shard.</param>
    /// <exception cref="PinfoldException">As <see cref="RequireEmpty"/>.</exception>
    public void RequireNoEntry<TFrom, TTo>(Mapping<TFrom, TTo> mapping, ObjectId<TFrom> from, ObjectId<TTo> to)
        where TFrom : class
        where TTo : class => AddPair(mapping, from, to, isThere: false);

    void AddPair<TFrom, TTo>(
        Mapping<TFrom, TTo> mapping, ObjectId<TFrom> from, ObjectId<TTo> to, bool isThere, long? sequence = null)
        where TFrom : class
        where TTo : class
    {
        _store.Model.RefuseUnlessIn(mapping);
        Here(from);
        Here((IdOrNew)to.Untyped, mayBeElsewhere: true);
        AddCondition(new RequireEntry(mapping, from, to, isThere, sequence));
    }

    void AddCondition(WriteOperation condition)
    {
        RefuseIfUsed();
        if (_conditions == OperationsMax)
            throw new PinfoldException(
                ErrorKind.LimitExceeded, $"A transaction has at most {OperationsMax} conditions; split this one.");
        _conditions++;
        _operations.Add(condition);
    }
}
