using Microsoft.Extensions.Logging.Abstractions;
using Pinfold.Pinboard.Access;
using Pinfold.Pinboard.Comments;
using Pinfold.Pinboard.Likes;
using Pinfold.Pinboard.People;
using Pinfold.Pinboard.Pins;
using Pinfold.Pinboard.Search;
using Pinfold.Pinboard.Search.Finding;
using Pinfold.Pinboard.Search.Indexing;
using Pinfold.Pinboard.Search.Lucene;
using Pinfold.Pinboard.Search.Queries;
using Pinfold.Sharding;
using Pinfold.Sharding.Journal;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Search;

/// <summary>Search as a laptop has it: the index in the data folder, made of what the shards have.</summary>
public sealed class EmbeddedSearchTests : IAsyncLifetime
{
    TestPinboard _pinboard = null!;
    TestUser _robin = null!, _mira = null!;
    ObjectId<Board> _garden;

    public async ValueTask InitializeAsync()
    {
        _pinboard = await TestPinboard.StartAsync();
        (_robin, _mira) = (await _pinboard.AddUserAsync("robin"), await _pinboard.AddUserAsync("mira"));
        _garden = await _pinboard.AddBoardAsync(_robin, "Garden plans");
    }

    public ValueTask DisposeAsync() => _pinboard.DisposeAsync();

    [Fact]
    public async Task APinIsFoundByItsWords()
    {
        var pin = await AddAsync("Wildflowers beside the gate", "Poppies and cornflowers, sown in October");
        await AddAsync("A kitchen in Lisbon", null);

        (await IdsAsync(_mira, "poppy")).ShouldBe([pin]);
        (await IdsAsync(_mira, "gate wildflower")).ShouldBe([pin]);
        (await IdsAsync(_mira, "wildflwoers")).ShouldBe([pin]);
        (await IdsAsync(_mira, "cornfl")).ShouldBe([pin]);
        (await IdsAsync(_mira, "\"the gate\"")).ShouldBe([pin]);
        (await IdsAsync(_mira, "\"gate beside\"")).ShouldBeEmpty();
        (await IdsAsync(_mira, "poppies -october")).ShouldBeEmpty();
        (await IdsAsync(_mira, "board:plans poppies @robin")).ShouldBe([pin]);
        (await IdsAsync(_mira, "poppies @mira")).ShouldBeEmpty();
    }

    [Fact]
    public async Task WhatIsSecretIsFoundByItsOwnerAlone()
    {
        var secret = await AddAsync("Unicorn sketches", null, isSecret: true, tags: ["unicorns"]);
        var hidden = await _pinboard.AddBoardAsync(_robin, "Hideaway", isSecret: true);
        var within = await _pinboard.AddPinAsync(_robin, hidden, "Unicorn cave");

        (await IdsAsync(_robin, "unicorn")).ShouldBe([secret, within], ignoreOrder: true);
        (await IdsAsync(_mira, "unicorn")).ShouldBeEmpty();
        (await FindAsync(Viewer.Anybody, "unicorn")).Total.ShouldBe(0);
        (await FindAsync(_mira.Viewer, "hideaway")).Boards.ShouldBeEmpty();
        (await FindAsync(_robin.Viewer, "hideaway")).Boards.ShouldHaveSingleItem();
        (await _pinboard.Get<SuggestionReader>().FindAsync(_mira.Viewer, "unic", default)).Tags.ShouldBeEmpty();
        (await _pinboard.Get<SuggestionReader>().FindTagsAsync(_robin.Viewer, "unic", 5, default))
            .ShouldBe(["unicorns"]);
    }

    [Fact]
    public async Task AnIndexOfYesterdayShowsNothingThatIsSecretToday()
    {
        var pin = await AddAsync("Lighthouse at dusk", null);
        (await IdsAsync(_mira, "lighthouse")).ShouldBe([pin]);
        await _pinboard.Boards.UpdateAsync(_robin.Viewer, _garden, "Garden plans", null, isSecret: true, default);

        var found = await _pinboard.Get<SearchReader>().FindAsync(
            _mira.Viewer, SearchQueryParser.Parse("lighthouse"), new SearchFilter(), null, default);

        found.Pins.ShouldBeEmpty();
        found.Facets.BoardNames.ShouldBeEmpty();
    }

    [Fact]
    public async Task WhatOthersTakeUpComesFirst()
    {
        var first = await AddAsync("Heron in the reeds", null);
        var second = await AddAsync("Heron in the reeds", null);
        (await IdsAsync(_mira, "heron")).ShouldBe([second, first]);

        await _pinboard.Get<LikeService>().LikeAsync(_mira.Viewer, first, default);
        await _pinboard.Get<CommentService>().AddAsync(_mira.Viewer, first, "So still!", default);
        await _pinboard.FollowAsync("reverses");
        (await IdsAsync(_mira, "heron")).ShouldBe([first, second]);
        await ShouldBeAsTheShardsAsync();

        await _pinboard.Get<LikeService>().UnlikeAsync(_mira.Viewer, first, default);
        await _pinboard.FollowAsync("reverses");
        await ShouldBeAsTheShardsAsync();
    }

