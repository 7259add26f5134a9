using Pinfold.Pinboard.Search;
using Pinfold.Pinboard.Search.Finding;
using Pinfold.Pinboard.Search.Queries;
using Pinfold.Pinboard.Search.Words;
using Pinfold.Sharding;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Search;

public sealed class WordTests
{
    [Theory]
    [InlineData("Crème brûlée, 2 l", "creme brulee 2 l")]
    [InlineData("Straße ÆON Øresund", "strasse aeon oresund")]
    [InlineData("the cat's whiskers, l’été", "the cat whiskers lete")]
    [InlineData("co\u00ADop\u200Ber e\u0301t\u00e9", "cooper ete")]
    [InlineData("ＦＵＬＬ width", "full width")]
    [InlineData("東京タワー tower 猫", "東京 京タ タワ ワー tower 猫")]
    [InlineData("C# & F# -- .NET", "c f net")]
    [InlineData("Ελλάδα Москва", "ελλαδα москва")]
    public void ATextIsItsWords(string text, string words) => IndexedText.WordsOf(text).ShouldBe(words);

    [Theory]
    [InlineData("flowers", "flower")]
    [InlineData("running", "runs")]
    [InlineData("Häuser", "Haus")]
    [InlineData("Blumen", "Blume")]
    [InlineData("Mueller", "Müller")]
    public void InflectedWordsHaveAStemInCommon(string one, string other) =>
        StemsOf(one).Intersect(StemsOf(other)).ShouldNotBeEmpty();

    [Fact]
    public void AWordThatNobodyTypesIsCut() =>
        WordSplitter.Split(new string('x', 5000)).ShouldHaveSingleItem().Form.Length.ShouldBe(Word.LengthMax);

    [Theory]
    [InlineData("#Summer Days", "summer-days", "summer-days")]
    [InlineData("Küche", "küche", "kuche")]
    [InlineData("東京タワー", "東京タワー", "東京タワー")]
    public void ATagHasANameAndAKey(string written, string name, string key) =>
        TagName.Find(written).ShouldBe(new TagName(name, key));

    [Theory]
    [InlineData("")]
    [InlineData("#")]
    [InlineData("!!!")]
    [InlineData("\u202E\u200F")]
    public void WhatHasNoLetterIsNoTag(string written) => TagName.Find(written).ShouldBeNull();

    [Fact]
    public void ATagThatIsTooLongSaysHowLongItIs() =>
        Should.Throw<PinfoldException>(() => TagName.ParseList("ok, " + new string('x', 500)))
            .Message.ShouldContain("500");

    [Fact]
    public void AFieldOfTagsIsReadHoweverTheyAreSeparated() =>
        TagName.ParseList("#Garden, Küche kuche;plants #old-doors,")
            .ShouldBe(["garden", "küche", "plants", "old-doors"]);

    [Theory]
    [InlineData("flowers", "A flower, two Flowers", "A [flower], two [Flowers]")]
    [InlineData("gard", "Gardens and gardeners", "[Gardens] and [gardeners]")]
    [InlineData("flwoers", "Wild flowers", "Wild [flowers]")]
    [InlineData("creme", "Crème brûlée", "[Crème] brûlée")]
    [InlineData("京タワ", "東京タワー", "東[京タワ]ー")]
    [InlineData("x<b>", "a <b> & c", "a <[b]> & c")]
    public void WhatWasLookedForIsMarked(string query, string text, string marked) =>
        string.Concat(new Highlights(SearchQueryParser.Parse(query)).In(text)
            .Select(part => part.IsMarked ? $"[{part.Text}]" : part.Text)).ShouldBe(marked);

    [Theory]
    [InlineData("#d02020", "red")]
    [InlineData("#2040d0", "blue")]
    [InlineData("#208030", "green")]
    [InlineData("#6b4020", "brown")]
    [InlineData("#f8f8f8", "white")]
    [InlineData("#101012", "black")]
    [InlineData("#808488", "grey")]
    [InlineData("blue", null)]
    [InlineData(null, null)]
    public void AColourHasAName(string? colour, string? name) => ColourName.Of(colour).ShouldBe(name);

    [Fact]
    public void PicturesThatAreAlikeShareBands()
    {
        var random = Pinfold.Testing.Seed.Take().NewRandom();
        for (var i = 0; i < 1000; i++)
        {
            var one = (ulong)random.NextInt64(1, long.MaxValue);
            var other = one;
            for (var bit = 0; bit < PictureBands.DistanceMax; bit++)
                other ^= 1UL << random.Next(64);
            PictureBands.Of(one).Intersect(PictureBands.Of(other)).Count()
                .ShouldBeGreaterThanOrEqualTo(PictureBands.CommonMin);
        }
    }

    static IEnumerable<string> StemsOf(string word) => WordSplitter.Split(word).SelectMany(WordStems.Of);
}
