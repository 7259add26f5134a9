using Pinfold.Pinboard.Feeds;
using Pinfold.Pinboard.Follows;
using Pinfold.Pinboard.Pins;
using Pinfold.Sharding;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Feeds;

/// <summary>Feeds in a process's own memory, beside another process that writes.</summary>
public sealed class LocalFeedTests(PinboardEngines engines) : IClassFixture<PinboardEngines>
{
    static readonly TimeSpan LimitMax = TimeSpan.FromSeconds(60);

    [Theory]
    [MemberData(nameof(PinboardEngines.ServerNames), MemberType = typeof(PinboardEngines))]
    public async Task WhatAnotherProcessPinsComesIntoTheFeedsOfThisOne(string engine)
    {
        var here = engines[engine];
        await using var other = await engines.StartAnotherAsync(engine);
        var (ann, ben) = (await here.AddUserAsync("ann"), await here.AddUserAsync("ben"));
        await here.Get<FollowService>().FollowAsync(ann.Viewer, ben.Id, default);
        await here.FollowAsync();
        (await ShownAsync(here, ann)).ShouldBeEmpty();

        var pin = await other.AddPinAsync(ben, await other.AddBoardAsync(ben, "Sea"), "From elsewhere");

        using var limit = new CancellationTokenSource(LimitMax);
        while (!(await ShownAsync(here, ann)).Contains(pin))
            await Task.Delay(20, limit.Token);
        await other.Pins.DeleteAsync(ben.Viewer, pin, default);
        while ((await ShownAsync(here, ann)).Contains(pin))
            await Task.Delay(20, limit.Token);
    }

    [Fact]
    public async Task EachPictureIsShownOnceWhereItIsNewest()
    {
        var pinboard = engines["SQLite"];
        var (cleo, dan) = (await pinboard.AddUserAsync("cleo"), await pinboard.AddUserAsync("dan"));
        await pinboard.Get<FollowService>().FollowAsync(cleo.Viewer, dan.Id, default);
        var board = await pinboard.AddBoardAsync(dan, "Sea");
        var picture = PinPicture.Received(new string('a', 64), 10, 10, 100) with { State = PictureState.Ready };
        var pins = new List<ObjectId<Pin>>();
        for (var i = 0; i < 4; i++)
            pins.Add(await pinboard.Pins.CreateAsync(dan.Id, new NewPin(board)
            {
                Title = $"{i}",
                Picture = i is 0 or 2 ? picture : null,
                CreatedAt = DateTimeOffset.UnixEpoch.AddDays(20_000 + i),
            }, default));

        (await ShownAsync(pinboard, cleo)).ShouldBe([pins[3], pins[2], pins[1]]);
    }

    static async Task<List<ObjectId<Pin>>> ShownAsync(TestPinboard pinboard, TestUser person) =>
        [.. (await pinboard.Get<HomeReader>().ReadAsync(person.Viewer, null, default)).Pins.Select(pin => pin.Pin.Id)];
}
