using Microsoft.Extensions.Time.Testing;

namespace Pinfold.Sharding.Tests.Following;

/// <summary>Waits for a condition; how long it takes is no part of a test, only that it comes.</summary>
static class Eventually
{
    static readonly TimeSpan TimeMax = TimeSpan.FromMinutes(3);
    static readonly TimeSpan Period = TimeSpan.FromMilliseconds(10);

    public static Task BecomesAsync(Func<bool> condition, string what) =>
        BecomesAsync(() => Task.FromResult(condition()), what);

    public static async Task BecomesAsync(Func<Task<bool>> condition, string what)
    {
        using var limit = new CancellationTokenSource(TimeMax);
        while (!await condition())
        {
            if (limit.IsCancellationRequested)
                throw new TimeoutException($"It never came: {what}.");
            await Task.Delay(Period);
        }
    }

    /// <summary>The same, while the clock goes on by a tenth of a second with every look.</summary>
    public static Task PassAsync(FakeTimeProvider time, Func<bool> condition, string what) =>
        PassAsync(time, () => Task.FromResult(condition()), what);

    public static Task PassAsync(FakeTimeProvider time, Func<Task<bool>> condition, string what) =>
        BecomesAsync(async () =>
        {
            if (await condition())
                return true;
            time.Advance(TimeSpan.FromMilliseconds(100));
            return false;
        }, what);
}
