using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Lanes;

namespace Pinfold.Sharding.Commits;

static class ReadInTime
{
    /// <summary>Asks for what a writer has to know, and waits no longer than its time allows.</summary>
    /// <exception cref="TimeoutException">Its time is over.</exception>
    public static Task ReadAsync(this IShardServer server, ShardRead read, Deadline deadline) =>
        deadline.IsOver ? Task.FromException(new TimeoutException())
        : server.ReadAsync([read], CancellationToken.None).AsTask().WaitAsync(deadline.Left, deadline.Time);
}
