using System.Collections.Concurrent;
using Pinfold.Sharding.Following;
using Pinfold.Sharding.Journal;

namespace Pinfold.Sharding.Tests.Docs.Examples;

public sealed class OrderCounter : IFollower
{
    readonly ConcurrentDictionary<ObjectId, bool> _seen = new();

    public string Name => "order-counter";

    public int Count => _seen.Count;

    public ValueTask HandleAsync(JournalTransaction transaction, CancellationToken cancellation)
    {
        foreach (var entry in transaction.Entries)
            if (entry.Kind == JournalEntryKind.Created && entry.Id.Type == Shop.Orders.Number)
                _seen[entry.Id] = true;
        return ValueTask.CompletedTask;
    }
}
