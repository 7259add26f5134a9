using Pinfold.Pinboard.Pins;
using Pinfold.Sharding;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Pins;

/// <summary>A saved copy has what its saver saw, and nothing that was its owner's to know.</summary>
public sealed class SavedPinTests
{
    const string Link = "https://shown.example/page";
    const string Fetched = "https://internal.example/picture?key=secret";
    const string Problem = "internal.example answered 403.";
    static readonly string Hash = new('a', 64);

    [Fact]
    public async Task AReadyPictureIsSharedWithoutWhereItCameFrom() =>
        (await SaveAsync(Link, new PinPicture(PictureState.Ready, Hash, Fetched, 30, 20, "#112233", 7, Problem)))
            .Picture.ShouldBe(new PinPicture(PictureState.Ready, Hash, null, 30, 20, "#112233", 7, null));

    [Fact]
    public async Task OneThatIsBeingMadeIsMadeForTheCopyToo() =>
        (await SaveAsync(null, PinPicture.Received(Hash, 30, 20, 900) with { FetchFrom = Fetched }))
            .Picture.ShouldBe(PinPicture.Received(Hash, 30, 20, 900));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WhatWasNotReceivedIsLookedForAtTheLinkThatIsShown(bool hasFailed)
    {
        var picture = PinPicture.ToFetch(Fetched);
        if (hasFailed)
            picture = picture with { State = PictureState.Failed, Problem = Problem };
        (await SaveAsync(Link, picture)).Picture.ShouldBe(PinPicture.ToFetch(Link));
        (await SaveAsync(null, picture)).Picture.ShouldBeNull();
    }

    [Fact]
    public async Task AnUploadThatCouldNotBeReadIsABookmarkToOthersAndStaysOne()
    {
        var unread = PinPicture.Received(Hash, 1, 1, 9) with { State = PictureState.Failed, Problem = Problem };
        (await SaveAsync(Link, unread)).Picture.ShouldBeNull();
    }

    static async Task<Pin> SaveAsync(string? link, PinPicture picture)
    {
        await using var pinboard = await TestPinboard.StartAsync();
        var (mira, ida) = (await pinboard.AddUserAsync("mira"), await pinboard.AddUserAsync("ida"));
        var pin = await pinboard.Pins.CreateAsync(
            mira.Id, new NewPin(await pinboard.AddBoardAsync(mira, "Hers"))
            {
                Title = "Title",
                Description = "Words",
                Link = link,
                Picture = picture,
                Tags = ["private"],
                ImportKey = "from a folder of hers",
            }, default);
        var copy = await pinboard.Pins.SaveAsync(
            ida.Viewer, pin, await pinboard.AddBoardAsync(ida, "Theirs"), default);
        var saved = (await pinboard.Store.GetAsync(copy)).Body;
        (saved.Title, saved.Description, saved.Link, saved.Tags, saved.ImportKey)
            .ShouldBe(("Title", "Words", link, null, null));
        return saved;
    }
}
