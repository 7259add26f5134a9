namespace Pinfold.Sharding.Tests.Store;

/// <summary>
/// Clocks go as they do, but whoever waits for a while waits a fiftieth of it: pauses between attempts.
/// </summary>
sealed class HurriedTime : TimeProvider
{
    const int Hurry = 50;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, dueTime > TimeSpan.Zero ? dueTime / Hurry : dueTime, period);
}
