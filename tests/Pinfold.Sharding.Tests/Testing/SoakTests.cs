using Pinfold.Testing;
using Shouldly;
using Xunit;

namespace Pinfold.Sharding.Tests.Testing;

public sealed class SoakTests
{
    static readonly int[] All = [.. Enumerable.Range(1, 100)];

    [Fact]
    public void ASampleHasTheEndsAndWhatIsWantedEachTimeInTheirOrder()
    {
        var sample = Soak.Draw(All, 10, i => i is 40 or 41, new Seed(7).NewRandom());

        sample.Count.ShouldBe(10);
        sample.ShouldBe(sample.Order());
        sample.ShouldBeUnique();
        sample[0].ShouldBe(1);
        sample[^1].ShouldBe(100);
        sample.ShouldContain(40);
        sample.ShouldContain(41);
    }

    [Fact]
    public void WhatIsWantedEachTimeIsNeverTooMuch() =>
        Soak.Draw(All, 10, i => i <= 30, new Seed(7).NewRandom()).ShouldBe([.. Enumerable.Range(1, 30), 100]);

    [Fact]
    public void TheSeedDecidesAndDifferentOnesDifferentlySoThatEveryCaseHasItsTurn()
    {
        Draw(seed: 3).ShouldBe(Draw(seed: 3));
        Enumerable.Range(0, 200).SelectMany(Draw).Distinct().Count().ShouldBe(All.Length);

        static IReadOnlyList<int> Draw(int seed) => Soak.Draw(All, 10, null, new Seed(seed).NewRandom());
    }

    [Fact]
    public void FewCasesAreAllRun() => Soak.Sample(All, All.Length).ShouldBe(All);
}
