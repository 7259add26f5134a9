using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests;

public sealed class TextTests
{
    [Theory]
    [InlineData("Cafe\u0301", "Caf\u00E9")]
    [InlineData("A\u030A \u212B \u00C5", "\u00C5 \u00C5 \u00C5")]
    [InlineData("\u1112\u1161\u11AB\u1100\u1173\u11AF", "\uD55C\uAE00")]
    [InlineData("\uAC00\u11A8", "\uAC01")]
    [InlineData("a\u0327\u0301 a\u0301\u0327", "\u00E1\u0327 \u00E1\u0327")]
    [InlineData("\u1EA1\u0302 a\u0302\u0323", "\u1EAD \u1EAD")]
    [InlineData("\u0958 \u0915\u093C", "\u0915\u093C \u0915\u093C")]
    [InlineData("o\u0334\u0301 \u0301x", "\u00F3\u0334 \u0301x")]
    [InlineData("\U0001F98A\uFE0F e\u0301", "\U0001F98A\uFE0F \u00E9")]
    public void TextsAreComposed(string text, string composed) => Text.Composed(text).ShouldBe(composed);

    [Fact]
    public void WhatIsNoUnicodeIsReplacedAndTheRestComposed() =>
        Text.Composed("\uD800 e\u0301").ShouldBe("\uFFFD \u00E9");

    [Theory]
    [InlineData("")]
    [InlineData(" \u00A0\u3000\t\n")]
    [InlineData("\u200B")]
    [InlineData("\u00AD")]
    [InlineData("\uFEFF\u2060\u200E\u202E")]
    [InlineData("\u2800\u3164\uFFA0\u115F\u1160")]
    [InlineData("\uFE0F\u180B\u034F\U000E0101\U000E0041")]
    [InlineData("\u2028\u2029\u0085\u0000\u001B")]
    public void WhatCannotBeSeenIsNothing(string text) => Text.OneLine(text).ShouldBe("");

    [Theory]
    [InlineData("a\u200Bb", "a\u200Bb")]
    [InlineData("\u200D👩\u200D🌾", "\u200D👩\u200D🌾")]
    [InlineData(" x\u0007y \r\n z ", "xy z")]
    [InlineData("ٱلْعَرَبِيَّة", "ٱلْعَرَبِيَّة")]
    public void WhatCanBeSeenStays(string text, string line) => Text.OneLine(text).ShouldBe(Text.Composed(line));

    [Fact]
    public void NamesAreOneInWhateverFormAndCase()
    {
        Text.IsSameName("CAFE\u0301", "caf\u00E9").ShouldBeTrue();
        Text.IsSameName("Cafe", "Caf\u00E9").ShouldBeFalse();
    }
}
