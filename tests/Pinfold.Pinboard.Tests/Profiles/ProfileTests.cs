using System.Runtime.CompilerServices;
using Pinfold.Pinboard.Access;
using Pinfold.Pinboard.Boards;
using Pinfold.Pinboard.Pins;
using Pinfold.Pinboard.Profiles;
using Pinfold.Sharding;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Profiles;

/// <summary>What a profile costs, and that it is never older than the last write.</summary>
public sealed class ProfileTests(ProfileFleet fleet) : IClassFixture<ProfileFleet>
{
    static readonly StrongBox<int> Users = new();

    /// <summary>
    /// A change to a profile, and what is true of the page of the owner and of the others' afterwards.
    /// </summary>
    static readonly Dictionary<string, (Func<Scene, Task> Change,
        Func<ProfilePage, ProfilePage, bool> Holds)> Changes = new()
        {
            ["a pin is made"] =
            (s => s.Pinboard.AddPinAsync(s.Owner, s.Board, "new"), (own, all) =>
                own.PinCount == 2 && own.Pins.Count == 2 && all.Pins[0].Pin.Title == "new"),
            ["a secret pin is made"] =
            (s => s.Pinboard.AddPinAsync(s.Owner, s.Board, "new", isSecret: true), (own, all) =>
                own.Pins.Count == 2 && all.Pins.Count == 1 && all.Boards[0].PinCount == 1),
            ["a pin is changed"] =
            (s => s.UpdatePinAsync("other", isSecret: false), (own, all) =>
                own.Pins[0].Pin.Title == "other" && all.Pins[0].Pin.Title == "other"),
            ["a pin turns secret"] =
            (s => s.UpdatePinAsync("pin", isSecret: true), (own, all) =>
                own.Pins.Count == 1 && all.Pins.Count == 0 && all.Boards[0].PinCount == 0),
            ["a pin is deleted"] =
            (s => s.Pinboard.Pins.DeleteAsync(s.Owner.Viewer, s.Pin, default), (own, all) =>
                own.PinCount == 0 && own.Pins.Count == 0 && all.Pins.Count == 0),
            ["a picture is ready"] =
            (s => s.MakePictureReadyAsync(), (own, all) =>
                new[] { own, all }.All(
                    p => p.Pins[0].Pin.Picture!.State == PictureState.Ready && p.Boards[0].Board.Covers!.Count == 1)),
            ["a board is made"] =
            (s => s.Pinboard.AddBoardAsync(s.Owner, "Another"), (own, all) =>
                own.Boards.Count == 2 && all.Boards[0].Board.Name == "Another"),
            ["a board is renamed"] =
            (s => s.UpdateBoardAsync("Renamed", isSecret: false), (own, all) =>
                own.Boards[0].Board.Name == "Renamed" && all.Boards[0].Board.Name == "Renamed"),
            ["a board turns secret"] =
            (s => s.UpdateBoardAsync("Board", isSecret: true), (own, all) =>
                own.Boards.Count == 1 && all.Boards.Count == 0 && all.Pins.Count == 0),
            ["a board is deleted"] =
            (s => s.Pinboard.Boards.DeleteAsync(s.Owner.Viewer, s.Board, default), (own, all) =>
                own.Boards.Count + own.Pins.Count + all.Boards.Count + all.Pins.Count == 0),
            ["the person is renamed"] =
            (s => s.Pinboard.Users.UpdateProfileAsync(s.Owner.Id, "Mira", "Walks", default), (own, all) =>
                own.User.DisplayName == "Mira" && all.User.About == "Walks"),
        };

    public static TheoryData<string> ChangeNames => [.. Changes.Keys];

    [Fact]
    public async Task AColdProfileIsThreeRoundTripsAtMostAndAWarmOneIsOneToTheCache()
    {
        var few = await AddOwnerAsync(pinsOfEach: 10);
        var many = await AddOwnerAsync(pinsOfEach: 30);
        // Until a follower has confirmed it, a new name is looked up in its claimant's journal too.
        await fleet.Pinboard.FollowAsync();
        await fleet.Pinboard.StopFollowingAsync();

        await ShouldCostAsync(few, pinsOfEach: 10, trips: 3);
        // Two more where titles of boards without pictures have to be read from further down.
        await ShouldCostAsync(many, pinsOfEach: 30, trips: 5);
    }

    async Task<TestUser> AddOwnerAsync(int pinsOfEach)
    {
        var pinboard = fleet.Pinboard;
        var owner = await pinboard.AddUserAsync($"cold{Interlocked.Increment(ref Users.Value)}");
        for (var b = 0; b < 5; b++)
        {
            var board = await pinboard.AddBoardAsync(owner, $"Board {b}", isSecret: b == 3);
            await pinboard.Pins.CreateManyAsync(
                owner.Id, [.. Enumerable.Range(0, pinsOfEach).Select(i => new NewPin(board) { Title = $"{i}" })],
                default);
        }
        return owner;
    }

