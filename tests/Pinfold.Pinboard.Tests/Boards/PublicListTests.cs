using Pinfold.Pinboard.Access;
using Pinfold.Pinboard.Pins;
using Pinfold.Sharding;
using Pinfold.Testing;
using Shouldly;
using Xunit;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Tests.Boards;

/// <summary>What everybody may see is listed by itself, and that list is right whatever happens.</summary>
public sealed class PublicListTests(PinboardEngines engines, ITestOutputHelper output) : IClassFixture<PinboardEngines>
{
    const int Writers = 6;

    public static TheoryData<string> Engines => PinboardEngines.Names;

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task EveryListIsExactAfterBoardsTurnedWhilePinsWereMadeAndMoved(string engine)
    {
        var pinboard = engines[engine];
        var seed = Seed.Take(output.WriteLine);
        var owner = await pinboard.AddUserAsync("turning");
        var boards = new List<ObjectId<Board>>();
        var sections = new List<ObjectId<Section>>();
        for (var i = 0; i < 3; i++)
        {
            boards.Add(await pinboard.AddBoardAsync(owner, $"Board {i}", isSecret: i == 2));
            sections.Add(await pinboard.Boards.GetOrCreateSectionAsync(boards[i], "Part", default));
        }
        for (var round = 0; round < 3; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, Writers).Select(w => Task.Run(
                () => WriteAsync(seed.NewRandom((round * 10) + w), Soak.Times(20, 100)))).Append(Task.Run(
                () => TurnAsync(seed.NewRandom((round * 10) + Writers), Soak.Times(12, 60)))));
            await pinboard.FollowAsync();
            var pins = await PinboardAudit.RunAsync(pinboard.Store, owner.Id, boards, sections);
            pins.Count.ShouldBeGreaterThan(0);
        }

        async Task WriteAsync(Random random, int writes)
        {
            var own = new List<ObjectId<Pin>>();
            for (var i = 0; i < writes; i++)
            {
                var (at, isSecret) = (random.Next(boards.Count), random.Next(4) == 0);
                var section = random.Next(2) == 0 ? sections[at] : default;
                if (own.Count > 0 && random.Next(2) == 0)
                    await pinboard.Pins.UpdateAsync(owner.Viewer, own[random.Next(own.Count)], "", null, null,
                        isSecret, boards[at], section, default);
                else
                    own.Add(await pinboard.Pins.CreateAsync(
                        owner.Id, new NewPin(boards[at]) { Section = section, IsSecret = isSecret }, default));
            }
        }

        async Task TurnAsync(Random random, int turns)
        {
            for (var i = 0; i < turns; i++)
            {
                var at = random.Next(boards.Count);
                await pinboard.Boards.UpdateAsync(
                    owner.Viewer, boards[at], $"Board {at}", null, random.Next(2) == 0, default);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task APinThatFoundItsBoardAsItIsNoMoreIsNotMadeThatWay(string engine)
    {
        var pinboard = engines[engine];
        var owner = await pinboard.AddUserAsync("late");
        foreach (var isSecret in (bool[])[false, true])
        {
            var board = await pinboard.AddBoardAsync(owner, "Board", isSecret);
            var late = pinboard.Store.Begin(board.Shard);
            var found = await new PinPlaces(pinboard.Store, owner.Id).RequireAsync(late, [(board, default)], default);
            pinboard.Pins.AddTo(late, owner.Id, new NewPin(board), found[board]);

            await pinboard.Boards.UpdateAsync(owner.Viewer, board, "Board", null, !isSecret, default);

            (await Should.ThrowAsync<PinfoldException>(() => late.CommitAsync())).Kind.ShouldBe(ErrorKind.Conflict);
            await pinboard.AddPinAsync(owner, board);
            await PinboardAudit.RunAsync(pinboard.Store, owner.Id, [board], []);
            await pinboard.Boards.DeleteAsync(owner.Viewer, board, default);
        }
    }

    [Fact]
    public async Task WhatAnEarlierVersionMadeIsListedWhenTheFollowerComesBy()
    {
        await using var pinboard = await TestPinboard.StartAsync();
        var owner = await pinboard.AddUserAsync("earlier");
        var (open, hidden) = (await MakeAsync("Open", isSecret: false), await MakeAsync("Hidden", isSecret: true));

        await pinboard.FollowAsync();

        await PinboardAudit.RunAsync(pinboard.Store, owner.Id, [open, hidden], []);
        var profile = (await pinboard.Profiles.FindAsync(Viewer.Anybody, owner.Name, default))!;
        profile.Boards.Select(b => (b.Board.Name, b.PinCount)).ShouldBe([("Open", 3L)]);
        profile.Pins.Select(p => p.Pin.Title).ShouldBe(["4", "2", "0"], "every other one is secret");

        async Task<ObjectId<Board>> MakeAsync(string name, bool isSecret)
        {
            var first = pinboard.Store.Begin(owner.Id.Shard);
            var board = first.Create(new Board(owner.Id, name, name, null, isSecret, DateTimeOffset.UnixEpoch));
            first.Put(UserHasBoards, owner.Id, board, 0, System.Text.Encoding.UTF8.GetBytes(name));
            await first.CommitAsync();
            var then = pinboard.Store.Begin(owner.Id.Shard);
            for (var i = 0; i < 5; i++)
            {
                var pin = then.Create(new Pin(owner.Id, board.Id, default, $"{i}", null, null, i % 2 == 1,
                    DateTimeOffset.FromUnixTimeMilliseconds(i), null, null, null));
                then.Put(UserHasPins, owner.Id, pin, i);
                then.Put(BoardHasPins, board.Id, pin, i);
            }
            await then.CommitAsync();
            return board.Id;
        }
    }
}
