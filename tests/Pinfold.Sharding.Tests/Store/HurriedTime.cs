namespace Pinfold.Sharding.Tests.Store;

/// <summary>
/// Clocks go as they do, but whoever pauses for less than a second, as between attempts, waits a fiftieth of it. Longer
/// waits are for what may not come, and a loaded machine needs them whole.
/// </summary>
sealed class HurriedTime : TimeProvider
{
    const int Hurry = 50;
    static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, IsPause(dueTime) ? dueTime / Hurry : dueTime, period);

    static bool IsPause(TimeSpan wait) => wait > TimeSpan.Zero && wait < LongestPause;
}
