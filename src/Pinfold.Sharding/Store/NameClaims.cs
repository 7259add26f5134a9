using Pinfold.Sharding.Journal;

namespace Pinfold.Sharding.Store;

/// <summary>The names that a transaction has reserved, or may have: what becomes of them is decided with it.</summary>
/// <param name="store">Where they are kept.</param>
/// <param name="shard">The transaction's.</param>
/// <param name="transaction">Its id.</param>
/// <param name="isShared">
/// Whether others may commit under that id: then a reservation may be theirs too, and that this attempt has failed says
/// nothing.
/// </param>
sealed class NameClaims(ShardedStore store, ShardId shard, TransactionId transaction, bool isShared)
{
    readonly List<Claim> _claims = [];

    /// <summary>
    /// Reserves a name. One that may have been reserved, for its outcome was unknown, is reserved under the same id.
    /// </summary>
    /// <exception cref="PinfoldException">Invalid: this transaction claims it for another object.</exception>
    public async Task ReserveAsync(
        NameKind kind, string name, ObjectRefUntyped owner, CancellationToken cancellation)
    {
        var claim = Find(kind, name);
        if (claim is not null && !claim.Owner.Ref.Equals(owner.Ref))
            throw PinfoldException.Invalid(
                $"This transaction claims the {kind.Name} \"{name}\" for another object already; it has one owner.");
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
    /// <param name="isFinal">Whether nothing can be committed under the transaction's id any more.</param>
    public async Task GiveBackAsync(bool isFinal)
    {
        if (isShared && !isFinal)
            return;
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
