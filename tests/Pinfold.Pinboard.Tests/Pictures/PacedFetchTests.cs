using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using Pinfold.Pinboard.Budgets;
using Pinfold.Pinboard.Fetching;
using Pinfold.Pinboard.Pictures;
using Pinfold.Pinboard.Pins;
using Pinfold.Pinboard.Tests.Fetching;
using Pinfold.Pinboard.Tests.Images;
using Pinfold.Sharding;
using Pinfold.Sharding.Following;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Pictures;

/// <summary>However many addresses a person hands in, sites are asked as often as their budget has it.</summary>
public sealed class PacedFetchTests
{
    const int PerMinute = 5;

    static readonly byte[] Photo = Sample.Named("baseline.jpg").Read();

    [Fact]
    public async Task AnImportOfManyLinksIsSpreadOverTimeAndKeepsNobodyElseWaiting()
    {
        var asked = new ConcurrentQueue<string>();
        await using var site = await LoopbackSite.StartAsync(context =>
        {
            asked.Enqueue(context.Request.Path);
            return context.Response.Body.WriteAsync(Photo).AsTask();
        });
        await using var pinboard = await TestPinboard.StartAsync(
            configure: settings => settings.Budget = Budget.Default with { FetchesPerMinute = PerMinute });
        var time = new FakeTimeProvider();
        await using var host = Host(pinboard, site, time);
        var (ann, ben) = await TwoOfOneShardAsync(pinboard);
        await PinManyAsync(pinboard, ann, site, "ann", count: 3 * PerMinute);
        await PinManyAsync(pinboard, ben, site, "ben", count: 1);
        await host.StartAsync();

        // Ben's comes behind all of Ann's, of which most wait. A page that is a picture is asked for twice.
        await UntilAsync(() => Count(asked, "ben") == 2 && Count(asked, "ann") == 2 * PerMinute);
        for (var minute = 2; minute <= 3; minute++)
        {
            Count(asked, "ann").ShouldBe(2 * PerMinute * (minute - 1));
            time.Advance(TimeSpan.FromMinutes(1));
            await UntilAsync(() => Count(asked, "ann") == 2 * PerMinute * minute);
        }
        await host.DrainAsync();
        asked.Count.ShouldBe(2 * ((3 * PerMinute) + 1));
        (await pinboard.Get<PersonalBudgets>().ReadAsync(ann.Id, default)).Usage
            .ShouldBe(new Usage(3L * PerMinute * Photo.Length, 3 * PerMinute));
    }

    [Fact]
    public async Task APictureForWhichThereIsNoRoomIsNotKeptAndItsPinSaysWhy()
    {
        await using var site = await LoopbackSite.StartAsync(
            context => context.Response.Body.WriteAsync(Photo).AsTask());
        await using var pinboard = await TestPinboard.StartAsync(
            configure: settings => settings.Budget = Budget.Default with { BytesMax = Photo.Length + 10 });
        await using var host = Host(pinboard, site, new FakeTimeProvider());
        var ann = await pinboard.AddUserAsync("ann");
        await PinManyAsync(pinboard, ann, site, "ann", count: 1);
        await host.StartAsync();
        await host.DrainAsync();
        await PinManyAsync(pinboard, ann, site, "again", count: 1);
        await host.DrainAsync();

        var page = await pinboard.Store.PageAsync(PinboardModel.UserHasPins, ann.Id, new PageRequest(10));
        var pins = await pinboard.Store.FindManyAsync([.. page.Items.Select(e => e.To)]);
        var (refused, kept) = (pins[0]!.Body.Picture!, pins[1]!.Body.Picture!);
        (kept.State, kept.Bytes).ShouldBe((PictureState.Ready, Photo.Length));
        (refused.State, refused.Hash).ShouldBe((PictureState.Failed, null));
        refused.Problem!.ShouldContain("Delete some pins");
    }

