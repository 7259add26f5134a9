namespace Pinfold.Sharding.Store;

/// <summary>What rests on what was read: the commit fails when somebody else has changed it meanwhile.</summary>
public sealed partial class Transaction
{
    /// <summary>
    /// Gives an object the body that <paramref name="changed"/> has: what was read, <c>with</c> another body. If its
    /// version is another by now, the commit fails with Conflict; if it is not there any more, with NotFound.
    /// </summary>
    public void Update<T>(Stored<T> changed) where T : class => Update(changed.Id, changed.Body, changed.Version);

    /// <summary>
    /// Hides an object: reads miss it, its row stays. If its version is another than that which was read, the commit
    /// fails with Conflict; if it is not there any more, with NotFound.
    /// </summary>
    public void Delete<T>(Stored<T> read) where T : class => Delete(read.Id, read.Version);

    /// <summary>
    /// Changes nothing, and lets the commit fail with Conflict if the object's version is another than that which was
    /// read, with NotFound if it is not there any more; as it was before this transaction's own changes.
    /// </summary>
    /// <exception cref="PinfoldException">
    /// Invalid: it lives on another shard. LimitExceeded: a transaction has at most 1,000 conditions.
    /// </exception>
    public void Require<T>(Stored<T> read) where T : class => Require(read.Id, read.Version);
}
