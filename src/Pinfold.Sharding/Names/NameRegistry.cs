using System.Text;
using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Journal;
using Pinfold.Sharding.Routing;

namespace Pinfold.Sharding.Names;

/// <summary>
/// Values that are unique over all shards. A name lives on shard <c>hash(kind, name) % name shards</c>: it is reserved
/// there for a transaction to come, claimed by that transaction on its owner's shard, confirmed by a follower, and
/// reaped if the transaction never came.
/// </summary>
/// <remarks>Names are compared byte by byte: bring them to one form (case, Unicode) before they come here.</remarks>
public sealed class NameRegistry
{
    /// <summary>The longest name, in bytes of UTF-8.</summary>
    public const int NameBytesMax = 255;

    readonly ShardRouter _router;
    readonly ShardingModel _model;

    internal NameRegistry(ShardRouter router, ShardingModel model) => (_router, _model) = (router, model);

    /// <summary>
    /// Who has a name, or null. One round trip; two more in the short time between a claim and its confirmation, so
    /// that an owner is found from the moment its transaction is committed.
    /// </summary>
    public async Task<ObjectId?> FindOwnerAsync(NameKind kind, string name, CancellationToken cancellation = default)
    {
        var key = Key(kind, name);
        var read = new NameRead(NameShard(kind, key), kind.Number, key);
        await _router.ReadAsync([read], cancellation);
        return read.Row switch
        {
            null => null,
            { Owner.IsNone: false } row => row.Owner,
            var row => await FindClaimantAsync(row, cancellation),
        };
    }

    /// <summary>
    /// Takes a name for a transaction that has yet to commit; one round trip. It may have it already. What is left of a
    /// transaction that was given up is no obstacle, and costs five more.
    /// </summary>
    /// <param name="kind">What kind of name.</param>
    /// <param name="name">The name.</param>
    /// <param name="ownerShard">Where the transaction that claims it is to be.</param>
    /// <param name="ownerTransaction">That transaction.</param>
    /// <param name="reservation">The id of the reservation itself, a write to the name's shard.</param>
    /// <param name="cancellation">Of the caller; it may be reserved then.</param>
    /// <exception cref="PinfoldException">Conflict: somebody has it, or has just reserved it.</exception>
    internal async Task ReserveAsync(
        NameKind kind, string name, ShardId ownerShard, TransactionId ownerTransaction, TransactionId reservation,
        CancellationToken cancellation)
    {
        var key = Key(kind, name);
        for (var isFirst = true; ; isFirst = false)
        {
            try
            {
                await ChangeAsync(kind, name,
                    new ReserveName(kind.Number, key, ownerShard, ownerTransaction, _router.Time.GetUtcNow()),
                    cancellation, reservation);
                return;
            }
            catch (PinfoldException e) when (e.Kind == ErrorKind.Conflict)
            {
                // A reservation of unknown outcome, made once more, meets itself.
                var read = new NameRead(NameShard(kind, key), kind.Number, key);
                await _router.ReadAsync([read], cancellation);
                if (read.Row?.OwnerTransaction == ownerTransaction)
                    return;
                if (!isFirst || read.Row is not { } row || !await IsDeadAsync(row, cancellation))
                    throw new PinfoldException(
                        ErrorKind.Conflict, $"The {kind.Name} \"{name}\" is taken; choose another.", e);
                await ReleaseAsync(kind, name, row.OwnerTransaction, default, cancellation);
            }
        }
    }

    /// <summary>
    /// Whether it is only reserved, for a transaction that is settled and does not claim it. One that is not settled
    /// is its writer's, or the reaper's.
    /// </summary>
    async Task<bool> IsDeadAsync(NameRow row, CancellationToken cancellation) =>
        row.Owner.IsNone
        && await _router.FindAsync(row.OwnerShard, row.OwnerTransaction, cancellation) is { } settled
        && (settled.IsAbandoned() || FindClaim(row, settled) is null);

    /// <summary>
    /// Whether a reservation of unknown outcome was made; if not, it never will be. Two round trips, or three.
    /// </summary>
    internal async Task<bool> ResolveReservationAsync(
        NameKind kind, string name, TransactionId reservation, CancellationToken cancellation) =>
        await _router.ResolveAsync(NameShard(kind, Key(kind, name)), reservation, cancellation) is not null;

    /// <summary>Makes a claimed name its owner's. Idempotent.</summary>
    internal Task ConfirmAsync(NameKind kind, string name, TransactionId claimedBy, ObjectId owner,
        CancellationToken cancellation) =>
        ChangeAsync(kind, name, new ConfirmName(kind.Number, Key(kind, name), claimedBy, owner), cancellation);

    /// <summary>
    /// Gives back what that transaction reserved or that owner has; somebody else's stays. Idempotent.
    /// </summary>
    internal Task ReleaseAsync(
        NameKind kind, string name, TransactionId? reservedBy, ObjectId owner, CancellationToken cancellation) =>
        ChangeAsync(kind, name, new ReleaseName(kind.Number, Key(kind, name), reservedBy, owner), cancellation);

