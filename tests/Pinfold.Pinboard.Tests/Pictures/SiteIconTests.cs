using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using NetVips;
using Pinfold.Pinboard.Fetching;
using Pinfold.Pinboard.Images;
using Pinfold.Pinboard.Pins;
using Pinfold.Pinboard.Tests.Fetching;
using Pinfold.Sharding;
using Shouldly;
using Xunit;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Tests.Pictures;

/// <summary>The icon of a bookmark whose page shows no picture.</summary>
public sealed class SiteIconTests
{
    [Fact]
    public async Task ItIsFetchedOnceForTheBookmarksOfASiteAndGoesWithTheLastOfThem()
    {
        var icons = 0;
        await using var site = await LoopbackSite.StartAsync(async context =>
        {
            if (context.Request.Path == "/icon.png")
            {
                Interlocked.Increment(ref icons);
                await context.Response.Body.WriteAsync(Icon());
                return;
            }
            context.Response.ContentType = "text/html";
            await context.Response.WriteAsync(
                "<title>A page</title><link rel=icon href=/drawing.svg><link rel='shortcut icon' href=/icon.png>");
        });
        await using var pinboard = await StartAsync(site);
        var mira = await pinboard.AddUserAsync("mira");
        var board = await pinboard.AddBoardAsync(mira, "Reading");
        var first = await PinAsync(pinboard, mira, board, site["/one"]);
        var second = await PinAsync(pinboard, mira, board, site["/two"]);
        await FollowAsync(pinboard);

        var one = (await pinboard.Store.GetAsync(first)).Body;
        one.Picture!.State.ShouldBe(PictureState.Failed);
        one.Icon.ShouldNotBeNull();
        (await pinboard.Store.GetAsync(second)).Body.Icon.ShouldBe(one.Icon);
        icons.ShouldBe(1);
        var files = pinboard.Get<ImageFiles>();
        using (var kept = Image.NewFromFile(files.FindRendition(ContentHash.Parse(one.Icon!), 236)!.Path))
            kept.Width.ShouldBe(32);
        (await UsesAsync()).ShouldBe(2);

        // Who saves it has it too; who lets it lead elsewhere, not any more.
        var noor = await pinboard.AddUserAsync("noor");
        var theirs = await pinboard.AddBoardAsync(noor, "Theirs");
        var saved = await pinboard.Pins.SaveAsync(noor.Viewer, first, theirs, default);
        await FollowAsync(pinboard);
        (await UsesAsync()).ShouldBe(3);
        await pinboard.Pins.DeleteAsync(mira.Viewer, first, default);
        await pinboard.Pins.UpdateAsync(
            mira.Viewer, second, "Elsewhere", null, null, isSecret: false, board, default, default);
        await FollowAsync(pinboard);
        (await pinboard.Store.GetAsync(second)).Body.Icon.ShouldBeNull();
        (await pinboard.Store.GetAsync(saved)).Body.Icon.ShouldBe(one.Icon);
        (await UsesAsync()).ShouldBe(1);

        Task<long> UsesAsync() => pinboard.Store.CountAsync(
            PictureHasPins, Picture.IdOf(one.Icon!, pinboard.Store.Topology.ShardCount));
    }

    [Theory]
    [InlineData("this is text")]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg'/>")]
    [InlineData("")]
    public async Task WhatIsNoIconLeavesTheBookmarkWithoutOne(string icon)
    {
        await using var site = await LoopbackSite.StartAsync(context =>
        {
            context.Response.ContentType = context.Request.Path == "/" ? "text/html" : "image/png";
            return context.Response.WriteAsync(
                context.Request.Path == "/" ? "<title>A page</title><link rel=icon href=/icon.png>" : icon);
        });
        await using var pinboard = await StartAsync(site);
        var mira = await pinboard.AddUserAsync("mira");
        var pin = await PinAsync(pinboard, mira, await pinboard.AddBoardAsync(mira, "Reading"), site["/"]);
        await FollowAsync(pinboard);
        var kept = (await pinboard.Store.GetAsync(pin)).Body;
        kept.Icon.ShouldBeNull();
        kept.Picture!.State.ShouldBe(PictureState.Failed);
        kept.Title.ShouldBe("A page");
    }

    /// <summary>What a follower writes is followed too.</summary>
    static async Task FollowAsync(TestPinboard pinboard)
    {
        await pinboard.FollowAsync();
        await pinboard.FollowAsync();
    }

    static Task<TestPinboard> StartAsync(LoopbackSite site) => TestPinboard.StartAsync(
        configure: settings => settings.FetchFromWeb = true,
        replace: services => services.AddSingleton(site.Options));

    static Task<ObjectId<Pin>> PinAsync(
        TestPinboard pinboard, TestUser owner, ObjectId<Board> board, string address) =>
        pinboard.Pins.CreateAsync(
            owner.Id, new NewPin(board) { Link = address, Picture = PinPicture.ToFetch(address) }, default);

    static byte[] Icon()
    {
        Libvips.Restrict();
        using var black = Image.Black(32, 32, 3);
        return black.PngsaveBuffer();
    }
}