    [Fact]
    public async Task APictureThatCannotBeMadeLeavesNothingAndItsPinSaysWhy()
    {
        var cut = Photo.AsMemory(0, Photo.Length / 2);
        await using var site = await LoopbackSite.StartAsync(context => context.Response.Body.WriteAsync(cut).AsTask());
        await using var pinboard = await TestPinboard.StartAsync();
        await using var host = Host(pinboard, site, new FakeTimeProvider());
        var ann = await pinboard.AddUserAsync("ann");
        await PinManyAsync(pinboard, ann, site, "ann", count: 1);
        (await pinboard.Store.CountAsync(PinboardModel.UserAwaitsPictures, ann.Id)).ShouldBe(1);
        await host.StartAsync();
        await host.DrainAsync();

        var page = await pinboard.Store.PageAsync(PinboardModel.UserHasPins, ann.Id, new PageRequest(10));
        var picture = (await pinboard.Store.GetAsync(page.Items[0].To)).Body.Picture!;
        (picture.State, picture.Hash).ShouldBe((PictureState.Failed, null));
        picture.Problem!.ShouldContain("cut short");
        Directory.GetFiles(pinboard.Get<Installation>().PictureFolder, "*", SearchOption.AllDirectories)
            .ShouldBeEmpty();
        (await pinboard.Store.CountAsync(PinboardModel.UserAwaitsPictures, ann.Id)).ShouldBe(0);
    }

    [Fact]
    public async Task AFetchedPictureIsReadyAndCounted()
    {
        await using var site = await LoopbackSite.StartAsync(
            context => context.Response.Body.WriteAsync(Photo).AsTask());
        await using var pinboard = await TestPinboard.StartAsync();
        await using var host = Host(pinboard, site, new FakeTimeProvider());
        var ann = await pinboard.AddUserAsync("ann");
        await PinManyAsync(pinboard, ann, site, "ann", count: 1);
        await host.StartAsync();
        await host.DrainAsync();
        await pinboard.FollowAsync();

        var page = await pinboard.Store.PageAsync(PinboardModel.UserHasPins, ann.Id, new PageRequest(10));
        var picture = (await pinboard.Store.GetAsync(page.Items[0].To)).Body.Picture!;
        (picture.State, picture.Width, picture.FetchFrom).ShouldBe((PictureState.Ready, 297, site["/ann/0"]));
        var used = Picture.IdOf(picture.Hash!, pinboard.Store.Topology.ShardCount);
        (await pinboard.Store.CountAsync(PinboardModel.PictureHasPins, used)).ShouldBe(1);
    }

    static FollowerHost Host(TestPinboard pinboard, LoopbackSite site, TimeProvider time) =>
        new(pinboard.Store, [
            new PictureFetchFollower(pinboard.PinPictures,
                new UrlFetcher(new GuardedHttp(site.Options, TimeProvider.System), site.Options),
                pinboard.Get<HostRests>(), pinboard.Get<PersonalBudgets>(), new FetchPace(time),
                pinboard.Get<PictureMaker>(), pinboard.Get<SiteIcons>(), TimeProvider.System),
        ], new FollowerOptions());

    static async Task<(TestUser, TestUser)> TwoOfOneShardAsync(TestPinboard pinboard)
    {
        var first = await pinboard.AddUserAsync("person-0");
        for (var i = 1; ; i++)
            if (await pinboard.AddUserAsync($"person-{i}") is var other && other.Id.Shard == first.Id.Shard)
                return (first, other);
    }

    static async Task PinManyAsync(
        TestPinboard pinboard, TestUser owner, LoopbackSite site, string name, int count)
    {
        var board = await pinboard.AddBoardAsync(owner, name);
        await pinboard.Pins.CreateManyAsync(owner.Id, [.. Enumerable.Range(0, count).Select(i =>
            new NewPin(board) { Picture = PinPicture.ToFetch(site[$"/{name}/{i}"]) })], default);
    }

    static int Count(ConcurrentQueue<string> asked, string name) =>
        asked.Count(path => path.StartsWith($"/{name}/", StringComparison.Ordinal));

    static async Task UntilAsync(Func<bool> isSo)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!isSo())
            await Task.Delay(10, limit.Token);
    }
}
