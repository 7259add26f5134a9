using Pinfold.Pinboard.Search.Queries;
using Pinfold.Pinboard.Search.Words;
using Pinfold.Sharding;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Search;

public sealed class SearchQueryParserTests
{
    [Fact]
    public void SignsSayWhatTheirWordsAre()
    {
        var query = SearchQueryParser.Parse("Blue Küche #Home-Office @Robin \"old door\" -tiles -\"wet paint\" "
            + "-#sold board:\"My Garden\" board:plans");

        FormsOf(query.Words).ShouldBe(["blue", "kuche"]);
        query.Tags.ShouldBe(["home-office"]);
        query.Username.ShouldBe("Robin");
        query.Phrases.Select(FormsOf).ShouldBe([(string[])["old", "door"]]);
        query.Excluded.Select(FormsOf).ShouldBe([(string[])["tiles"], ["wet", "paint"]]);
        query.ExcludedTags.ShouldBe(["sold"]);
        FormsOf(query.Board).ShouldBe(["my", "garden", "plans"]);
    }

    [Theory]
    [InlineData("title:secret AND owner:*", "title secret owner")]
    [InlineData("a+b && c || !d", "b c d")]
    [InlineData("{!func}popularity", "func popularity")]
    [InlineData("foo\\* [1 TO 2] x^9 y~3", "foo 1 2 x 9 y 3")]
    [InlineData("_query_:\"{!xmlparser}<a/>\"", "query xmlparser")]
    [InlineData("red* gr?n", "red gr n")]
    [InlineData("\u202Edrow\u202C", "drow")]
    public void WhatIsSyntaxElsewhereIsWordsHere(string typed, string words) =>
        string.Join(' ', FormsOf(SearchQueryParser.Parse(typed).Words)).ShouldBe(words);

    [Theory]
    [InlineData("***")]
    [InlineData("? * !")]
    [InlineData("\u202E\u200F\u200E")]
    [InlineData("\"\"")]
    [InlineData("# @ -")]
    [InlineData("board:")]
    public void WhatHasNoWordSaysSo(string typed) =>
        Should.Throw<PinfoldException>(() => SearchQueryParser.Parse(typed)).Message.ShouldContain("no word");

    [Fact]
    public void WhatIsOnlyNotLookedForSaysSo() =>
        Should.Throw<PinfoldException>(() => SearchQueryParser.Parse("-tiles -#sold"))
            .Message.ShouldContain("add a word");

    [Fact]
    public void TenThousandCharactersAreTooMany() =>
        Should.Throw<PinfoldException>(() => SearchQueryParser.Parse(new string('x', 10_000)))
            .Message.ShouldContain("10000");

    [Fact]
    public void NothingTypedIsNothingAsked() => SearchQueryParser.Parse("  ").IsEmpty.ShouldBeTrue();

    [Fact]
    public void WordsThatSayNothingCountAloneOnly()
    {
        FormsOf(SearchQueryParser.Parse("the house on the hill").Words).ShouldBe(["house", "hill"]);
        FormsOf(SearchQueryParser.Parse("the who").Words).ShouldBe(["the", "who"]);
    }

    [Theory]
    [InlineData("blue doo", true)]
    [InlineData("blue #doo", false)]
    [InlineData("blue \"doo\"", false)]
    [InlineData("blue -doo", false)]
    public void OnlyAWordThatIsStillTypedMayBeABeginning(string typed, bool isOpen) =>
        SearchQueryParser.Parse(typed).IsLastWordOpen.ShouldBe(isOpen);

    [Fact]
    public void WhateverIsTypedIsReadOrRefused()
    {
        var random = Pinfold.Testing.Seed.Take().NewRandom();
        const string signs = "ab #@-\":*?(){}[]^~\\/+&|!\u202E\u00e9\u6771\u4eac\ud83d\ude00\ud800 board:";
        for (var i = 0; i < 5000; i++)
        {
            var typed = string.Concat(
                Enumerable.Range(0, random.Next(40)).Select(_ => signs[random.Next(signs.Length)]));
            try
            {
                SearchQueryParser.Parse(typed).Words.ShouldAllBe(w => w.Form.Length > 0);
            }
            catch (PinfoldException e)
            {
                e.Kind.ShouldBe(ErrorKind.Invalid);
            }
        }
    }

    static string[] FormsOf(IEnumerable<Word> words) => [.. words.Select(w => w.Form)];
}
