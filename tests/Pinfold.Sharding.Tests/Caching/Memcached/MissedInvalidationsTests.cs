using Pinfold.Sharding.Caching.Memcached;
using Shouldly;
using Xunit;

namespace Pinfold.Sharding.Tests.Caching.Memcached;

public sealed class MissedInvalidationsTests
{
    readonly MissedInvalidations _missed = new(keysMax: 3);

    [Fact]
    public void KeysAreTakenOnceInPieces()
    {
        _missed.Add(["a", "b", "c", "a"]);
        var taken = _missed.Take(2).Concat(_missed.Take(2)).Order();
        taken.ShouldBe(["a", "b", "c"]);
        _missed.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void WhatCouldNotBeDeliveredStays()
    {
        _missed.Add(["a", "b"]);
        _missed.PutBack(_missed.Take(2));
        _missed.Count.ShouldBe(2);
    }

    [Fact]
    public void AKeyThatIsMissedAgainDuringItsDeliveryIsDeliveredAgain()
    {
        _missed.Add(["a"]);
        _missed.Take(1);
        _missed.Add(["a"]);
        _missed.Take(1).ShouldBe(["a"]);
    }

    [Fact]
    public void TooManyKeysStandForEverything()
    {
        _missed.Add(["a", "b", "c", "d"]);
        _missed.IsOverflown.ShouldBeTrue();
        _missed.Take(1).ShouldBeEmpty();
        _missed.IsEmpty.ShouldBeTrue();
        _missed.PutBack([]);
        _missed.IsOverflown.ShouldBeTrue();
    }
}
