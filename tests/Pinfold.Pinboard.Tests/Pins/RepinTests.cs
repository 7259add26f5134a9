using Pinfold.Pinboard.Access;
using Pinfold.Pinboard.Blocks;
using Pinfold.Pinboard.Pins;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;
using Shouldly;
using Xunit;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Tests.Pins;

/// <summary>A saved pin keeps where it came from, and is counted there.</summary>
public sealed class RepinTests(PinboardEngines engines) : IClassFixture<PinboardEngines>
{
    public static TheoryData<string> Engines => PinboardEngines.Names;

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task ASaveIsCountedAtThePinThatWasSavedAndAtTheFirst(string engine)
    {
        var pinboard = engines[engine];
        var people = new List<TestUser>();
        for (var i = 0; i < 4; i++)
            people.Add(await pinboard.AddUserAsync($"chain-{i}"));
        var pins = new List<ObjectId<Pin>>
        {
            await pinboard.AddPinAsync(people[0], await pinboard.AddBoardAsync(people[0], "Open"), "First"),
        };
        foreach (var person in people.Skip(1))
            pins.Add(await pinboard.Pins.SaveAsync(
                person.Viewer, pins[^1], await pinboard.AddBoardAsync(person, "Own"), default));
        await pinboard.FollowAsync();

        (await RepinsAsync(pinboard, pins)).ShouldBe([3L, 1L, 1L, 0L]);
        (await pinboard.Store.GetAsync(pins[3])).Body.Origin!.Steps.ShouldBe(
            pins.Take(3).Zip(people).Select(s => new PinStep(s.First, s.Second.Id)));

        var copy = await pinboard.Pins.SaveAsync(
            people[1].Viewer, pins[1], await pinboard.AddBoardAsync(people[1], "Other"), default);
        (await pinboard.Store.GetAsync(copy)).Body.Origin!.Last.Pin.ShouldBe(pins[0], "a copy of one's own");
        await pinboard.Pins.DeleteAsync(people[2].Viewer, pins[2], default);
        await pinboard.FollowAsync();
        (await RepinsAsync(pinboard, [.. pins.Take(2)])).ShouldBe([3L, 0L]);
    }

    [Fact]
    public void TheFirstIsKeptHoweverLongTheWay()
    {
        var origin = default(PinOrigin);
        for (var i = 1; i <= 100; i++)
            origin = PinOrigin.After(origin, Step(i));

        origin!.Steps.Count.ShouldBe(PinOrigin.StepsMax);
        origin.First.ShouldBe(Step(1));
        origin.Steps.Skip(1).ShouldBe(Enumerable.Range(81, 20).Select(Step));

        static PinStep Step(int i) => new(
            Pin.Type.Id(new ObjectId(new ShardId(1), Pin.Type.Number, i)),
            User.Type.Id(new ObjectId(new ShardId(1), User.Type.Number, i)));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task ASaveThatIsSecretIsCountedNowhere(string engine)
    {
        var pinboard = engines[engine];
        var (robin, mira) = (await pinboard.AddUserAsync("robin-hides"), await pinboard.AddUserAsync("mira-hides"));
        var pin = await pinboard.AddPinAsync(mira, await pinboard.AddBoardAsync(mira, "Open"));
        var (secret, open) = (await pinboard.AddBoardAsync(robin, "Secret", isSecret: true),
            await pinboard.AddBoardAsync(robin, "Open"));
        var saved = await pinboard.Pins.SaveAsync(robin.Viewer, pin, secret, default);
        await ShouldCountAsync(0);

        await pinboard.Boards.UpdateAsync(robin.Viewer, secret, "Secret", null, isSecret: false, default);
        await ShouldCountAsync(1);
        await pinboard.Pins.UpdateAsync(robin.Viewer, saved, "", null, null, isSecret: true, secret, default, default);
        await ShouldCountAsync(0);
        await pinboard.Pins.UpdateAsync(robin.Viewer, saved, "", null, null, isSecret: false, open, default, default);
        await ShouldCountAsync(1);

        async Task ShouldCountAsync(long count)
        {
            await pinboard.SettleAsync();
            (await RepinsAsync(pinboard, [pin])).ShouldBe([count]);
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task WhoIsBlockedSavesNothing(string engine)
    {
        var pinboard = engines[engine];
        var (robin, mira) = (await pinboard.AddUserAsync("robin-kept"), await pinboard.AddUserAsync("mira-kept"));
        var pin = await pinboard.AddPinAsync(mira, await pinboard.AddBoardAsync(mira, "Open"));
        var board = await pinboard.AddBoardAsync(robin, "Own");
        await pinboard.Get<BlockService>().BlockAsync(mira.Viewer, robin.Id, default);
        await pinboard.FollowAsync();

        foreach (var act in (Func<Task>[])
            [
                () => pinboard.Pins.SaveAsync(robin.Viewer, pin, board, default),
                () => pinboard.Pins.RefuseUnlessSavableAsync(robin.Viewer, pin, default),
            ])
            (await Should.ThrowAsync<PinfoldException>(act)).ShouldSatisfyAllConditions(
                e => e.Kind.ShouldBe(ErrorKind.Forbidden), e => e.Message.ShouldBe("This pin cannot be saved."));
        (await pinboard.Store.CountAsync(BoardHasPins, board)).ShouldBe(0);
    }

    [Fact]
    public async Task ABoardOfSavedPinsWithAllThatAPinCanHaveIsDeleted()
    {
        var pinboard = engines["SQLite"];
        var (robin, mira) = (await pinboard.AddUserAsync("robin-full"), await pinboard.AddUserAsync("mira-full"));
        var first = await pinboard.AddPinAsync(mira, await pinboard.AddBoardAsync(mira, "Open"));
        var board = await pinboard.AddBoardAsync(robin, "Full");
        var section = await pinboard.Boards.GetOrCreateSectionAsync(board, "Part", default);
        var origin = PinOrigin.After(
            PinOrigin.After(null, new PinStep(first, mira.Id)), new PinStep(first, mira.Id));
        foreach (var part in Enumerable.Range(0, 200).Chunk(50))
            await pinboard.Pins.CreateManyAsync(robin.Id, [.. part.Select(i => new NewPin(board)
            {
                Section = section,
                Picture = new PinPicture(PictureState.Waiting, new string('a', 64), null, 30, 20, null, 7, null),
                Icon = new string('b', 64),
                ImportKey = $"key {i}",
                Origin = origin,
            })], default);

        await pinboard.Boards.DeleteAsync(robin.Viewer, board, default);
        (await pinboard.Store.CountAsync(UserHasPins, robin.Id)).ShouldBe(0);
    }

    static async Task<List<long>> RepinsAsync(TestPinboard pinboard, IReadOnlyList<ObjectId<Pin>> pins)
    {
        var counts = await pinboard.Get<PinCounts>().OfAsync(pins, default);
        return [.. pins.Select(pin => counts[pin].Repins)];
    }
}
