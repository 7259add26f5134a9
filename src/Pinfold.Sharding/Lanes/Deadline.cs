namespace Pinfold.Sharding.Lanes;

/// <summary>A moment until which something is tried, however many waits and round trips that takes.</summary>
/// <param name="Time">Whose clock counts.</param>
/// <param name="Since">Its timestamp at the beginning.</param>
/// <param name="Limit">How long from there.</param>
readonly record struct Deadline(TimeProvider Time, long Since, TimeSpan Limit)
{
    public static Deadline In(TimeSpan limit, TimeProvider time) => new(time, time.GetTimestamp(), limit);

    public TimeSpan Elapsed => Time.GetElapsedTime(Since);

    /// <summary>What is left; never negative.</summary>
    public TimeSpan Left => Limit - Elapsed is { Ticks: > 0 } left ? left : TimeSpan.Zero;

    public bool IsOver => Elapsed >= Limit;

    /// <summary>Waits, but no longer than what is left.</summary>
    public Task PauseAsync(TimeSpan pause, CancellationToken cancellation)
    {
        var left = Left;
        return Task.Delay(pause < left ? pause : left, Time, cancellation);
    }
}
