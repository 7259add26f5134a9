using Pinfold.Sharding.Journal;

namespace Pinfold.Sharding.Store;

/// <summary>The names that a transaction has reserved, or may have: what becomes of them is decided with it.</summary>
sealed class NameClaims(ShardedStore store, ShardId shard, TransactionId transaction)
{
    readonly List<Claim> _claims = [];

    /// <summary>
    /// Reserves a name. One that may have been reserved, for its outcome was unknown, is reserved under the same id.
    /// </summary>
    public async Task ReserveAsync(
        NameKind kind, string name, ObjectRefUntyped owner, CancellationToken cancellation)
    {
        var claim = Find(kind, name);
        if (claim is null)
            _claims.Add(claim = new(kind, name, owner, TransactionId.New(store.Time.GetUtcNow())));
        else if (claim.IsReserved)
            return;
        try
        {
            await store.Names.ReserveAsync(kind, name, shard, transaction, claim.Reservation, cancellation);
        }
        catch (PinfoldException e) when (e.Kind != ErrorKind.OutcomeUnknown)
        {
            _claims.Remove(claim);
            throw;
        }
        claim.IsReserved = true;
    }

    /// <summary>
    /// What the claim says in the journal; null if the name is not reserved, and by this claim never will be.
    /// </summary>
    public async Task<JournalCodec.Draft?> ResolveAsync(NameKind kind, string name, CancellationToken cancellation)
    {
        if (Find(kind, name) is not { } claim)
            return null;
        if (!claim.IsReserved
            && await store.Names.ResolveReservationAsync(kind, name, claim.Reservation, cancellation) is false)
        {
            _claims.Remove(claim);
            return null;
        }
        claim.IsReserved = true;
        return Draft(kind, name, claim.Owner);
    }

    public static JournalCodec.Draft Draft(NameKind kind, string name, ObjectRefUntyped owner) =>
        new(JournalEntryKind.NameClaimed, owner.Ref, Name: name, NameKind: kind.Number);

    /// <summary>Early, so that nobody waits for the reaper; if this fails, the reaper does it.</summary>
    public async Task GiveBackAsync()
    {
        try
        {
            foreach (var claim in _claims)
                if (claim.IsReserved || await store.Names.ResolveReservationAsync(
                        claim.Kind, claim.Name, claim.Reservation, CancellationToken.None))
                    await store.Names.ReleaseAsync(
                        claim.Kind, claim.Name, transaction, default, CancellationToken.None);
            _claims.Clear();
        }
        catch (PinfoldException)
        {
            // As it is, then.
        }
    }

    Claim? Find(NameKind kind, string name) => _claims.Find(c => c.Kind == kind && c.Name == name);

    sealed class Claim(NameKind kind, string name, ObjectRefUntyped owner, TransactionId reservation)
    {
        public NameKind Kind => kind;

        public string Name => name;

        public ObjectRefUntyped Owner => owner;

        /// <summary>The write that reserves it.</summary>
        public TransactionId Reservation => reservation;

        public bool IsReserved { get; set; }
    }
}
