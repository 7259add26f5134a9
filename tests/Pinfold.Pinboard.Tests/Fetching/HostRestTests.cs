using Microsoft.Extensions.Time.Testing;
using Pinfold.Pinboard.Fetching;
using Pinfold.Sharding;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Fetching;

public sealed class HostRestTests
{
    static readonly Uri Page = new("http://example.org/page");
    static readonly Uri Other = new("https://EXAMPLE.org:8443/other");

    readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    [Theory]
    [InlineData(FetchOutlook.HostDown)]
    [InlineData(FetchOutlook.HostBusy)]
    [InlineData(FetchOutlook.NoWayOut)]
    internal void AHostThatDidNotAnswerIsLeftAloneForAMinuteThenTen(FetchOutlook outlook)
    {
        var rests = new HostRests(_time);
        rests.Failed(Page, Failure(outlook));
        var resting = rests.Find(Other).ShouldNotBeNull();
        (resting.WasAsked, resting.Outlook, resting.Message).ShouldBe((false, outlook, "no"));
        rests.Find(new Uri("http://www.example.org/")).ShouldBeNull();
        _time.Advance(HostRests.First);
        rests.Find(Page).ShouldBeNull();
        rests.Failed(Page, Failure(outlook));
        rests.Find(Page)!.RetryAfter.ShouldBe(HostRests.Later);
        rests.Answered(Other);
        rests.Find(Page).ShouldBeNull();
    }

    [Fact]
    public void ItIsLeftAloneForAsLongAsItAsks()
    {
        var rests = new HostRests(_time);
        rests.Failed(Page, new FetchException(ErrorKind.Unavailable, "no")
        {
            Outlook = FetchOutlook.HostBusy,
            RetryAfter = TimeSpan.FromHours(2),
        });
        // Another that was under way.
        rests.Failed(Page, Failure(FetchOutlook.HostDown));
        rests.Find(Page)!.RetryAfter.ShouldBe(TimeSpan.FromHours(2));
    }

    [Theory]
    [InlineData(FetchOutlook.Final)]
    [InlineData(FetchOutlook.AddressLater)]
    internal void WhatConcernsOneAddressLeavesItsHostAlone(FetchOutlook outlook)
    {
        var rests = new HostRests(_time);
        rests.Failed(Page, Failure(outlook));
        rests.Find(Page).ShouldBeNull();
    }

    static FetchException Failure(FetchOutlook outlook) =>
        new(ErrorKind.Unavailable, "no") { Outlook = outlook };
}
