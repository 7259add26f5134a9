using Microsoft.Extensions.Time.Testing;

namespace Pinfold.Sharding.Tests.Store;

/// <summary>
/// Time that goes on as it does and can be hurried on, so that a pause between attempts ends by itself though the test
/// only waits for what comes after it.
/// </summary>
sealed class FlowingTime : FakeTimeProvider, IDisposable
{
    static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);
    readonly ITimer _clock;

    public FlowingTime() : base(System.GetUtcNow()) =>
        _clock = System.CreateTimer(_ => Advance(Step), null, Step, Step);

    public void Dispose() => _clock.Dispose();
}
