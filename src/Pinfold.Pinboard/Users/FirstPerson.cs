using Pinfold.Sharding;
using Pinfold.Sharding.Store;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Users;

/// <summary>
/// Whether anybody has an account here yet, and who is the first: whoever gets the one name that there is for it, which
/// two processes cannot give to two people.
/// </summary>
sealed class FirstPerson(ShardedStore store)
{
    const string Role = "first administrator";
    const int ShardsAtOnce = 1000;

    /// <summary>Accounts are not deleted, so what was found once stays so.</summary>
    volatile bool _isSomebodyHere;

    /// <summary>
    /// Whether there is an account. Nothing is asked once one was found; until then one round trip for the name, and
    /// one to each server for each 1,000 shards, where an installation of before there was that name has its people.
    /// </summary>
    public async Task<bool> IsHereAsync(CancellationToken cancellation)
    {
        if (!_isSomebodyHere)
            _isSomebodyHere = await FindAsync(cancellation) is not null || await HasUsersAsync(cancellation);
        return _isSomebodyHere;
    }

    /// <summary>Who was the first; null if nobody is here, or people were before there was a first.</summary>
    public async Task<ObjectId<User>?> FindAsync(CancellationToken cancellation) =>
        await store.Names.FindOwnerAsync(RoleKind, Role, cancellation) is { } id ? User.Type.Id(id) : null;

    /// <summary>
    /// Makes somebody the first by the transaction that makes their account; false if somebody is here already.
    /// </summary>
    /// <exception cref="PinfoldException">
    /// Conflict: somebody else is being made the first at this moment, and it is not known yet whether they are.
    /// </exception>
    public async Task<bool> TryClaimAsync(
        Transaction transaction, NewObject<User> person, CancellationToken cancellation)
    {
        if (await IsHereAsync(cancellation))
            return false;
        try
        {
            await transaction.ClaimAsync(RoleKind, Role, person, cancellation);
            return true;
        }
        catch (PinfoldException e) when (e.Kind == ErrorKind.Conflict)
        {
            if (await IsHereAsync(cancellation))
                return false;
            throw new PinfoldException(ErrorKind.Conflict,
                "Somebody else is making the first account here at this moment. Try again in a few minutes.", e);
        }
    }

    async Task<bool> HasUsersAsync(CancellationToken cancellation)
    {
        var all = Enumerable.Range(0, store.Topology.ShardCount).Select(i => new ShardId(i));
        foreach (var shards in all.Chunk(ShardsAtOnce))
        {
            var read = store.Read();
            var found = shards.Select(shard => read.Scan(shard, default(ObjectId<User>), 1)).ToList();
            await read.ExecuteAsync(cancellation);
            if (found.Exists(f => f.Value.Count > 0))
                return true;
        }
        return false;
    }
}
