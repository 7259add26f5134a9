using System.Text;
using Pinfold.Sharding.Caching;
using Shouldly;
using Xunit;

namespace Pinfold.Sharding.Tests.Caching;

/// <summary>What is the same in the cache is decoded once.</summary>
public sealed class DecodedValuesTests
{
    int _decoded;

    [Fact]
    public void TheSameBytesAreTheSameObject()
    {
        var values = new DecodedValues();
        var first = Get(values, "a", "one");
        Get(values, "a", "one").ShouldBeSameAs(first);
        _decoded.ShouldBe(1);
    }

    [Fact]
    public void OtherBytesAreAnotherAndTheOldOnesAreNotTakenForThem()
    {
        var values = new DecodedValues();
        var first = Get(values, "a", "one");
        Get(values, "a", "two").Text.ShouldBe("two");
        Get(values, "b", "one").ShouldNotBeSameAs(first);
        Get(values, "a", "one").Text.ShouldBe("one");
        _decoded.ShouldBe(4);
    }

    [Fact]
    public void WhatIsAskedForStaysWhileOthersComeAndGo()
    {
        var values = new DecodedValues(bytesMax: 100);
        var first = Get(values, "a", "one");
        for (var other = 0; other < 1000; other++)
        {
            Get(values, $"other {other}", "0123456789");
            Get(values, "a", "one").ShouldBeSameAs(first);
        }
        _decoded.ShouldBe(1001);
    }

    [Fact]
    public void WhatIsTooLargeIsNotKept()
    {
        var values = new DecodedValues(bytesMax: 10);
        Get(values, "a", "0123456789").ShouldNotBeSameAs(Get(values, "a", "0123456789"));
    }

    [Fact]
    public void WhatNobodyAsksForGoes()
    {
        var values = new DecodedValues(bytesMax: 100);
        Get(values, "a", "one");
        for (var other = 0; other < 20; other++)
            Get(values, $"other {other}", "0123456789");
        Get(values, "a", "one");
        _decoded.ShouldBe(22);
    }

    Decoded Get(DecodedValues values, string key, string text) =>
        values.Get(key, Encoding.UTF8.GetBytes(text), bytes =>
        {
            _decoded++;
            return new Decoded(Encoding.UTF8.GetString(bytes.Span));
        });

    sealed class Decoded(string text)
    {
        public string Text => text;
    }
}