    async Task ShouldCostAsync(TestUser owner, int pinsOfEach, int trips)
    {
        foreach (var viewer in new[] { owner.Viewer, Viewer.Anybody })
        {
            fleet.ResetCounts();
            var cold = (await ReadAsync(viewer))!;
            fleet.Database.RoundTripCount.ShouldBeLessThanOrEqualTo(trips, string.Join("\n", fleet.Database.Sql));
            (cold.Boards.Count, cold.PinCount).ShouldBe(
                viewer.IsSignedIn ? (5, 5 * pinsOfEach) : (4, 4 * pinsOfEach));
            cold.Boards.ShouldAllBe(b => b.PinCount == pinsOfEach);

            fleet.ResetCounts();
            var warm = (await ReadAsync(viewer))!;
            fleet.Database.RoundTripCount.ShouldBe(0);
            fleet.CacheRoundTrips.ShouldBe(1);
            warm.Pins.Select(p => p.Id).ShouldBe(cold.Pins.Select(p => p.Id));
        }

        Task<ProfilePage?> ReadAsync(Viewer viewer) => viewer.IsSignedIn
            ? fleet.Pinboard.Profiles.FindOwnAsync(viewer, owner.Name, default)
            : fleet.Pinboard.Profiles.FindAsync(viewer, owner.Name, default);
    }

    [Fact]
    public async Task WhoIsNobodyCostsNothingMoreOnceAskedForAndIsThereOnceSignedUp()
    {
        var pinboard = fleet.Pinboard;
        var name = $"later{Interlocked.Increment(ref Users.Value)}";
        (await pinboard.Profiles.FindAsync(Viewer.Anybody, name, default)).ShouldBeNull();
        fleet.ResetCounts();
        (await pinboard.Profiles.FindAsync(Viewer.Anybody, name, default)).ShouldBeNull();
        fleet.Database.RoundTripCount.ShouldBe(0);

        await pinboard.AddUserAsync(name);

        (await pinboard.Profiles.FindAsync(Viewer.Anybody, name, default)).ShouldNotBeNull();
    }

    [Theory, MemberData(nameof(ChangeNames))]
    public Task AChangeIsSeenByTheNextReaderOfTheFleet(string change) => IsSeenAsync(fleet.Pinboard, change);

    [Theory, MemberData(nameof(ChangeNames))]
    public async Task AChangeIsSeenByTheNextReaderOfTheEmbedded(string change)
    {
        await using var pinboard = await TestPinboard.StartAsync();
        await IsSeenAsync(pinboard, change);
    }

    static async Task IsSeenAsync(TestPinboard pinboard, string name)
    {
        var owner = await pinboard.AddUserAsync($"fresh{Interlocked.Increment(ref Users.Value)}");
        var board = await pinboard.AddBoardAsync(owner, "Board");
        var pin = await pinboard.Pins.CreateAsync(owner.Id,
            new NewPin(board) { Title = "pin", Picture = PinPicture.ToFetch("https://a.example/p.jpg") }, default);
        var (change, holds) = Changes[name];
        var (own, all) = await ReadAsync();
        holds(own, all).ShouldBeFalse("before");

        await change(new Scene(pinboard, owner, board, pin));

        (own, all) = await ReadAsync();
        holds(own, all).ShouldBeTrue(name);

        async Task<(ProfilePage Own, ProfilePage All)> ReadAsync() => (
            (await pinboard.Profiles.FindOwnAsync(owner.Viewer, owner.Name, default))!,
            (await pinboard.Profiles.FindAsync(Viewer.Anybody, owner.Name, default))!);
    }

    sealed record Scene(TestPinboard Pinboard, TestUser Owner, ObjectId<Board> Board, ObjectId<Pin> Pin)
    {
        public Task UpdatePinAsync(string title, bool isSecret) =>
            Pinboard.Pins.UpdateAsync(Owner.Viewer, Pin, title, null, null, isSecret, Board, default, default);

        public Task UpdateBoardAsync(string name, bool isSecret) =>
            Pinboard.Boards.UpdateAsync(Owner.Viewer, Board, name, null, isSecret, default);

        public Task MakePictureReadyAsync() => Pinboard.PinPictures.UpdateAsync(Pin, (pin, picture) => pin with
        {
            Picture = picture with { State = PictureState.Ready, Hash = new string('a', 64), Width = 10, Height = 10 },
        }, default);
    }
}
