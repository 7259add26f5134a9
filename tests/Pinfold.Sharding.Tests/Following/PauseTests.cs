using Microsoft.Extensions.Time.Testing;
using Pinfold.Sharding.Following;
using Shouldly;
using Xunit;

namespace Pinfold.Sharding.Tests.Following;

public sealed class PauseTests
{
    static readonly TimeSpan HandlingMax = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task WhatWaitsSideBySideIsNotLimitedBeforeTheLastOfItGoesOn()
    {
        var time = new FakeTimeProvider();
        using var limit = new CancellationTokenSource(HandlingMax, time);
        var pause = new FollowerPause(limit, HandlingMax, default, default);
        var (first, second) = (new TaskCompletionSource(), new TaskCompletionSource());
        var waits = new[] { pause.WaitAsync(_ => first.Task), pause.WaitAsync(_ => second.Task) };
        first.SetResult();
        await waits[0];
        time.Advance(10 * HandlingMax);
        limit.IsCancellationRequested.ShouldBeFalse();
        second.SetResult();
        await waits[1];
        time.Advance(HandlingMax - TimeSpan.FromSeconds(1));
        limit.IsCancellationRequested.ShouldBeFalse();
        time.Advance(TimeSpan.FromSeconds(1));
        limit.IsCancellationRequested.ShouldBeTrue();
    }
}
