using Microsoft.Extensions.Time.Testing;
using Pinfold.Pinboard.Images;
using Pinfold.Pinboard.Pictures;
using Pinfold.Pinboard.Pins;
using Pinfold.Pinboard.Tests.Images;
using Pinfold.Sharding;
using Shouldly;
using Xunit;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Tests.Pictures;

/// <summary>A picture is made before its pin is.</summary>
public sealed class PictureMakerTests
{
    static readonly byte[] Photo = Sample.Named("baseline.jpg").Read();

    [Fact]
    public async Task WhatWasMadeIsReadyAndItsFollowerCountsItAndMakesItACover()
    {
        await using var pinboard = await TestPinboard.StartAsync();
        var mira = await pinboard.AddUserAsync("mira");
        var picture = await ReceiveAsync(pinboard, mira, Photo);
        (picture.State, picture.Width, picture.Height, picture.Bytes)
            .ShouldBe((PictureState.Ready, 297, 403, Photo.Length));
        picture.Colour.ShouldNotBeNull();
        var board = await pinboard.AddBoardAsync(mira, "Photos");
        var pins = new List<ObjectId<Pin>>();
        for (var i = 0; i < Board.CoversMax + 1; i++)
        {
            // Those that come at once become covers in any order.
            pins.Add(await pinboard.Pins.CreateAsync(mira.Id, new NewPin(board) { Picture = picture }, default));
            await pinboard.FollowAsync();
        }

        (await pinboard.Store.CountAsync(PictureHasPins, Picture.IdOf(
            picture.Hash!, pinboard.Store.Topology.ShardCount))).ShouldBe(pins.Count);
        var covers = (await pinboard.Store.GetAsync(board)).Body.Covers!;
        covers.Count.ShouldBe(Board.CoversMax);
        covers.Select(cover => cover.Pin).ShouldContain(pins[^1], "the newest is one though the board had enough");
    }

    [Fact]
    public async Task NothingStaysOfWhatCannotBeMade()
    {
        await using var pinboard = await TestPinboard.StartAsync();
        var mira = await pinboard.AddUserAsync("mira");
        byte[] grey = [.. Photo[..(Photo.Length / 2)], .. TestImages.JpegEnd];
        (await Should.ThrowAsync<PinfoldException>(() => ReceiveAsync(pinboard, mira, grey)))
            .Kind.ShouldBe(ErrorKind.Invalid);
        Files(pinboard).ShouldBeEmpty();
    }

    [Fact]
    public async Task WhatIsMoreThanAPersonMayKeepIsNotEvenMade()
    {
        await using var pinboard = await TestPinboard.StartAsync(
            configure: settings => settings.Budget = Budget.Default with { BytesMax = Photo.Length - 1 });
        var mira = await pinboard.AddUserAsync("mira");
        (await Should.ThrowAsync<PinfoldException>(() => ReceiveAsync(pinboard, mira, Photo)))
            .Kind.ShouldBe(ErrorKind.LimitExceeded);
        Files(pinboard).ShouldBeEmpty();
    }

    [Fact]
    public async Task WhoIsKilledBeforeThePinLeavesFilesThatAreSwept()
    {
        await using var pinboard = await TestPinboard.StartAsync();
        var mira = await pinboard.AddUserAsync("mira");
        await ReceiveAsync(pinboard, mira, Photo);
        Files(pinboard).ShouldNotBeEmpty();

        (await CollectAsync(pinboard, PictureUses.Grace / 2)).ShouldBe(0, "its pin may still come");
        (await CollectAsync(pinboard, PictureUses.Grace * 2)).ShouldBe(1);
        Files(pinboard).ShouldBeEmpty();
    }

    [Fact]
    public async Task WhatIsUsedIsNotSweptThoughItWasMarkedWhenItCame()
    {
        await using var pinboard = await TestPinboard.StartAsync();
        var mira = await pinboard.AddUserAsync("mira");
        var picture = await ReceiveAsync(pinboard, mira, Photo);
        var board = await pinboard.AddBoardAsync(mira, "Photos");
        await pinboard.Pins.CreateAsync(mira.Id, new NewPin(board) { Picture = picture }, default);
        await pinboard.FollowAsync();
        var before = Files(pinboard).Where(f => Path.GetDirectoryName(f)!.EndsWith("unused") is false).ToList();

        (await CollectAsync(pinboard, PictureUses.Grace * 2)).ShouldBe(0);
        Files(pinboard).ShouldBe(before, ignoreOrder: true);
    }

    static Task<PinPicture> ReceiveAsync(TestPinboard pinboard, TestUser person, byte[] image) =>
        pinboard.Get<PictureMaker>().ReceiveAsync(person.Id, new MemoryStream(image), default);

    static string[] Files(TestPinboard pinboard) => Directory.GetFiles(
        pinboard.Get<Installation>().PictureFolder, "*", SearchOption.AllDirectories);

    static Task<int> CollectAsync(TestPinboard pinboard, TimeSpan later) =>
        new PictureUses(
            pinboard.Store, pinboard.Get<Installation>(), pinboard.Get<ImageFiles>(),
            new FakeTimeProvider(TimeProvider.System.GetUtcNow() + later))
            .CollectAsync(_ => Task.FromResult(true), default);
}