    /// <summary>
    /// Gives back what <paramref name="owner"/> had claimed before transaction <paramref name="seq"/> of its shard,
    /// confirmed or not. A claim that came later stays: a release may be followed twice, and the second time after a
    /// new claim.
    /// </summary>
    internal async Task ReleaseClaimedBeforeAsync(
        NameKind kind, string name, ObjectId owner, long seq, CancellationToken cancellation)
    {
        var key = Key(kind, name);
        var read = new NameRead(NameShard(kind, key), kind.Number, key);
        await _router.ReadAsync([read], cancellation);
        if (read.Row is not { } row || row.OwnerShard != owner.Shard)
            return;
        // Confirmed, the claim is committed; one that was trimmed is older than any that is there.
        if (await FindClaimAsync(row, cancellation) is { } claim
            ? claim.Owner == owner && claim.Seq < seq : row.Owner == owner)
            await ReleaseAsync(kind, name, row.OwnerTransaction, default, cancellation);
    }

    /// <summary>
    /// Settles the reservations on these shards that are older than <paramref name="age"/>: confirmed if their
    /// transaction was committed, else given back, after that transaction has been made impossible. One round trip per
    /// server when there are none. Returns how many were given back; one that cannot be settled now, or a server that
    /// does not answer, is told and left.
    /// </summary>
    internal async Task<int> ReapAsync(
        IReadOnlyList<ShardId> shards, TimeSpan age, int perShard, Action<ShardId, PinfoldException> notSettled,
        CancellationToken cancellation)
    {
        var before = _router.Time.GetUtcNow() - age;
        var reads = new List<OldReservationsRead>(shards.Count);
        foreach (var part in _router.Topology.ServersFor(shards))
        {
            var here = part.Shards.Select(shard => new OldReservationsRead(shard, before, perShard)).ToList();
            try
            {
                await _router.ReadAsync(here, cancellation);
                reads.AddRange(here);
            }
            catch (PinfoldException e)
            {
                notSettled(part.Shards[0], e);
            }
        }
        var reaped = 0;
        foreach (var (shard, row) in reads.SelectMany(read => read.Rows.Select(row => (read.Shard, row))))
        {
            try
            {
                reaped += await SettleAsync(row, cancellation) ? 0 : 1;
            }
            catch (PinfoldException e)
            {
                notSettled(shard, e);
            }
        }
        return reaped;
    }

    /// <summary>
    /// True if its owner has the name now, false if it was given back. Only the journal of the owner's shard decides:
    /// from <see cref="ShardRouter.ResolveAsync"/> on, the transaction is in it, or can never be.
    /// </summary>
    internal async Task<bool> SettleAsync(NameRow row, CancellationToken cancellation)
    {
        var kind = _model.Names.FirstOrDefault(k => k.Number == row.Kind)
            ?? throw new PinfoldException(ErrorKind.Invalid,
                $"{row.Kind} is no kind of name that this program knows; use the one that wrote it.");
        var name = Encoding.UTF8.GetString(row.Name);
        var committed = await _router.ResolveAsync(row.OwnerShard, row.OwnerTransaction, cancellation);
        if (committed is not null && FindClaim(row, committed) is { } claim)
        {
            await ConfirmAsync(kind, name, row.OwnerTransaction, claim.Owner, cancellation);
            return true;
        }
        await ReleaseAsync(kind, name, row.OwnerTransaction, default, cancellation);
        return false;
    }

    /// <summary>The bytes under which a name is kept.</summary>
    /// <exception cref="PinfoldException">Invalid: empty, or longer than 255 bytes.</exception>
    internal static byte[] Key(NameKind kind, string name)
    {
        var bytes = Encoding.UTF8.GetBytes(name);
        return bytes.Length is > 0 and <= NameBytesMax
            ? bytes
            : throw PinfoldException.Invalid(
                $"A {kind.Name} has 1 to {NameBytesMax} bytes; this one has {bytes.Length}.");
    }

    internal ShardId NameShard(NameKind kind, byte[] key)
    {
        Span<byte> hashed = stackalloc byte[1 + NameBytesMax];
        hashed[0] = kind.Number;
        key.CopyTo(hashed[1..]);
        return _router.Topology.NameShard(hashed[..(1 + key.Length)]);
    }

    /// <summary>Who leaves, leaves alone: what was sent is heard to its end.</summary>
    Task ChangeAsync(
        NameKind kind, string name, WriteOperation operation, CancellationToken cancellation, TransactionId? id = null)
    {
        var now = _router.Time.GetUtcNow();
        var draft = new JournalCodec.Draft(JournalEntryKind.NameChanged, Name: name, NameKind: kind.Number);
        return _router.CommitAsync(
            new PendingTransaction(id ?? TransactionId.New(now), NameShard(kind, Key(kind, name)), [operation], 0, now,
                JournalCodec.Encode([draft])),
            cancellation).WaitAsync(cancellation);
    }

    async Task<ObjectId?> FindClaimantAsync(NameRow row, CancellationToken cancellation) =>
        (await FindClaimAsync(row, cancellation))?.Owner;

    /// <summary>
    /// The claim in the journal of the owner's shard; null if its transaction is not there, or claims nothing such.
    /// </summary>
    async Task<(ObjectId Owner, long Seq)?> FindClaimAsync(NameRow row, CancellationToken cancellation) =>
        await _router.FindAsync(row.OwnerShard, row.OwnerTransaction, cancellation) is { } committed
            ? FindClaim(row, committed)
            : null;

    static (ObjectId Owner, long Seq)? FindClaim(NameRow row, JournalRow committed)
    {
        var name = Encoding.UTF8.GetString(row.Name);
        return JournalCodec.Decode(row.OwnerShard, committed).Entries
            .FirstOrDefault(e => e.Kind == JournalEntryKind.NameClaimed && e.NameKind == row.Kind
                && e.Name == name) is { } claim
            ? (claim.Id, committed.Seq)
            : null;
    }
}