    [Fact]
    public async Task APinThatManyTakeUpAtOnceIsWrittenOnce()
    {
        var pin = await AddAsync("Heron in the reeds", null);
        var entries = Enumerable.Range(1, 300).Select(i => new JournalTransaction(
            pin.Shard, i, default, DateTimeOffset.UnixEpoch,
            [
                new JournalEntry(
                    JournalEntryKind.Mapped, pin, PinboardModel.PinLikedByUser.Number,
                    new ObjectId(new ShardId(0), User.Type.Number, i), i),
            ])).ToList();
        entries.ShouldAllBe(t => AffectedObjects.Interests.Concern(t));

        var parts = new List<IReadOnlyList<ObjectId>>();
        await foreach (var part in new AffectedObjects(_pinboard.Store).OfAsync(entries, 400))
            parts.Add(part);
        parts.ShouldHaveSingleItem().ShouldBe([pin.Untyped]);
    }

    [Fact]
    public async Task ABoardThatTurnsTakesItsPinsAlong()
    {
        var pin = await AddAsync("Lighthouse at dusk", null);
        await _pinboard.Boards.UpdateAsync(_robin.Viewer, _garden, "Garden plans", null, isSecret: true, default);
        (await FindAsync(_mira.Viewer, "lighthouse")).Total.ShouldBe(0);
        await _pinboard.Boards.UpdateAsync(_robin.Viewer, _garden, "Orchard", null, isSecret: false, default);

        (await IdsAsync(_mira, "lighthouse")).ShouldBe([pin]);
        (await IdsAsync(_mira, "board:orchard lighthouse")).ShouldBe([pin]);
        (await IdsAsync(_mira, "board:plans lighthouse")).ShouldBeEmpty();
        await ShouldBeAsTheShardsAsync();
    }

    [Fact]
    public async Task WhatIsChangedOrDeletedIsFoundAsItIs()
    {
        var pin = await AddAsync("Old title", null, tags: ["attic"]);
        await _pinboard.Pins.UpdateAsync(
            _robin.Viewer, pin, "New title", null, null, false, _garden, default, default, ["Cellar"]);
        (await IdsAsync(_mira, "old")).ShouldBeEmpty();
        (await IdsAsync(_mira, "#cellar title")).ShouldBe([pin]);
        (await IdsAsync(_mira, "#attic")).ShouldBeEmpty();
        await _pinboard.Pins.DeleteAsync(_robin.Viewer, pin, default);

        (await IdsAsync(_mira, "title")).ShouldBeEmpty();
        await ShouldBeAsTheShardsAsync();
    }

