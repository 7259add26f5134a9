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
        where TTo : class
    {
        _store.Model.RefuseUnlessIn(mapping);
        Here(from);
        AddCondition(new RequireEmptyList(mapping, from));
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
