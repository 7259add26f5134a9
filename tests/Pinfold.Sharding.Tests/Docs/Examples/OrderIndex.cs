using Pinfold.Sharding.Following;
using Pinfold.Sharding.Journal;

namespace Pinfold.Sharding.Tests.Docs.Examples;

public sealed class OrderIndex(Func<IReadOnlyList<ObjectId>, CancellationToken, Task> refresh) : IBatchFollower
{
    public string Name => "order-index";

    public FollowerInterests Interests { get; } = new() { Types = [Shop.Orders], Events = ["order-reviewed"] };

    public async ValueTask HandleAsync(IReadOnlyList<JournalTransaction> batch, CancellationToken cancellation)
    {
        var orders = batch.SelectMany(transaction => transaction.Entries).Select(entry => entry.Id)
            .Where(id => id.Type == Shop.Orders.Number).Distinct();
        await refresh([.. orders], cancellation);
    }
}
