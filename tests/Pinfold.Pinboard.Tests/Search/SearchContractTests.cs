using Pinfold.Pinboard.Search;
using Pinfold.Pinboard.Search.Queries;
using Pinfold.Pinboard.Search.Words;
using Pinfold.Sharding;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Search;

/// <summary>What every search index does, embedded, in Solr and in a cloud. Each test has words and people of its own.
/// </summary>
public sealed class SearchContractTests(SearchEngines engines) : IClassFixture<SearchEngines>
{
    static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    public static TheoryData<string> Engines => SearchEngines.Names;

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task AnOlderNumberNeverReplacesANewer(string engine)
    {
        var test = await TestAsync(engine);
        var id = test.NextId();
        await test.WriteAsync(test.Pin("second", id: id, seq: 20));
        await test.WriteAsync(test.Pin("first", id: id, seq: 10));
        await test.WriteAsync(test.Pin("other", seq: 1), SearchDocument.Gone(test.NextId(), 5));

        (await test.FindAsync("first")).ShouldBeEmpty();
        (await test.FindAsync("second")).ShouldBe([id]);

        await test.WriteAsync(SearchDocument.Gone(id, 30));
        await test.WriteAsync(test.Pin("second", id: id, seq: 29));

        (await test.FindAsync("second")).ShouldBeEmpty("what was deleted does not come back through a late replay");
        await test.WriteAsync(test.Pin("third", id: id, seq: 31));
        (await test.FindAsync("third")).ShouldBe([id]);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task WordsAreFoundAsPeopleMeanThem(string engine)
    {
        var test = await TestAsync(engine);
        var flowers = await test.AddAsync("Wildflowers by the Häuser", "crème brûlée 東京タワー running");
        await test.AddAsync("A kitchen", "nothing of it");

        foreach (var found in (string[])
            ["wildflower", "Haus", "häusern", "HÄUSER", "creme", "brulee", "runs", "wildflwoers", "wildflowrs",
                "wxldflowers", "wildfl", "東京", "タワー", "猫 wildflowers 東京", "\"the hauser\"", "wildflowers -kitchen"])
            (await test.FindAsync(found)).ShouldBe([flowers], found);
        foreach (var none in (string[])
            ["dog", "wldflwrs", "\"hauser the\"", "wildflowers -running", "wildflowers -\"by the\"", "#wildflowers"])
            (await test.FindAsync(none)).ShouldBeEmpty(none);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task WhatIsSaidOfOthersLanguagesIsWordsOnly(string engine)
    {
        var test = await TestAsync(engine);
        var pin = await test.AddAsync("plain words", "and or not");
        var random = Pinfold.Testing.Seed.Take().NewRandom();
        const string signs = "ab*?~^\\/:()[]{}!&|+\"'<>$#@ -,;=\u202E\u6771\ud83d\ude00";
        foreach (var typed in (string[])
            ["*:* OR plain", "plain AND", "title:*", "{!func}at", "plain^9999", "[* TO *]", "plain~0.1", "\\", "$p0",
                "_query_:\"*:*\" plain", "plain) OR (public:1", "plain\"", "+-plain", "plain && words", "/.*/ plain",
                .. Enumerable.Range(0, 60).Select(_ =>
                    string.Concat(Enumerable.Range(0, 12).Select(_ => signs[random.Next(signs.Length)])))])
            try
            {
                await test.FindAsync(typed);
            }
            catch (PinfoldException e)
            {
                e.Kind.ShouldBe(ErrorKind.Invalid, typed);
            }
        (await test.FindAsync("plain")).ShouldBe([pin]);
        (await test.FindAsync("title:plain")).ShouldBeEmpty("it is two words, of which both have to occur");
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task WhatIsSecretIsFoundByItsOwnerAlone(string engine)
    {
        var test = await TestAsync(engine);
        var shown = test.Pin("unicorn", tags: ["seen"]);
        var hidden = test.Pin("unicorn", tags: ["unseen"]) with { IsPublic = false };
        await test.WriteAsync(shown, hidden);

        (await test.FindAsync("unicorn")).ShouldBe([shown.Id]);
        (await test.FindAsync("unicorn", viewer: test.Owner)).ShouldBe([shown.Id, hidden.Id], ignoreOrder: true);
        (await test.HitsAsync("unicorn", withFacets: true)).Facets.Kinds.ShouldBe(
            [new FacetCount<string>(PinKind.Picture, 1)]);
        (await test.Index.FindTagsAsync(test.TagOf("unseen"), default, 5, default)).ShouldBeEmpty();
        (await test.Index.FindTagsAsync(test.TagOf("unseen"), test.Owner, 5, default)).Select(t => t.Count)
            .ShouldBe([1]);
        (await test.Index.FindTagsAsync(test.TagOf("see"), default, 5, default)).Select(t => t.Name)
            .ShouldBe([test.TagOf("seen")]);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task WhatFitsBetterIsPopularOrNewerComesFirst(string engine)
    {
        var test = await TestAsync(engine);
        var old = test.Pin("lantern") with { At = Now.AddYears(-5) };
        var @new = test.Pin("lantern") with { At = Now.AddDays(-1) };
        var loved = test.Pin("lantern") with { At = Now.AddYears(-5), Popularity = 100_000 };
        var titled = test.Pin("lantern lantern") with { At = Now.AddYears(-5), Popularity = 100_000 };
        var typo = test.Pin("lanterm") with { At = Now, Popularity = 1 };
        await test.WriteAsync(old, @new, loved, titled, typo);

        (await test.FindAsync("lantern")).ShouldBe([titled.Id, loved.Id, @new.Id, old.Id, typo.Id]);
        (await test.FindAsync("")).Take(2).ShouldBe([typo.Id, @new.Id], "without words the newest come first");
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task FacetsCountAndFiltersNarrow(string engine)
    {
        var test = await TestAsync(engine);
        var board = test.NextBoard();
        await test.WriteAsync(
            test.Pin("door") with { Colour = "red", Board = board, At = new(2024, 3, 1, 0, 0, 0, TimeSpan.Zero) },
            test.Pin("door") with { Colour = "blue", Kind = PinKind.Link, Board = board },
            test.Pin("door") with { Colour = "blue" });

        var hits = await test.HitsAsync("door", withFacets: true);

        hits.Total.ShouldBe(3);
        hits.Facets.Colours.ShouldBe([new("blue", 2), new("red", 1)]);
        hits.Facets.Years.ShouldBe([new(2026, 2), new(2024, 1)]);
        hits.Facets.Boards[0].ShouldBe(new FacetCount<ObjectId<Board>>(board, 2));
        foreach (var (filter, count) in new (SearchFilter, int)[]
        {
            (new() { Colour = "blue" }, 2), (new() { Kind = PinKind.Link }, 1), (new() { Year = 2024 }, 1),
            (new() { Board = board }, 2), (new() { Board = board, Colour = "blue" }, 1),
        })
            (await test.HitsAsync("door", filter)).Total.ShouldBe(count, $"{filter}");
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task PagesFollowOneAnother(string engine)
    {
        var test = await TestAsync(engine);
        await test.WriteAsync([.. Enumerable.Range(0, 25).Select(i => test.Pin($"stone {i}"))]);

        var pages = new List<ObjectId>();
        for (var offset = 0; offset < 30; offset += 10)
            pages.AddRange((await test.HitsAsync("stone", offset: offset, limit: 10)).Ids);

        pages.Distinct().Count().ShouldBe(25);
        pages.Count.ShouldBe(25);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task TitlesAreFoundByHowTheirWordsBegin(string engine)
    {
        var test = await TestAsync(engine);
        var whole = await test.AddAsync("Garden");
        var longer = await test.AddAsync("Gardening at dusk");
        await test.AddAsync("Dusk", "gardens in the words");

        (await test.FindAsync("garden", inTitlesOnly: true)).ShouldBe([whole, longer]);
        (await test.FindAsync("dus garde", inTitlesOnly: true)).ShouldBe([longer]);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task WhatIsAlikeIsRelated(string engine)
    {
        var test = await TestAsync(engine);
        var pin = test.Pin("red bicycle") with { PerceptualHash = 0xF0F0_1234_5678_9ABC, PictureHash = "aa" };
        var copy = test.Pin("unsaid") with { PerceptualHash = 0xF0F0_1234_5678_9ABC ^ 0b1001_0000_0001 };
        var other = test.Pin("unsaid too") with { PerceptualHash = 0x0123_4567_89AB_CDEF };
        var said = test.Pin("bicycles");
        await test.WriteAsync(pin, copy, other, said);
        var request = new RelatedRequest(
            Pinboard.Pin.Type.Id(pin.Id), [test.Stem("bicycle")], [], pin.PictureHash, pin.PerceptualHash, default);

        (await test.Index.FindRelatedAsync(request, default)).ShouldBe([copy.Id, said.Id], ignoreOrder: true);
        (await test.Index.FindRelatedAsync(request with { OfPictureOnly = true }, default)).ShouldBe([copy.Id]);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task WhatIsThereIsListedByShard(string engine)
    {
        var test = await TestAsync(engine);
        var pins = Enumerable.Range(0, 7).Select(i => test.Pin($"listed {i}")).ToList();
        var gone = SearchDocument.Gone(test.NextId(), 9);
        await test.WriteAsync([.. pins, gone]);
        var listed = new List<IndexedState>();
        var isMore = true;
        while (isMore)
        {
            var after = listed.Count == 0 ? new ObjectId(test.Shard, 1, test.FirstLocal - 1) : listed[^1].Id;
            var page = await test.Target.ListAsync(test.Shard, after, 3, default);
            listed.AddRange(page.Where(state => test.IsOwn(state.Id)));
            isMore = page.Count == 3 && test.IsOwn(page[^1].Id);
        }

        listed.ShouldBe([.. pins.Append(gone).Select(d => new IndexedState(d.Id, d.Seq, d.Digest(), d.IsGone))]);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task PlacesAreKept(string engine)
    {
        var test = await TestAsync(engine);
        var places = new Dictionary<ShardId, FillPlace>
        {
            [new(0)] = new(17, default),
            [new(1)] = new(4, new ObjectId(new ShardId(1), 1, 99)),
        };
        await test.Target.SaveAsync(places, default);

        var kept = await test.Target.PlacesAsync(default);
        places.Keys.ShouldAllBe(shard => kept[shard] == places[shard]);
    }

    async Task<ContractTest> TestAsync(string engine)
    {
        var (target, index) = await engines.ServingAsync(engine);
        return new ContractTest(target, index, Now);
    }
}
