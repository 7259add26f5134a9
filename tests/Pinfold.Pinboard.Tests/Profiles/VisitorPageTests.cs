using Pinfold.Pinboard.Access;
using Pinfold.Pinboard.Pins;
using Pinfold.Sharding;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Profiles;

/// <summary>A visitor's pages are full of what they may see, and cost what they would if there were nothing
/// else.</summary>
public sealed class VisitorPageTests(PinboardEngines engines) : IClassFixture<PinboardEngines>
{
    const int Public = 60;
    const int Secret = 240;

    public static TheoryData<string> Engines => PinboardEngines.Names;

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task WhatIsSecretNeitherShortensAPageNorEndsTheListNorCostsARoundTrip(string engine)
    {
        var pinboard = engines[engine];
        var (plain, keeper) = (await FilledAsync(pinboard, "plain", 0), await FilledAsync(pinboard, "keeper", Secret));

        var expected = await VisitAsync(pinboard, plain);
        var found = await VisitAsync(pinboard, keeper);

        found.ShouldBe(expected);
        expected.Pages.ShouldBe("profile 50 more 10 board 50 more 10 section 50 more 10");
    }

    [Fact]
    public async Task TheNewestBoardsAreThoseThatTheVisitorMaySee()
    {
        await using var pinboard = await TestPinboard.StartAsync();
        var owner = await pinboard.AddUserAsync("many");
        for (var i = 0; i < 130; i++)
            await pinboard.AddPinAsync(owner, await pinboard.AddBoardAsync(owner, $"Board {i}", isSecret: i >= 65));

        var profile = (await pinboard.Profiles.FindAsync(Viewer.Anybody, owner.Name, default))!;
        profile.Boards.Select(b => b.Board.Name).ShouldBe(Enumerable.Range(5, 60).Reverse().Select(i => $"Board {i}"));
        (profile.BoardCount, profile.PinCount).ShouldBe((65, 65));
        var own = (await pinboard.Profiles.FindOwnAsync(owner.Viewer, owner.Name, default))!;
        (own.Boards[0].Board.Name, own.BoardCount, own.PinCount).ShouldBe(("Board 129", 130, 130));
    }

    /// <summary>Public pins in a section of a public board; of the secret ones many are newer than all of
    /// them.</summary>
    static async Task<TestUser> FilledAsync(TestPinboard pinboard, string name, int secret)
    {
        var owner = await pinboard.AddUserAsync(name);
        var board = await pinboard.AddBoardAsync(owner, "Open");
        var section = await pinboard.Boards.GetOrCreateSectionAsync(board, "Part", default);
        var hidden = secret > 0 ? await pinboard.AddBoardAsync(owner, "Hidden", isSecret: true) : default;
        var pins = Enumerable.Range(0, Public).Select(i => Pin(board, i * 2, isSecret: false))
            .Concat(Enumerable.Range(0, secret).Select(i => i % 3 == 0
                ? new NewPin(hidden) { CreatedAt = At(i) }
                : Pin(board, i, isSecret: true)));
        foreach (var part in pins.Chunk(PinService.PinsPerTransactionMax))
            await pinboard.Pins.CreateManyAsync(owner.Id, part, default);
        return owner;

        NewPin Pin(ObjectId<Board> on, int at, bool isSecret) =>
            new(on) { Section = section, IsSecret = isSecret, CreatedAt = At(at) };

        static DateTimeOffset At(int second) => DateTimeOffset.UnixEpoch.AddSeconds(second);
    }

    static async Task<(string Pages, int Reads)> VisitAsync(TestPinboard pinboard, TestUser owner)
    {
        var (board, section) = await FindAsync(pinboard, owner);
        using var trips = new RoundTrips(pinboard);
        var profile = (await pinboard.Profiles.FindAsync(Viewer.Anybody, owner.Name, default))!;
        profile.Pins.ShouldAllBe(p => !p.Pin.IsSecret);
        (profile.BoardCount, profile.PinCount).ShouldBe((1, Public));
        var pages = $"profile {profile.Pins.Count} more "
            + (await pinboard.Profiles.PinsAsync(Viewer.Anybody, owner.Id, profile.Next, default)).Pins.Count;
        foreach (var (what, of) in new[] { ("board", default), ("section", section) })
        {
            var first = await pinboard.PageAsync(Viewer.Anybody, board, of);
            var next = await pinboard.PageAsync(Viewer.Anybody, board, of, first.Next);
            next.Next.ShouldBeNull();
            pages += $" {what} {first.Pins.Count} more {next.Pins.Count}";
        }
        return (pages, trips.Reads);
    }

    static async Task<(ObjectId<Board>, ObjectId<Section>)> FindAsync(TestPinboard pinboard, TestUser owner)
    {
        var board = (await pinboard.Boards.FindAsync(Viewer.Anybody, owner.Id, "open", default))!.Id;
        return (board, (await pinboard.Boards.ListSectionsAsync(board, default)).Single().Id);
    }
}