    [Fact]
    public async Task SomebodyWhoIsDisabledIsNotFound()
    {
        (await FindAsync(_robin.Viewer, "mira")).People.ShouldHaveSingleItem();
        await _pinboard.Get<PeopleService>().SetDisabledAsync(_mira.Id, true, default);
        (await FindAsync(_robin.Viewer, "mira")).People.ShouldBeEmpty();
        await _pinboard.Get<PeopleService>().SetDisabledAsync(_mira.Id, false, default);
        (await FindAsync(_robin.Viewer, "mira")).People.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task WhatWasNotSavedBeforeAProcessDiedIsReadAgain()
    {
        await AddAsync("Saved", null);
        await CatchUpAsync();
        var pin = await AddAsync("Written and not saved", null);
        var places = new Dictionary<ShardId, FillPlace>(await Engine.Serving!.PlacesAsync(default));
        await CatchUpAsync();
        // As a process that died leaves it: what came after its last saving is in the index, or is not.
        await Engine.Serving!.SaveAsync(places, default);
        await Engine.CloseAsync();
        await Engine.OpenAsync();

        await Another().CatchUpAsync(default);

        (await IdsAsync(_mira, "written saved")).ShouldContain(pin);
        await ShouldBeAsTheShardsAsync();
    }

    [Fact]
    public async Task AnIndexWhosePlaceInAJournalWasTrimmedIsMadeAnew()
    {
        await CatchUpAsync();
        var places = new Dictionary<ShardId, FillPlace>(await Engine.Serving!.PlacesAsync(default));
        var pin = await AddAsync("Written long ago", null);
        await AddAsync("Written after that", null);
        // As a process that did not run for longer than journals are kept.
        await Engine.Serving!.SaveAsync(places, default);
        await Engine.CloseAsync();
        await new RawShards(_pinboard.Store.Topology).TrimAsync(pin.Shard);
        await Engine.OpenAsync();

        await Another().CatchUpAsync(default);

        (await IdsAsync(_mira, "long ago")).ShouldBe([pin]);
        await ShouldBeAsTheShardsAsync();
    }

    [Fact]
    public async Task AnIndexThatIsGoneIsMadeAnew()
    {
        var pin = await AddAsync("Still here", null);
        await CatchUpAsync();
        await Engine.CloseAsync();
        Directory.Delete(_pinboard.Get<Installation>().SearchFolder, recursive: true);
        await Engine.OpenAsync();

        await Another().CatchUpAsync(default);

        (await IdsAsync(_mira, "still here")).ShouldBe([pin]);
        await ShouldBeAsTheShardsAsync();
    }

    [Fact]
    public async Task WhatDiffersIsToldAndWrittenAnew()
    {
        var pin = await AddAsync("Right", null);
        await CatchUpAsync();
        var verifier = new IndexVerifier(_pinboard.Store, TimeProvider.System) { LooksMax = 1 };
        await Engine.Serving!.WriteAsync([SearchDocument.Gone(pin.Untyped, long.MaxValue >> 1)], default);

        var compared = await verifier.CompareAsync(Engine.Serving!, pin.Shard, default);

        compared.Differences.ShouldBe([new IndexDifference(pin.Untyped, "is not found")]);
    }

    [Fact]
    public async Task FacetsSayOfWhatThereIsMore()
    {
        var kitchen = await _pinboard.AddBoardAsync(_robin, "Kitchen");
        await AddAsync("Blue tiles", null);
        await _pinboard.AddPinAsync(_robin, kitchen, "Blue door");
        await _pinboard.AddPinAsync(_robin, kitchen, "Blue mug");

        var found = await FindAsync(_mira.Viewer, "blue");

        found.Total.ShouldBe(3);
        found.Facets.Counts.Boards.Select(b => (found.Facets.BoardNames[b.Value], b.Count))
            .ShouldBe([("Kitchen", 2), ("Garden plans", 1)]);
        found.Facets.Counts.Kinds.ShouldBe([new FacetCount<string>(PinKind.Link, 3)]);
        (await FindAsync(_mira.Viewer, "blue", new SearchFilter { Board = kitchen })).Total.ShouldBe(2);
    }

    [Fact]
    public async Task WhatIsSaidAlikeIsRelated()
    {
        var one = await AddAsync("Red bicycle at a canal", null, tags: ["bicycles"]);
        var other = await AddAsync("Bicycles in Utrecht", null);
        await AddAsync("Bread", null);
        await CatchUpAsync();

        var (same, like) = await _pinboard.Get<RelatedPins>().FindAsync(
            _mira.Viewer, await _pinboard.Store.GetAsync(one), default);

        same.ShouldBeEmpty();
        like.Select(p => p.Id).ShouldBe([other]);
    }

    [Fact]
    public async Task TheSamePictureIsFoundElsewhere()
    {
        var one = await AddPictureAsync(0xF0F0_1234_5678_9ABC, 'a');
        var copy = await AddPictureAsync(0xF0F0_1234_5678_9ABC ^ 0b1001_0000_0001, 'b');
        await AddPictureAsync(0x0123_4567_89AB_CDEF, 'c');
        await CatchUpAsync();

        var (same, _) = await _pinboard.Get<RelatedPins>().FindAsync(
            _mira.Viewer, await _pinboard.Store.GetAsync(one), default);

        same.Select(p => p.Id).ShouldBe([copy]);
    }

    EmbeddedEngine Engine => _pinboard.Get<EmbeddedEngine>();

    EmbeddedKeeper Another() => new(
        Engine, _pinboard.Store, TimeProvider.System,
        NullLogger<EmbeddedKeeper>.Instance);

    Task CatchUpAsync() => _pinboard.Get<EmbeddedKeeper>().CatchUpAsync(default);

    async Task<SearchPage> FindAsync(Viewer viewer, string words, SearchFilter? filter = null)
    {
        await CatchUpAsync();
        return await _pinboard.Get<SearchReader>().FindAsync(
            viewer, SearchQueryParser.Parse(words), filter ?? new SearchFilter(), null, default);
    }

    async Task<IEnumerable<ObjectId<Pin>>> IdsAsync(TestUser who, string words) =>
        (await FindAsync(who.Viewer, words)).Pins.Select(p => p.Id);

    Task<ObjectId<Pin>> AddAsync(
        string title, string? description, bool isSecret = false, IReadOnlyList<string>? tags = null) =>
        _pinboard.Pins.CreateAsync(_robin.Id, new NewPin(_garden)
        {
            Title = title,
            Description = description,
            IsSecret = isSecret,
            Tags = tags ?? [],
        }, default);

    Task<ObjectId<Pin>> AddPictureAsync(ulong perceptualHash, char file) =>
        _pinboard.Pins.CreateAsync(_robin.Id, new NewPin(_garden)
        {
            Picture = new PinPicture(
                PictureState.Ready, new string(file, 64), null, 100, 100, "#d02020", perceptualHash, null),
        }, default);

    async Task ShouldBeAsTheShardsAsync()
    {
        await CatchUpAsync();
        foreach (var shard in Enumerable.Range(0, _pinboard.Store.Topology.ShardCount).Select(i => new ShardId(i)))
            (await new IndexVerifier(_pinboard.Store, TimeProvider.System)
                .CompareAsync(Engine.Serving!, shard, default)).Differences.ShouldBeEmpty();
    }
}
