using Microsoft.Extensions.Time.Testing;

namespace Pinfold.Sharding.Tests.Store;

/// <summary>Waits for what another side does in its own time.</summary>
static class Eventually
{
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static async Task HoldsAsync(Func<bool> holds)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (!holds())
            await Task.Delay(1, limit.Token);
    }

    /// <summary>Lets faked time pass until the task has ended, however it ended.</summary>
    public static async Task EndsAsync(Task task, FakeTimeProvider time)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (!task.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Delay(1, limit.Token);
        }
    }
}
