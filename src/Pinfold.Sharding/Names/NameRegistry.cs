using System.Text;
using Pinfold.Sharding.Journal;
using Pinfold.Sharding.Storage;

namespace Pinfold.Sharding.Names;

/// <summary>
/// Values that are unique over all shards. A name lives on shard <c>hash(kind, name) % name shards</c>: it is reserved
/// there for a transaction to come, claimed by that transaction on its owner's shard, confirmed by a follower, and reaped
/// if the transaction never came.
/// </summary>
/// <remarks>Names are compared byte by byte: bring them to one form (case, Unicode) before they come here.</remarks>
public sealed class NameRegistry
{
    /// <summary>The longest name, in bytes of UTF-8.</summary>
    public const int NameBytesMax = 255;

    readonly ShardedStore _store;

    internal NameRegistry(ShardedStore store) => _store = store;

    /// <summary>
    /// Who has a name, or null. One round trip; two more in the short time between a claim and its confirmation, so that
    /// an owner is found from the moment its transaction is committed.
    /// </summary>
    public async Task<ObjectId?> FindOwnerAsync(NameKind kind, string name, CancellationToken cancellation = default)
    {
        var key = Key(kind, name);
        var read = new NameRead(NameShard(kind, key), kind.Number, key);
        await _store.ReadServersAsync([read], cancellation);
        return read.Row switch
        {
            null => null,
            { Owner.IsNone: false } row => row.Owner,
            var row => await FindClaimantAsync(row, cancellation),
        };
    }

    /// <summary>Takes a name for a transaction that has yet to commit; one round trip.</summary>
    /// <exception cref="PinfoldException">Conflict: somebody has it, or has just reserved it.</exception>
    internal async Task ReserveAsync(
        NameKind kind, string name, ShardId ownerShard, TransactionId ownerTransaction, CancellationToken cancellation)
    {
        var key = Key(kind, name);
        try
        {
            await ChangeAsync(kind, name,
                new ReserveName(kind.Number, key, ownerShard, ownerTransaction, _store.Time.GetUtcNow()), cancellation);
        }
        catch (PinfoldException e) when (e.Kind == ErrorKind.Conflict)
        {
            throw new PinfoldException(ErrorKind.Conflict, $"The {kind.Name} \"{name}\" is taken; choose another.", e);
        }
    }

    /// <summary>Makes a claimed name its owner's. Idempotent.</summary>
    internal Task ConfirmAsync(NameKind kind, string name, TransactionId claimedBy, ObjectId owner, CancellationToken cancellation) =>
        ChangeAsync(kind, name, new ConfirmName(kind.Number, Key(kind, name), claimedBy, owner), cancellation);

    /// <summary>Gives back what that transaction reserved or that owner has; somebody else's stays. Idempotent.</summary>
    internal Task ReleaseAsync(
        NameKind kind, string name, TransactionId? reservedBy, ObjectId owner, CancellationToken cancellation) =>
        ChangeAsync(kind, name, new ReleaseName(kind.Number, Key(kind, name), reservedBy, owner), cancellation);

    /// <summary>
    /// Settles the reservations on one shard that are older than <paramref name="age"/>: confirmed if their transaction was
    /// committed, else given back, after that transaction has been made impossible. Returns how many were given back.
    /// </summary>
    internal async Task<int> ReapAsync(ShardId shard, TimeSpan age, int limit, CancellationToken cancellation)
    {
        var old = new OldReservationsRead(shard, _store.Time.GetUtcNow() - age, limit);
        await _store.ReadServersAsync([old], cancellation);
        var reaped = 0;
        foreach (var row in old.Rows)
        {
            if (_store.Model.Names.FirstOrDefault(k => k.Number == row.Kind) is not { } kind)
                continue;
            var name = Encoding.UTF8.GetString(row.Name);
            var committed = await _store.ResolveAsync(row.OwnerShard, row.OwnerTransaction, cancellation);
            if (committed is not null && await FindClaimantAsync(row, cancellation) is { } owner)
                await ConfirmAsync(kind, name, row.OwnerTransaction, owner, cancellation);
            else
            {
                await ReleaseAsync(kind, name, row.OwnerTransaction, default, cancellation);
                reaped++;
            }
        }
        return reaped;
    }

    /// <summary>The bytes under which a name is kept.</summary>
    /// <exception cref="PinfoldException">Invalid: empty, or longer than 255 bytes.</exception>
    internal static byte[] Key(NameKind kind, string name)
    {
        var bytes = Encoding.UTF8.GetBytes(name);
        return bytes.Length is > 0 and <= NameBytesMax
            ? bytes
            : throw PinfoldException.Invalid($"A {kind.Name} has 1 to {NameBytesMax} bytes; this one has {bytes.Length}.");
    }

    internal ShardId NameShard(NameKind kind, byte[] key)
    {
        Span<byte> hashed = stackalloc byte[1 + NameBytesMax];
        hashed[0] = kind.Number;
        key.CopyTo(hashed[1..]);
        return _store.Topology.NameShard(hashed[..(1 + key.Length)]);
    }

    Task ChangeAsync(NameKind kind, string name, WriteOperation operation, CancellationToken cancellation)
    {
        var transaction = _store.Begin(NameShard(kind, Key(kind, name)));
        transaction.AddName(operation, new(JournalEntryKind.NameChanged, Name: name, NameKind: kind.Number));
        return transaction.CommitAsync(cancellation);
    }

    async Task<ObjectId?> FindClaimantAsync(NameRow row, CancellationToken cancellation)
    {
        var transaction = new TransactionRead(row.OwnerShard, row.OwnerTransaction);
        await _store.ReadServersAsync([transaction], cancellation);
        if (transaction.Receipt is not { } receipt)
            return null;
        var journal = new JournalRead(row.OwnerShard, receipt.Seq - 1, 1);
        await _store.ReadServersAsync([journal], cancellation);
        var name = Encoding.UTF8.GetString(row.Name);
        return JournalCodec.Decode(row.OwnerShard, journal.Rows[0]).Entries
            .FirstOrDefault(e => e.Kind == JournalEntryKind.NameClaimed && e.NameKind == row.Kind && e.Name == name)?.Id;
    }
}
