using AngleSharp.Html;
using Pinfold.Pinboard.Import.Syntax;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Import.Syntax;

public sealed class CharacterReferenceTests
{
    [Theory]
    [InlineData("Don&#146;t &#150; the &#147;best&#148; &#128;5", "Don’t – the “best” €5")]
    [InlineData("A&period;B&comma; C &check; &apos;F&apos; &rarr; &lbrack;x&rbrack; &half;", "A.B, C ✓ 'F' → [x] ½")]
    [InlineData("caf&eacute caf&eacute; &#xE9; &#x1F98A; AT&T", "café café é 🦊 AT&T")]
    [InlineData("&amp;amp; &AMP; &lt3 &notit; &notin; &fjlig;", "&amp; & <3 ¬it; ∉ fj")]
    [InlineData("&CounterClockwiseContourIntegral;&ltcc;&lt;c;", "∳⪦<c;")]
    [InlineData("&#x80; &#0; &#xD800; &#x110000; &#99999999999; &#65 &#x41;", "€ \uFFFD \uFFFD \uFFFD \uFFFD A A")]
    [InlineData("&# &#x &; & &unknown; &#;", "&# &#x &; & &unknown; &#;")]
    public void TextsAreResolvedAsBrowsersDo(string text, string resolved) =>
        CharacterReferences.Resolve(text, isAttribute: false).ShouldBe(resolved);

    [Theory]
    [InlineData("?a=1&copy=2&reg=3&lt=4", "?a=1&copy=2&reg=3&lt=4")]
    [InlineData("?a=1&amp;copy=2&copy;&copy", "?a=1&copy=2©©")]
    [InlineData("?a&notit;b&copyright", "?a&notit;b&copyright")]
    public void AnAddressKeepsWhatOnlyLooksLikeAReference(string text, string resolved) =>
        CharacterReferences.Resolve(text, isAttribute: true).ShouldBe(resolved);

    /// <summary>
    /// The HTML standard has 2,125 names with a semicolon; a table that lacks some would not resolve these.
    /// </summary>
    [Fact]
    public void TheTableHasTheNamesOfAllLetters()
    {
        string[] names =
        [
            "Aacute", "bsolhsub", "Cconint", "ddotseq", "epsilon", "fallingdotseq", "gesdotol", "hksearow", "imagpart",
            "jsercy", "kgreen", "lesssim", "mapstoleft", "NotSquareSubset", "operp", "profsurf", "quatint", "rarrtl",
            "scpolint", "tscy", "upsilon", "varsubsetneqq", "wedgeq", "xcirc", "yucy", "zwnj", "Tab", "NewLine", "excl",
            "quot", "num", "dollar", "percnt", "lpar", "rpar", "ast", "plus", "sol", "colon", "semi", "equals", "quest",
            "commat", "lowbar", "grave", "lbrace",
        ];
        foreach (var name in names)
            CharacterReferences.Resolve($"&{name};", isAttribute: false).ShouldNotContain('&', name);
        HtmlEntityProvider.Resolver.GetSymbol("frac12").ShouldBe("½");
    }
}
