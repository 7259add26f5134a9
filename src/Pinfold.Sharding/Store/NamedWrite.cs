using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Journal;

namespace Pinfold.Sharding.Store;

/// <summary>
/// A write that is done once under its name: what the journal has under it is the answer; what was given up goes on
/// under the next name, for all who try.
/// </summary>
sealed class NamedWrite(ShardedStore store, ShardId shard, TransactionId name)
{
    /// <summary>So often a write may be given up.</summary>
    const int NamesMax = 100;

    JournalRow? _found;

    public async Task<JournalTransaction?> RunAsync(
        Func<Transaction, CancellationToken, Task> build, CancellationToken cancellation)
    {
        var (transaction, commit) = await new WriteLoop(store).RunAsync(BeginAsync, async (begun, token) =>
        {
            await build(begun, token);
            return begun;
        }, cancellation);
        return _found is { } row ? JournalCodec.Decode(shard, row)
            : commit is { } written ? transaction.AsWritten(written)
            : null;
    }

    async Task<Transaction?> BeginAsync(CancellationToken cancellation)
    {
        for (var names = 1; ; names++)
        {
            if (await store.Router.FindAsync(shard, name, cancellation) is not { } row)
                return store.Begin(shard, name);
            if (!row.IsAbandoned())
            {
                _found = row;
                return null;
            }
            if (names == NamesMax)
                throw new PinfoldException(ErrorKind.LimitExceeded,
                    $"Write {name} to shard {shard} was given up {NamesMax} times; name it otherwise.")
                { Shard = shard };
            name = name.Next();
        }
    }
}
