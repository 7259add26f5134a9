using Pinfold.Sharding.Journal;
using Pinfold.Sharding.Store;

namespace Pinfold.Sharding.Following;

/// <summary>Carries claims and releases from the owner's shard to the name's.</summary>
sealed class NamesFollower(ShardedStore store) : IFollower
{
    public const string FollowerName = "names";

    public string Name => FollowerName;

    public FollowerInterests Interests { get; } =
        new() { Kinds = [JournalEntryKind.NameClaimed, JournalEntryKind.NameReleased] };

    public async ValueTask HandleAsync(JournalTransaction transaction, CancellationToken cancellation)
    {
        foreach (var entry in transaction.Entries)
        {
            if (entry.Kind is not (JournalEntryKind.NameClaimed or JournalEntryKind.NameReleased))
                continue;
            var kind = store.Model.Names.FirstOrDefault(k => k.Number == entry.NameKind)
                ?? throw new PinfoldException(ErrorKind.Invalid,
                    $"{entry.NameKind} is no kind of name that this program knows; use the one that wrote it.");
            if (entry.Kind == JournalEntryKind.NameClaimed)
                await store.Names.ConfirmAsync(kind, entry.Name!, transaction.Transaction, entry.Id, cancellation);
            else
                await store.Names.ReleaseClaimedBeforeAsync(kind, entry.Name!, entry.Id, transaction.Seq, cancellation);
        }
    }
}
