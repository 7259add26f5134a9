using Pinfold.Pinboard.Access;
using Pinfold.Pinboard.Pins;
using Shouldly;
using Xunit;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Tests.Boards;

/// <summary>A board with many pins turns secret, and secret no more.</summary>
public sealed class TurnedBoardTests(PinboardEngines engines) : IClassFixture<PinboardEngines>
{
    public static TheoryData<string> Engines => PinboardEngines.Names;

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task ABoardThatTurnsSecretIsSoAtOnceAndItsPinsLeaveTheListInParts(string engine)
    {
        const int Pins = 330;
        var pinboard = engines[engine];
        var owner = await pinboard.AddUserAsync("thousands");
        var (board, other) = (await pinboard.AddBoardAsync(owner, "Board"), await pinboard.AddBoardAsync(owner, "Old"));
        await pinboard.Pins.CreateAsync(
            owner.Id, new NewPin(other) { CreatedAt = DateTimeOffset.UnixEpoch, Title = "oldest" }, default);
        foreach (var part in Enumerable.Range(0, Pins).Chunk(PinService.PinsPerTransactionMax))
            await pinboard.Pins.CreateManyAsync(
                owner.Id, [.. part.Select(i => new NewPin(board) { Title = "hidden" })], default);

        await pinboard.Boards.UpdateAsync(owner.Viewer, board, "Board", null, isSecret: true, default);

        (await pinboard.Store.CountAsync(UserHasPublicPins, owner.Id)).ShouldBe(Pins + 1, "it is not followed yet");
        var profile = (await pinboard.Profiles.FindAsync(Viewer.Anybody, owner.Name, default))!;
        (profile.BoardCount, profile.PinCount).ShouldBe((1, 1));
        var titles = profile.Pins.Select(p => p.Pin.Title).ToList();
        for (var next = profile.Next; next is not null;)
        {
            var page = await pinboard.Profiles.PinsAsync(Viewer.Anybody, owner.Id, next, default);
            titles.AddRange(page.Pins.Select(p => p.Pin.Title));
            next = page.Next;
        }
        titles.ShouldBe(["oldest"], "the list goes on past what is not to be seen");

        using (var trips = new RoundTrips(pinboard))
        {
            await pinboard.FollowAsync();
            trips.Commits.ShouldBeGreaterThanOrEqualTo(Pins / 100);
        }
        await ShouldListAsync(1);
        await pinboard.Boards.UpdateAsync(owner.Viewer, board, "Board", null, isSecret: false, default);
        await pinboard.FollowAsync();
        await ShouldListAsync(Pins + 1);

        async Task ShouldListAsync(int pins)
        {
            (await pinboard.Store.CountAsync(UserHasPublicPins, owner.Id)).ShouldBe(pins);
            (await pinboard.Profiles.FindAsync(Viewer.Anybody, owner.Name, default))!
                .Pins.Count.ShouldBe(Math.Min(pins, PinPage.Size));
        }
    }
}
